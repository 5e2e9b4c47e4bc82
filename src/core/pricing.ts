/** What a reply cost. */
export interface Cost {
  /** Millionths of a US dollar, whole. */
  readonly microUsd: number;
  /** `config`: the user's own price. Otherwise the name of the price list. */
  readonly source: 'config' | 'genai-prices';
}
