import type { Usage } from './usage.ts';

/** What a reply cost. */
export interface Cost {
  /** Millionths of a US dollar, whole; rounded up, so that many small calls never count as nothing. */
  readonly microUsd: number;
  readonly source: PriceSource;
}

/** `config`: the user's own price. Otherwise the name of the price list. */
export type PriceSource = 'config' | 'genai-prices';

/** What one model costs. */
export interface Tariff {
  readonly source: PriceSource;
  /** Micro-dollars of a reply that used `usage`. */
  costOf(usage: Usage): number;
  /** Micro-dollars that no reply to a request of this size exceeds: without discounts, each token at the dearest rate it may have. */
  boundOf(size: CallSize): number;
}

/** How many tokens a call may use. */
export interface CallSize {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What models cost. Answers at once from what is loaded; null when no price is known. */
export interface PriceBook {
  /** `now`: clock milliseconds; some prices change with the time of day. */
  tariffOf(provider: string, model: string, now: number): Tariff | null;
  /** Resolves when nothing is left to be loaded. Undefined when nothing is. Never rejects. */
  load(): Promise<void> | undefined;
}
