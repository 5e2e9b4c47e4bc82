/** What one owner of a budget spent, as it is kept over restarts. */
export interface SpendEntry {
  /** `client`, `target 1f0c`, `client metadata.team=red`. Holds no secret. */
  readonly owner: string;
  /** `month Europe/Berlin`, `rolling 3600000`. */
  readonly period: string;
  /** Whole micro-dollars. */
  readonly micro: number;
  /** Clock milliseconds. */
  readonly at: number;
}

/** Where budgets keep what was spent. Its methods are called one at a time, `read` first. */
export interface SpendStore {
  /** Everything kept, in any order; amounts of one owner and period add up. */
  read(): Promise<readonly SpendEntry[]>;
  /** Keeps `entries` beside those there are. */
  append(entries: readonly SpendEntry[]): Promise<void>;
  /** Keeps `entries` in place of all there are, as a whole or not at all. */
  replace(entries: readonly SpendEntry[]): Promise<void>;
  close?(): Promise<void>;
}
