/** What a virtual key may be used for, as whoever keeps it says. */
export interface KeyTerms {
  readonly usage?: KeyUsage | undefined;
  readonly rates: readonly KeyRate[];
  /** Milliseconds since the epoch; from then on the key counts as one that cannot be resolved. */
  readonly expiresAt?: number | undefined;
}

/** What all calls with a key may cost, or how many tokens they may use. */
export interface KeyUsage {
  readonly of: 'cost' | 'tokens';
  /** US dollars, or tokens of prompts and replies. */
  readonly amount: number;
  /** From this amount on one warning is told in each period. */
  readonly alertAt?: number | undefined;
  /** Calendar weeks (Monday) or months, UTC; absent: once and for all. */
  readonly reset?: 'weekly' | 'monthly' | undefined;
}

/** So much of a quantity in any window of that length. */
export interface KeyRate {
  readonly of: 'requests' | 'tokens';
  readonly limit: number;
  readonly perMs: number;
}
