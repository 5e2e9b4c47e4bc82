import type { MiddlewareHandler } from 'hono';
import { apiError } from '../../core/errors/api-error.ts';
import type { Gateway } from '../gateway.ts';
import type { ServerEnv } from '../server-env.ts';

/** Turns requests away while too many are in flight. Throws an `APIError` (503). */
export function limitConcurrency({ exchanges, settings }: Gateway): MiddlewareHandler<ServerEnv> {
  const { concurrency } = settings.limits;
  return (c, next) => {
    // This request is among them.
    if (exchanges.inFlight <= concurrency) return next();
    c.get('exchange').responseHeaders['retry-after'] = '1';
    const message = `The server has ${concurrency} requests in flight, as many as it takes. Try again in 1 s.`;
    throw apiError({ status: 503, kind: 'capacity', type: 'overloaded_error', code: 'server_busy', message });
  };
}
