import type { Limit, LimitSet } from '../../core/limit.ts';
import { maxConcurrency, rateLimit } from '../../routing/middleware/index.ts';
import { createWindowMeter, type WindowMeter } from '../../routing/state/window-meter.ts';
import type { IssuedKey } from './issued-key.ts';

/** The limits of one key that hold for whole requests, whoever is asked and however often. */
export interface KeyLimits extends LimitSet {
  /** What each of `binding` allows, for people: 2 of `requests a minute`. */
  readonly allowed: readonly { readonly what: string; readonly amount: number }[];
}

/** What a key used, whatever its limits are: they may change. */
export interface KeyUse {
  readonly requests: WindowMeter;
  readonly tokens: WindowMeter;
  /** Calls under way. */
  readonly places: { readonly id: string; readonly inFlight: 0; held: number };
}

const minuteMs = 60_000;
const minute = { perMs: minuteMs, windowMs: minuteMs, mode: 'enforce', guards: 'this key' } as const;

/** Nothing used yet. `id` names the key in every process. */
export function emptyUse(id: string): KeyUse {
  return {
    requests: createWindowMeter(minuteMs),
    tokens: createWindowMeter(minuteMs),
    places: { id: `key ${id}`, inFlight: 0, held: 0 },
  };
}

/** The limits of `key` over what it used. */
export function keyLimits(key: IssuedKey, { requests, tokens, places }: KeyUse): KeyLimits {
  const { max_parallel_requests: parallel, rpm_limit: rpm, tpm_limit: tpm } = key;
  const all: { readonly what: string; readonly amount: number; readonly limit: Limit }[] = [];
  if (parallel !== undefined) {
    const limit = maxConcurrency(parallel, { path: 'this key', state: places, mode: 'enforce' });
    all.push({ what: 'requests at once', amount: parallel, limit });
  }
  if (rpm !== undefined) {
    const limit = rateLimit({ ...minute, of: 'requests', limit: rpm, key: `${places.id} requests` }, requests);
    all.push({ what: 'requests a minute', amount: rpm, limit });
  }
  if (tpm !== undefined) {
    const limit = rateLimit({ ...minute, of: 'tokens', limit: tpm, key: `${places.id} tokens` }, tokens);
    all.push({ what: 'tokens a minute', amount: tpm, limit });
  }
  return { binding: all.map(({ limit }) => limit), steering: [], allowed: all };
}
