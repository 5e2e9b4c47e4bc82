import { didYouMean } from '../../core/did-you-mean.ts';
import { ConfigNotFoundError } from '../../core/errors/config-error.ts';
import type { EventSink } from '../../core/events.ts';
import { type Clock, systemClock } from '../../core/runtime.ts';
import { createOutage, type Outage } from '../../routing/middleware/index.ts';
import { publicReason } from '../../vault/bounded.ts';
import { lookupCache } from '../../vault/lookup-cache.ts';
import { checkConfigId } from './config-id.ts';
import { configListeners } from './config-listeners.ts';
import type { ConfigSource, FoundConfig } from './config-source.ts';
import { polledKeys } from './polled-keys.ts';

/**
 * Remembers what a slow source answered (see `lookupCache`): one lookup for callers at the same time, old answers given while they
 * are refreshed, the last good config kept through failures with one `warning` event of code `config_reload` for each outage. A first
 * lookup that fails rejects with a `ConfigNotFoundError` of the caller's own.
 *
 * Listeners hear of a config that a refresh found changed or gone, and of what the source itself reports. A refresh
 * happens on demand, with `pollMs` also by itself: a config that nobody has asked for in a while is not watched.
 */
export function cachedConfigs(source: ConfigSource, options: CachedConfigsOptions = {}): CachedConfigs {
  const { clock = systemClock, events, ttlMs = 60_000 } = options;
  const { subscribe, notify } = configListeners(events);
  const { outage = createOutage() } = options;
  const cache = lookupCache<FoundConfig>({
    async look(id) {
      const found = await source.get(id);
      outage.ends();
      return found;
    },
    onRefreshed(id, found, previous) {
      if (found === undefined || !isSame(found, previous)) notify(id);
    },
    onRefreshFailed(id, error) {
      if (!outage.begins()) return;
      const message = `Config "${id}" ${problemOf(id, error)} The last good one is kept.`;
      events?.emit('warning', { code: 'config_reload', message });
    },
    clock,
    ttlMs,
    staleMs: options.staleMs ?? 10 * 60_000,
    negativeTtlMs: options.negativeTtlMs ?? 5000,
    maxEntries: options.maxEntries ?? 1000,
  });
  source.subscribe?.((id) => {
    cache.expire(id);
    notify(id);
  });
  const polled = options.pollMs === undefined ? undefined : polledKeys(cache, clock, options.pollMs);
  return {
    async get(id) {
      checkConfigId(id);
      polled?.use(id);
      try {
        return await cache.get(id);
      } catch (error) {
        // An error of its own for every caller: it is later marked with that caller's trace.
        const hint = didYouMean(id, source.ids?.() ?? []);
        throw new ConfigNotFoundError(id, problemOf(id, error) + hint, causeOf(error));
      }
    },
    subscribe,
    close: () => polled?.stop(),
    ...(source.ids === undefined ? {} : { ids: () => source.ids?.() ?? [] }),
  };
}

/** See {@link cachedConfigs}. */
export interface CachedConfigs extends ConfigSource {
  /** Looks for changes by itself no longer. */
  close(): void;
}

/** How a {@link cachedConfigs} behaves. */
export interface CachedConfigsOptions {
  readonly clock?: Clock;
  /** Hears `warning` events of code `config_reload`. */
  readonly events?: EventSink;
  /** How long an answer counts as new. Default 60 s. */
  readonly ttlMs?: number;
  /** How much longer an old answer is given at once while it is refreshed. Default 10 minutes. */
  readonly staleMs?: number;
  /** How long "there is none" is remembered. Default 5 s. */
  readonly negativeTtlMs?: number;
  /** IDs remembered at most. Default 1000. */
  readonly maxEntries?: number;
  /** Configs asked for in the last ten minutes are looked up anew this often; absent: on demand only. */
  readonly pollMs?: number;
  /** Shared with who else finds out that the source is gone. */
  readonly outage?: Outage;
}

function isSame(a: FoundConfig, b: FoundConfig): boolean {
  if (a.version !== undefined && b.version !== undefined) return a.version === b.version;
  return JSON.stringify(a.config) === JSON.stringify(b.config);
}

/** What a source said, without the `Config "…"` its errors begin with; of foreign errors no more than is safe. */
function problemOf(id: string, error: unknown): string {
  const beginning = `Config "${id}" `;
  if (!(error instanceof ConfigNotFoundError)) return `could not be looked up: ${publicReason(error)}.`;
  return error.message.startsWith(beginning) ? error.message.slice(beginning.length) : error.message;
}

function causeOf(error: unknown): unknown {
  return error instanceof ConfigNotFoundError && error.cause !== undefined ? error.cause : error;
}
