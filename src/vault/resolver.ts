import type { Credentials } from '../core/credentials.ts';
import { VirtualKeyError } from '../core/errors/vault-errors.ts';
import type { EventSink } from '../core/events.ts';
import { type Clock, systemClock } from '../core/runtime.ts';
import type { Vault } from '../core/vault.ts';
import { bounded, publicReason } from './bounded.ts';
import { keepIfSame } from './keep-if-same.ts';
import { lookupCache } from './lookup-cache.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import { slugProblem } from './slug.ts';
import { readVirtualKey, type VirtualKeyFields } from './virtual-key-fields.ts';

/**
 * A vault over a function of the user's: a secret manager, a database. Answers are remembered (see `lookupCache`), so the
 * function is not asked per request; a key changed at its source is seen after `ttlMs`.
 *
 * Rejects with `VirtualKeyError` when the function throws, does not answer in time, or answers what is no virtual key. When that
 * happens to a refresh, the last credentials are kept and a `warning` event says so.
 */
export function resolverVault(resolve: VirtualKeyResolver, options: ResolverVaultOptions): Vault {
  const { clock = systemClock, timeoutMs = 10_000, ttlMs = 5 * 60_000 } = options;
  const cache = lookupCache<Credentials>({
    async look(slug, previous) {
      const fields = await bounded((signal) => resolve(slug, { signal }), timeoutMs, clock);
      if (fields === undefined || fields === null) return undefined;
      return keepIfSame(previous, readAnswer(fields, options.providers));
    },
    onRefreshFailed(slug, error) {
      options.events?.emit('warning', {
        code: 'vault',
        message: `${problem(slug, error)} The last credentials are kept.`,
      });
    },
    clock,
    ttlMs,
    staleMs: ttlMs,
    negativeTtlMs: options.negativeTtlMs ?? 5000,
    maxEntries: options.maxEntries ?? 1000,
  });
  return {
    mayLimit: true,
    get(slug) {
      if (slugProblem(slug) !== undefined) return undefined;
      const answer = cache.get(slug);
      // Every caller gets an error of its own: the error is later marked with that caller's target and trace.
      return answer instanceof Promise ? answer.catch((error) => refuse(slug, error)) : answer;
    },
  };
}

/**
 * Looks a slug up: its fields, or undefined (or null) when there are none. `signal` aborts when the time is up.
 */
export type VirtualKeyResolver = (
  slug: string,
  options: { readonly signal: AbortSignal },
) => VirtualKeyFields | null | undefined | Promise<VirtualKeyFields | null | undefined>;

/** How a {@link resolverVault} behaves. */
export interface ResolverVaultOptions {
  readonly providers: ProviderDirectory;
  /** Hears `warning` events of code `vault`. */
  readonly events?: EventSink;
  readonly clock?: Clock;
  /** Default 5 minutes. For as long again an old answer is given while it is refreshed. */
  readonly ttlMs?: number;
  /** How long "there is none" is remembered. Default 5 s. */
  readonly negativeTtlMs?: number;
  /** How long the function may take. Default 10 s. */
  readonly timeoutMs?: number;
  /** Slugs remembered at most. Default 1000. */
  readonly maxEntries?: number;
}

/** The function answered, but not with a virtual key. The message holds no value. */
class UnusableAnswer extends Error {}

function readAnswer(fields: unknown, providers: ProviderDirectory): Credentials {
  const reading = readVirtualKey(fields, 'answer', providers);
  if (reading.credentials !== undefined) return reading.credentials;
  throw new UnusableAnswer(reading.issues.map((issue) => `${issue.path} ${issue.message}`).join('; '));
}

function refuse(slug: string, error: unknown): never {
  throw new VirtualKeyError(problem(slug, error), error);
}

function problem(slug: string, error: unknown): string {
  return error instanceof UnusableAnswer
    ? `Virtual key "${slug}": the resolver's answer cannot be used: ${error.message}.`
    : `Virtual key "${slug}": the resolver failed: ${publicReason(error)}.`;
}
