import type { Clock } from '../core/runtime.ts';

const firstBackoffMs = 1000;
const maxBackoffMs = 60_000;

/**
 * Remembers what a slow lookup found, by key.
 *
 * - Callers at the same time share one lookup.
 * - For `ttlMs` an answer is given at once; for `staleMs` more it is still given at once, while one lookup refreshes it behind
 *   the callers' backs; after that callers wait for the refresh.
 * - A failed refresh keeps the last answer and is tried again on demand after 1, 2, 4, … 60 s; until one succeeds nobody waits.
 * - A failed first lookup rejects, and that is remembered too, for at most `negativeTtlMs`: a sick source is not asked by every request.
 * - "There is none" is remembered for `negativeTtlMs`, also where there was an answer before.
 * - At most `maxEntries` keys are remembered; the one unused for longest goes first.
 *
 * There are no timers: an unused cache costs nothing and holds no process open.
 */
export function lookupCache<Found>(options: LookupCacheOptions<Found>): LookupCache<Found> {
  const entries = new Map<string, Entry<Found>>();
  return {
    get(key) {
      const entry = entries.get(key) ?? { ...neverLookedUp };
      // Inserted anew at every use: a Map keeps the order of insertion, so the first key is the one unused for longest.
      entries.delete(key);
      entries.set(key, entry);
      evict(entries, options.maxEntries);
      return answer(key, entry, options);
    },
    refresh(key) {
      const entry = entries.get(key);
      if (entry?.found === undefined) return;
      entry.pending ??= refresh(key, entry, options).finally(() => {
        entry.pending = undefined;
      });
    },
    expire(key) {
      const entry = entries.get(key);
      // A new entry, so that a lookup on its way, which may have read what was there before, answers only those who wait for it.
      if (entry !== undefined) entries.set(key, { found: entry.found, ...neverLookedUp, isExpired: true });
    },
  };
}

/** See {@link lookupCache}. */
export interface LookupCache<Found> {
  /** What `key` stands for; undefined when there is none. Answers at once when it can. Rejects with the error of the lookup itself. */
  get(key: string): Found | undefined | Promise<Found | undefined>;
  /** Looks `key` up anew behind the callers' backs, where it was found before. */
  refresh(key: string): void;
  /** Has the next caller wait for a new lookup of `key`. When this fails, the last answer is still kept. */
  expire(key: string): void;
}

/** How a {@link lookupCache} behaves. */
export interface LookupCacheOptions<Found> {
  /** Looks `key` up. `previous` is the last answer. Must end: the cache sets no limit of time. */
  readonly look: (key: string, previous: Found | undefined) => Promise<Found | undefined>;
  readonly clock: Clock;
  readonly ttlMs: number;
  readonly staleMs: number;
  readonly negativeTtlMs: number;
  readonly maxEntries: number;
  /** A refresh failed and the last answer is kept. Must not throw; nor must `onRefreshed`. */
  readonly onRefreshFailed?: (key: string, error: unknown) => void;
  /** A refresh succeeded; `found` is undefined when there is none any more. Not called after `expire`: who called that knows. */
  readonly onRefreshed?: (key: string, found: Found | undefined, previous: Found) => void;
}

interface Entry<Found> {
  found?: Found | undefined;
  /** Set while the first lookup has failed and is not yet to be tried again. */
  failure?: { readonly error: unknown } | undefined;
  validUntil: number;
  /** When `found` was looked up. */
  foundAt: number;
  failures: number;
  isExpired?: boolean;
  pending?: Promise<void> | undefined;
}

const neverLookedUp = { validUntil: Number.NEGATIVE_INFINITY, foundAt: Number.NEGATIVE_INFINITY, failures: 0 };

function answer<Found>(key: string, entry: Entry<Found>, options: LookupCacheOptions<Found>) {
  const now = options.clock.now();
  if (now < entry.validUntil) return outcome(entry);
  entry.pending ??= refresh(key, entry, options).finally(() => {
    entry.pending = undefined;
  });
  const isServable = entry.failures > 0 || now < entry.foundAt + options.ttlMs + options.staleMs;
  if (entry.found !== undefined && isServable) return entry.found;
  return entry.pending.then(() => outcome(entry));
}

function outcome<Found>(entry: Entry<Found>): Found | undefined | Promise<never> {
  return entry.failure === undefined ? entry.found : Promise.reject(entry.failure.error);
}

/** Never rejects: what came of it is in the entry. */
async function refresh<Found>(key: string, entry: Entry<Found>, options: LookupCacheOptions<Found>): Promise<void> {
  const previous = entry.found;
  try {
    succeed(entry, await options.look(key, previous), options);
  } catch (error) {
    fail(entry, error, options);
    if (previous !== undefined) options.onRefreshFailed?.(key, error);
    return;
  }
  if (previous !== undefined && entry.isExpired !== true) options.onRefreshed?.(key, entry.found, previous);
  entry.isExpired = false;
}

function succeed<Found>(entry: Entry<Found>, found: Found | undefined, options: LookupCacheOptions<Found>): void {
  const now = options.clock.now();
  const ttlMs = found === undefined ? options.negativeTtlMs : options.ttlMs;
  Object.assign(entry, { found, failure: undefined, failures: 0, foundAt: now, validUntil: now + ttlMs });
}

function fail(
  entry: Entry<unknown>,
  error: unknown,
  options: Pick<LookupCacheOptions<unknown>, 'clock' | 'negativeTtlMs'>,
) {
  const hasAnswer = entry.found !== undefined;
  // Without an answer to give, each second of waiting is a second of failures: the source is asked again soon.
  const longestMs = hasAnswer ? maxBackoffMs : options.negativeTtlMs;
  const waitMs = Math.min(longestMs, firstBackoffMs * 2 ** entry.failures);
  entry.failures += 1;
  entry.validUntil = options.clock.now() + waitMs;
  entry.failure = hasAnswer ? undefined : { error };
}

function evict(entries: Map<string, unknown>, maxEntries: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= maxEntries) return;
    entries.delete(key);
  }
}
