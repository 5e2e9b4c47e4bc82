import type { Demand } from '../../core/limit.ts';
import { amountOf, type Quantity } from './quantity.ts';

/** What a provider last said of its own limits: when it wants to be asked again, and how much it has left until when. */
export interface UpstreamGate {
  /** Clock milliseconds from which `demand` should be let in: not after `now` when it may go now. */
  readyAt(demand: Demand, now: number): number;
  /** The provider asked to wait until then; the later time counts. */
  closeUntil(time: number, now: number): void;
  /** The provider said what it has left. */
  note(readings: readonly QuotaReading[], now: number): void;
  /** A call goes out: what it needs is no longer left. */
  spend(demand: Demand): void;
  /** Clock milliseconds until which the provider asked to wait; undefined when that is over. */
  closedUntil(now: number): number | undefined;
}

/** How much of one quantity a provider has left. */
export interface QuotaReading {
  readonly of: Quantity;
  readonly remaining: number;
  /** All there is; undefined when it does not say. */
  readonly limit?: number | undefined;
  /** Clock milliseconds when all of it is there again. */
  readonly fullAt: number;
}

/** No word of a provider is believed for longer: what it says may be wrong, and a call now and then finds out. */
const longestTrustMs = 600_000;

/** What is left, and how it comes back. */
interface Quota {
  readonly of: Quantity;
  remaining: number;
  readonly limit: number | undefined;
  readonly fullAt: number;
  readonly notedAt: number;
}

/** An open gate: nothing was said. */
export function createUpstreamGate(): UpstreamGate {
  let closedUntil = 0;
  let quotas: readonly Quota[] = [];
  return {
    readyAt(demand, now) {
      let at = closedUntil;
      for (const quota of quotas) if (quota.fullAt > now) at = Math.max(at, backAt(quota, demand));
      return at;
    },
    closeUntil(time, now) {
      closedUntil = Math.max(closedUntil, Math.min(time, now + longestTrustMs));
    },
    note(readings, now) {
      if (readings.length === 0) return;
      quotas = readings.map((reading) => ({
        of: reading.of,
        remaining: reading.remaining,
        limit: reading.limit,
        fullAt: Math.min(reading.fullAt, now + longestTrustMs),
        notedAt: now,
      }));
    },
    spend(demand) {
      for (const quota of quotas) quota.remaining -= amountOf(quota.of, demand);
    },
    closedUntil: (now) => (closedUntil > now ? closedUntil : undefined),
  };
}

/** When as much is left as `demand` needs. Quotas fill up evenly (token buckets, as OpenAI and Anthropic document theirs); where the whole is not known it is there at the end. */
function backAt({ of, remaining, limit, fullAt, notedAt }: Quota, demand: Demand): number {
  const missing = amountOf(of, demand) - remaining;
  if (missing <= 0) return 0;
  const used = limit === undefined ? 0 : limit - remaining;
  if (limit === undefined || missing >= used) return fullAt;
  return notedAt + (missing / used) * (fullAt - notedAt);
}
