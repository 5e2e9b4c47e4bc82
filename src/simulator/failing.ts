import type { Failing, FailureKind, Faults } from './behaviour.ts';
import type { Failure } from './formats/wire-format.ts';

/** Status usual for a kind of failure, where a provider has no other. */
export const usualStatus: Readonly<Record<FailureKind, number>> = {
  invalid_request: 400,
  context_window: 400,
  content_policy: 400,
  auth: 401,
  billing: 402,
  permission: 403,
  not_found: 404,
  timeout: 408,
  too_large: 413,
  unprocessable: 422,
  rate_limit: 429,
  server: 500,
  overloaded: 503,
};

/** The failure that `behaviour` asks for instead of a reply; undefined when it asks for none. */
export function configuredFailure(behaviour: Failing & Faults, streams: boolean): Failure | undefined {
  const { status, error } = behaviour;
  const retryAfterMs = retryMs(behaviour.retryAfter);
  if (status !== undefined && status >= 400) return { kind: error ?? kindOf(status), status, retryAfterMs };
  if (behaviour.errorIn200) return { kind: error ?? 'server', retryAfterMs };
  const later = streams && behaviour.errorEventAt !== undefined;
  return error === undefined || later ? undefined : { kind: error, retryAfterMs };
}

/** Headers for `retryAfter`, flat. */
export function retryHeaders(retryAfter: NonNullable<Failing['retryAfter']>): readonly string[] {
  if (typeof retryAfter === 'object') return ['retry-after-ms', String(retryAfter.ms)];
  return ['retry-after', String(retryAfter)];
}

function kindOf(status: number): FailureKind {
  return kinds[status] ?? (status >= 500 ? 'server' : 'invalid_request');
}

const kinds: Readonly<Record<number, FailureKind>> = {
  401: 'auth',
  402: 'billing',
  403: 'permission',
  404: 'not_found',
  408: 'timeout',
  413: 'too_large',
  422: 'unprocessable',
  429: 'rate_limit',
  503: 'overloaded',
  529: 'overloaded',
};

function retryMs(retryAfter: Failing['retryAfter']): number | undefined {
  if (typeof retryAfter === 'number') return retryAfter * 1000;
  return typeof retryAfter === 'object' ? retryAfter.ms : undefined;
}
