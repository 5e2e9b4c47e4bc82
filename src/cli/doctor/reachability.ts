import { Credentials } from '../../core/credentials.ts';
import { APIError } from '../../core/errors/api-error.ts';
import { toBaseUrl } from '../../providers/hosts/base-url.ts';
import { findProvider } from '../../providers/hosts/index.ts';
import { customHostOf } from '../../providers/hosts/settings.ts';
import type { Check } from './check.ts';

/** Who is to be reached, and where; `problem` where the address cannot be made. */
export interface Place {
  readonly provider: string;
  readonly url?: string;
  readonly problem?: string;
}

/** Where a provider is asked with these credentials. */
export function placeOf(credentials: Credentials): Place {
  const provider = findProvider(credentials.provider);
  if (provider === undefined) return { provider: credentials.provider, problem: 'unknown provider' };
  const { name, baseUrl } = provider;
  try {
    const { settings } = credentials;
    const target = { endpoint: 'chat/completions', model: '', stream: false, settings, credentials } as const;
    const official = typeof baseUrl === 'string' ? baseUrl : baseUrl(target);
    const custom = customHostOf(settings);
    return { provider: name, url: custom === undefined ? official : toBaseUrl(custom, official) };
  } catch (error) {
    if (error instanceof APIError) return { provider: name, problem: error.message };
    throw error;
  }
}

/** Where a provider is asked of which nothing but the name is known. */
export function placeOfProvider(provider: string): Place {
  return placeOf(new Credentials({ provider }));
}

/** Asks each place once, without key and body, so that no token is spent. Any answer is a good one. */
export async function checkReachability(places: readonly Place[], timeoutMs: number): Promise<readonly Check[]> {
  const different = [...new Map(places.map((place) => [`${place.provider} ${place.url}`, place])).values()];
  return Promise.all(different.map((place) => reach(place, timeoutMs)));
}

async function reach({ provider, url, problem }: Place, timeoutMs: number): Promise<Check> {
  const about = { area: 'reachability', name: provider } as const;
  if (url === undefined) return { ...about, status: 'warning', detail: problem ?? 'no address' };
  const startedAt = performance.now();
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { status, body } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal });
    await body?.cancel();
    const ms = Math.round(performance.now() - startedAt);
    return { ...about, status: 'ok', detail: `${url} answers (${status}) in ${ms} ms` };
  } catch (error) {
    return { ...about, status: 'failed', detail: `${url}: ${why(error, timeoutMs)}` };
  }
}

function why(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string')
      return `${stages[code] ?? (code.includes('CERT') ? 'TLS' : 'connection')} failed (${code})`;
  }
  return String(error);
}

const stages: Readonly<Record<string, string>> = {
  ENOTFOUND: 'DNS',
  EAI_AGAIN: 'DNS',
  ECONNREFUSED: 'TCP',
  ETIMEDOUT: 'TCP',
  EHOSTUNREACH: 'TCP',
  ENETUNREACH: 'TCP',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS',
};
