import { type APIError, apiError } from '../../core/errors/api-error.ts';

/** 401: the key's time is over. */
export function expired(expires: number): APIError {
  const message = `This key expired at ${new Date(expires).toISOString()}. Ask for another one.`;
  return apiError({ status: 401, kind: 'auth', type: 'expired_key', code: 'expired_key', message });
}

/** 401: whoever runs the server has blocked the key. */
export function blocked(): APIError {
  const message = 'This key is blocked. Ask whoever runs the server.';
  return apiError({ status: 401, kind: 'auth', type: 'key_blocked', code: 'key_blocked', message });
}

/** 403: what the key is not for. */
export function denied(message: string, param: string | null = 'model'): APIError {
  const type = 'key_model_access_denied';
  return apiError({ status: 403, kind: 'auth', type, code: type, param, message });
}

/** 429 with `Retry-After`: the key has had its share of a minute, or its places are taken. `readyInMs` is Infinity where nobody knows. */
export function overLimit(what: string, limit: number, readyInMs: number): APIError {
  const seconds = Math.max(1, Math.ceil(Number.isFinite(readyInMs) ? readyInMs / 1000 : 1));
  return apiError({
    status: 429,
    kind: 'rate_limit',
    type: 'rate_limit_error',
    code: 'key_rate_limit',
    message: `This key may have ${limit} ${what}. Nothing was sent. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
  });
}
