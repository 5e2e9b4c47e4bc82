import { ConfigNotFoundError } from '../../core/errors/config-error.ts';
import { type Clock, systemClock } from '../../core/runtime.ts';
import { bounded, publicReason } from '../../vault/bounded.ts';
import { checkConfigId } from './config-id.ts';
import type { ConfigSource } from './config-source.ts';
import { readFound, UnusableConfig } from './read-found.ts';

/**
 * A source over a function of the user's, asked at every `get`: wrap it in `cachedConfigs`. Rejects with
 * `ConfigNotFoundError` when the function throws, does not answer in time, or answers what is no config.
 */
export function resolverConfigs(resolve: ConfigResolver, options: ResolverConfigsOptions = {}): ConfigSource {
  const { clock = systemClock, timeoutMs = 10_000 } = options;
  return {
    async get(id) {
      checkConfigId(id);
      try {
        const answer = await bounded((signal) => resolve(id, { signal }), timeoutMs, clock);
        return answer === undefined || answer === null ? undefined : readFound(answer);
      } catch (error) {
        const what = error instanceof UnusableConfig ? `The resolver's answer ${error.message}` : reasonOf(error);
        throw new ConfigNotFoundError(id, `could not be looked up. ${what}.`, error);
      }
    },
  };
}

/**
 * Looks a config up by ID: the config (an object, or JSON text of it), `{config, version, name}`, or undefined (or null)
 * when there is none. `signal` aborts when the time is up.
 */
export type ConfigResolver = (id: string, options: { readonly signal: AbortSignal }) => unknown;

/** How a {@link resolverConfigs} behaves. */
export interface ResolverConfigsOptions {
  readonly clock?: Clock;
  /** How long the function may take. Default 10 s. */
  readonly timeoutMs?: number;
}

function reasonOf(error: unknown): string {
  return `The resolver failed: ${publicReason(error)}`;
}
