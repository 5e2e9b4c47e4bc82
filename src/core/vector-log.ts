/** Vectors of semantic caches that several processes share, as a log that each of them reads on from where it was. */
export interface VectorLog {
  /** Adds a record for the others; may forget the oldest ones of its space. A promise is waited for. */
  append(space: string, record: VectorRecord): unknown;
  /** Records of `space` after `cursor`, oldest first; the newest ones when there is no cursor yet. A bounded number at a time. */
  since(space: string, cursor: string | undefined): Promise<VectorPage>;
}

/** A vector, and what it leads to. */
export interface VectorRecord {
  readonly key: string;
  readonly vector: Float32Array;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Records, and the cursor behind the last one; undefined while there is none at all. */
export interface VectorPage {
  readonly records: readonly VectorRecord[];
  readonly cursor: string | undefined;
}
