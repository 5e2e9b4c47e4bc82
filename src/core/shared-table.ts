/** Small texts by name that processes share, and each holds whole: what is made over admin calls. Everything rejects when nobody answers. */
export interface SharedTable {
  /** Changes with every change of an entry; empty when there has been none, also because all was lost. What stands before the `:` changes only then. */
  version(): Promise<string>;
  all(): Promise<ReadonlyMap<string, string>>;
  get(name: string): Promise<string | undefined>;
  /** `onlyNew`: leaves alone what is there. */
  put(entries: ReadonlyMap<string, string>, options?: { readonly onlyNew?: boolean }): Promise<void>;
  remove(names: readonly string[]): Promise<void>;
  /** Adds whole amounts to the fields of a counter, which is forgotten `ttlMs` after its last change. */
  add(counter: string, amounts: ReadonlyMap<string, number>, ttlMs: number): Promise<void>;
  /** The fields of a counter; those that were never added to are absent. */
  amounts(counter: string): Promise<ReadonlyMap<string, number>>;
}
