import { CapacityError } from '../../core/errors/routing-errors.ts';
import type { Demand, Limit, Reservation } from '../../core/limit.ts';
import type { Usage } from '../../core/usage.ts';
import { amountOf, type Quantity } from '../state/quantity.ts';
import type { WindowMeter } from '../state/window-meter.ts';

/** So much of a quantity in any window of that length. */
export interface RateLimitPolicy {
  readonly of: Quantity;
  /** Infinity: only counted. */
  readonly limit: number;
  /** Milliseconds, without the safety margin. */
  readonly perMs: number;
  /** Milliseconds, with the safety margin: as long as what was sent counts. */
  readonly windowMs: number;
  readonly mode: 'steer' | 'enforce' | 'queue';
  /** What it guards, for people: a path, or a quota group. */
  readonly guards: string;
  /** What names the quantity in every process; without secrets. */
  readonly key: string;
}

/**
 * A limit over a sliding window of one's own sends: no window of that length ever holds more. A request counts from when it is sent; of
 * tokens the estimate is reserved, and the real number takes its place when the reply ends. A reply that nothing bounds is taken
 * for as much as there is room for.
 */
export function rateLimit(policy: RateLimitPolicy, meter: WindowMeter): Limit {
  const { of, limit, perMs, windowMs, mode, guards, key } = policy;
  const needed = (demand: Demand) => neededOf(of, demand, limit);
  return {
    readyAt: (demand, now) => meter.readyAt(needed(demand), limit, now),
    fitsEver: (demand) => needed(demand) <= limit,
    reserve: (demand, now) => new Held(of, meter, needed(demand), now),
    refusal: (demand, now) => refusal(policy, meter, needed(demand), now),
    room: (demand, now) => Math.max(0, Math.floor((limit - meter.used(now)) / Math.max(1, needed(demand)))),
    usedShare: (now) => meter.used(now) / limit,
    claim: (demand) =>
      Number.isFinite(limit)
        ? { key, amount: needed(demand), limit, windowMs, amountOf: (usage) => usedOf(of, usage) }
        : undefined,
    snapshot(now) {
      if (!Number.isFinite(limit)) return undefined;
      const used = meter.used(now);
      const resetAt = meter.emptyAt(now);
      const remaining = Math.max(0, limit - used);
      return { of, perMs, limit, used, remaining, mode, guards, ...(resetAt === undefined ? {} : { resetAt }) };
    },
  };
}

/** A class: closures would cost more than all else that a limit does. */
class Held implements Reservation {
  readonly #of: Quantity;
  readonly #meter: WindowMeter;
  readonly #amount: number;
  readonly #entry: number;

  constructor(of: Quantity, meter: WindowMeter, amount: number, now: number) {
    this.#of = of;
    this.#meter = meter;
    this.#amount = amount;
    this.#entry = meter.add(amount, now);
  }

  settle(usage: Usage | undefined, now: number): void {
    // An estimate of ours knows no better than what was reserved.
    const isKnown = usage !== undefined && usage.estimated !== true;
    const used = isKnown ? usedOf(this.#of, usage) : this.#amount;
    if (used !== this.#amount) this.#meter.change(this.#entry, used - this.#amount, now);
  }

  refund(now: number): void {
    this.#meter.change(this.#entry, -this.#amount, now);
  }
}

/** A guess must not keep out what may well fit. */
function neededOf(of: Quantity, demand: Demand, limit: number): number {
  if (of === 'requests' || of === 'input_tokens' || !demand.isOutputGuessed) return amountOf(of, demand);
  const beside = of === 'tokens' ? demand.inputTokens : 0;
  return beside + Math.min(demand.outputTokens, Math.max(0, limit - beside));
}

/** Tokens read from a prompt cache do not count as input (Anthropic, "Rate limits", cache-aware ITPM); they do towards a limit of all tokens. */
function usedOf(of: Quantity, { promptTokens, completionTokens, cachedTokens = 0 }: Usage): number {
  switch (of) {
    case 'requests':
      return 1;
    case 'tokens':
      return promptTokens + completionTokens;
    case 'input_tokens':
      return Math.max(0, promptTokens - cachedTokens);
    case 'output_tokens':
      return completionTokens;
  }
}

function refusal(policy: RateLimitPolicy, meter: WindowMeter, needed: number, now: number): CapacityError {
  const { of, limit, perMs, guards } = policy;
  const what = of.replace('_', ' ');
  const name = of.replace('_', '-');
  const rate = `${limit} ${what} per ${durationText(perMs)}`;
  if (needed > limit) {
    const message = `The call needs about ${needed} ${what}, more than the rate_limit of ${guards}, ${rate}, ever allows.`;
    return new CapacityError({ code: 'rate_limit_too_small', message, readyInMs: undefined });
  }
  const used = meter.used(now);
  return new CapacityError({
    code: 'rate_limit',
    message: `The rate_limit of ${guards}, ${rate}, is used up: ${used} used, ${needed} needed.`,
    readyInMs: meter.readyAt(needed, limit, now) - now,
    headers: {
      [`x-ratelimit-limit-${name}`]: String(limit),
      [`x-ratelimit-remaining-${name}`]: String(Math.max(0, limit - used)),
      [`x-ratelimit-reset-${name}`]: durationText((meter.emptyAt(now) ?? now) - now),
    },
  });
}

/** As OpenAI writes it in its headers: `120ms`, `1s`, `6m0s`, `1h0m0s`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const units = ['h', 'm', 's'];
  const from = parts.findIndex((part) => part > 0);
  return parts.map((part, index) => (index < from ? '' : `${part}${units[index]}`)).join('');
}
