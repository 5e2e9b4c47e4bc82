import type { Pricing } from '../../observe/pricing/own-price.ts';

/**
 * `budget` of a node: what the calls below it may cost. Before a call is sent the most it can cost is put aside, when its reply has ended
 * the real cost takes its place: what was spent exceeds the amount by no more than calls cost beyond what was put aside for them, which is
 * nothing while replies keep to `max_tokens`. For a call that names none the target's `max_output_tokens` is put aside, else a reply of usual
 * length, 1024 tokens. A call that ended without anybody knowing what it used (a timeout, a reply that cannot be read) costs what was put aside.
 */
export interface BudgetConfig {
  /** What may be spent within a period, in `currency`; 0 allows only what costs nothing. */
  readonly amount: number;
  /** `USD` (default), or one that the client's `currencyRates` holds. */
  readonly currency?: string;
  /** `day`, `week`, `month`, `year`, or a length such as `1h`, `30d`. */
  readonly period: string;
  /**
   * `calendar`: begins anew with each day, week (Monday), month or year in `timezone`. `rolling`: counts the time up to now, where what
   * was spent is forgotten a sixtieth of the period at a time; a month is 30 days, a year 365. Default: `calendar`, for a length `rolling`.
   */
  readonly reset?: 'calendar' | 'rolling';
  /** IANA name, for `calendar`. Default `UTC`. */
  readonly timezone?: string;
  /**
   * A budget for each value of this, in place of one for all: `provider`, `virtual_key`, `model`, or `metadata.` and a key. Requests
   * without a value share one budget, so that leaving it out is no way around. `tag`, which needs `of`: for calls whose `tags` hold that one.
   */
  readonly by?: string;
  /** Only for this value of `by`, in place of the entry without `of`. */
  readonly of?: string;
  /** A model whose price nobody knows: `refuse` (default) it with `UnknownPriceError`, or let it pass as `free`. */
  readonly unpriced?: 'refuse' | 'free';
  /** In place of the node's `on_exhausted`. */
  readonly on_exhausted?: OnExhausted;
}

/**
 * What happens to a call that a budget has no room for: `skip` (default) passes over the target, so that a fallback or loadbalance goes on;
 * `reject` ends the request. Either way the error is a `BudgetExceededError` (429, `budget_exceeded`).
 */
export type OnExhausted = 'skip' | 'reject';

/** Fields of a node that concern money and size. */
export interface MoneyFields {
  /** One budget or several, all of which a call must fit. */
  readonly budget?: BudgetConfig | readonly BudgetConfig[];
  /** What happens to a call that a budget of this node has no room for. Default `skip`. */
  readonly on_exhausted?: OnExhausted;
  /** Target only: what its models cost, or another model of the price list that costs the same, as `provider/model`. */
  readonly pricing?: Pricing | string;
  /**
   * Target only: tokens of its context window. A prompt that cannot fit beside the reply it asks for (`max_tokens`) passes over the target
   * before anything is sent. Prompts are estimated, so only one that is clearly too long does. A provider that counts the reply apart has
   * room for both together: give the sum.
   */
  readonly max_input_tokens?: number;
  /** Target only: tokens of its longest reply. A request that asks for more passes over it. */
  readonly max_output_tokens?: number;
}
