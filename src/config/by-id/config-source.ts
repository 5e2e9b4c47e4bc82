/**
 * Where configs are found by ID. A source may be asked for another ID while it answers one: configs name each other by `{ref: id}`.
 */
export interface ConfigSource {
  /**
   * The config behind `id`; undefined when there is none. Rejects with `ConfigNotFoundError` for an ID that cannot be one,
   * and when the lookup itself failed (the error is its cause).
   */
  get(id: string): Promise<FoundConfig | undefined>;
  /** Calls `listener` with the ID of every config that changed, appeared or went. The returned function ends that. */
  subscribe?(listener: ConfigListener): () => void;
  /** IDs known, for did-you-mean; absent where they cannot be listed. */
  ids?(): readonly string[];
}

/** A config as found: not yet checked. */
export interface FoundConfig {
  readonly config: unknown;
  /** Changes whenever the config does; undefined where the source has none. */
  readonly version?: string;
  /** For people. */
  readonly name?: string;
}

/** Told the ID of a config that changed. */
export type ConfigListener = (id: string) => void;
