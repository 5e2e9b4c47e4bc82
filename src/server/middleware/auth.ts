import type { MiddlewareHandler } from 'hono';
import { apiError } from '../../core/errors/api-error.ts';
import type { Exchange } from '../exchange.ts';
import type { Gateway } from '../gateway.ts';
import { checkUsable } from '../keys/key-admission.ts';
import type { KeyOwner, KeyRing } from '../keys/key-ring.ts';
import type { ServerEnv } from '../server-env.ts';

/**
 * Lets in who shows one of the server's keys; everybody where there are none. What other key came along is the provider's.
 * Throws an `AuthenticationError` (401).
 */
export function auth({ keys, runtime }: Pick<Gateway, 'keys' | 'runtime'>): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const exchange = c.get('exchange');
    await identify(exchange, keys);
    if (!keys.isEmpty && exchange.owner === undefined) {
      exchange.responseHeaders['www-authenticate'] = 'Bearer';
      throw unknownKey();
    }
    const issued = exchange.owner?.issued;
    if (issued !== undefined) checkUsable(issued, runtime.clock.now());
    await next();
  };
}

/** Lets in who shows the admin key; where there is none, who may use the server. Throws 401 or `PermissionDeniedError` (403). */
export function adminOnly(keys: KeyRing): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const { owner } = c.get('exchange');
    if (keys.hasAdmin && owner?.isAdmin !== true) throw adminNeeded(keys);
    await next();
  };
}

/**
 * For what changes the server or tells of others: lets in who shows the admin key, and everybody where nobody needs a key. Throws 403, also
 * where there are keys but none for administration.
 */
export function administrators(keys: KeyRing): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    if (!keys.isEmpty && c.get('exchange').owner?.isAdmin !== true) throw adminNeeded(keys);
    await next();
  };
}

function adminNeeded({ hasAdmin }: KeyRing) {
  const message = hasAdmin
    ? 'This needs the admin key of the server.'
    : 'This needs an admin key, and the server has none: whoever runs it can set one (MODELMUX_ADMIN_KEY).';
  return apiError({ status: 403, kind: 'auth', type: 'permission_error', code: 'admin_key_required', message });
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
