import type { MiddlewareHandler } from 'hono';
import { apiError } from '../../core/errors/api-error.ts';
import type { Exchange } from '../exchange.ts';
import type { KeyOwner, KeyRing } from '../keys/key-ring.ts';
import type { ServerEnv } from '../server-env.ts';

/**
 * Lets in who shows one of the server's keys; everybody where there are none. What other key came along is the provider's.
 * Throws an `AuthenticationError` (401).
 */
export function auth(keys: KeyRing): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const exchange = c.get('exchange');
    await identify(exchange, keys);
    if (!keys.isEmpty && exchange.owner === undefined) {
      exchange.responseHeaders['www-authenticate'] = 'Bearer';
      throw unknownKey();
    }
    await next();
  };
}

/** Lets in who shows the admin key; where there is none, who may use the server. Throws 401 or `PermissionDeniedError` (403). */
export function adminOnly(keys: KeyRing): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const { owner } = c.get('exchange');
    if (keys.hasAdmin && owner?.isAdmin !== true) {
      const message = 'This needs the admin key of the server.';
      throw apiError({ status: 403, kind: 'auth', type: 'permission_error', code: 'admin_key_required', message });
    }
    await next();
  };
}

/** Where clients put a gateway's key: Portkey's, OpenAI's, Anthropic's, Azure's. The first that is a key of ours is taken. */
const places = ['x-portkey-api-key', 'authorization', 'x-api-key', 'api-key'] as const;

async function identify(exchange: Exchange, keys: KeyRing): Promise<void> {
  let owner: KeyOwner | undefined;
  for (const place of places) {
    const token = tokenAt(exchange, place);
    if (token === undefined) continue;
    const found = keys.isEmpty ? undefined : keys.ownerOf(token);
    const foundOwner = found instanceof Promise ? await found : found;
    if (foundOwner !== undefined) owner ??= foundOwner;
    // A key of ours is never handed on to a provider.
    else if (place !== 'x-portkey-api-key') exchange.providerKey ??= token;
  }
  exchange.owner = owner;
}

function tokenAt({ headers }: Exchange, place: (typeof places)[number]): string | undefined {
  const value = headers[place]?.trim();
  if (value === undefined || value === '') return undefined;
  if (place !== 'authorization') return value;
  return /^Bearer\s+(\S+)$/i.exec(value)?.[1];
}

function unknownKey() {
  return apiError({
    status: 401,
    kind: 'auth',
    type: 'authentication_error',
    code: 'invalid_api_key',
    message: 'This server needs one of its keys, as x-portkey-api-key, Authorization: Bearer, x-api-key or api-key.',
  });
}
