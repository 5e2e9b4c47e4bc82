/** Data of a shape of its own. */
export interface RecordPart {
  /** Undefined: what is stored stays as it is. */
  snapshot(): unknown;
  restore(value: unknown): void;
  /** Somebody else has written this since. Absent: what is known here stands. */
  follow?(value: unknown): void;
}
