import { processEnvironment } from '../../config/process-environment.ts';
import { apiError } from '../../core/errors/api-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { readJson } from '../body/read-body.ts';
import { deliverJson } from '../deliver.ts';
import type { Gateway } from '../gateway.ts';
import { type IssuedKey, readKeyWish } from '../keys/issued-key.ts';
import { administrators } from '../middleware/auth.ts';
import type { ServerContext } from '../server-env.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * LiteLLM's `/key/generate`, `/key/info`, `/key/delete`, `/key/list`, for whoever has the admin key; a key may ask about itself.
 * Source: LiteLLM documentation, "Virtual Keys".
 */
export const litellmKeys: RouteGroup = (app, gateway) => {
  const admin = administrators(gateway.keys);
  const named = (c: ServerContext) => {
    c.get('exchange').endpoint = 'admin';
  };
  app.post('/key/generate', admin, async (c) => {
    named(c);
    return deliverJson(c, await generate(await readJson(c, gateway.settings), gateway));
  });
  app.get('/key/info', async (c) => {
    named(c);
    return deliverJson(c, await info(c, gateway));
  });
  app.get('/key/list', admin, (c) => {
    named(c);
    return deliverJson(c, { keys: gateway.issuedKeys.all.all().map((key) => shownOf(key, gateway)) });
  });
  app.post('/key/delete', admin, async (c) => {
    named(c);
    return deliverJson(c, { deleted_keys: await remove(await readJson(c, gateway.settings), gateway) });
  });
};

async function generate(body: JsonObject, gateway: Gateway): Promise<object> {
  if (!gateway.keys.hasAdmin)
    throw new InvalidRequestError(
      'authorization',
      'Without an admin key the server is open to everybody, and another key would open nothing. Set one: general_settings.master_key, or MODELMUX_ADMIN_KEY.',
    );
  const wish = readKeyWish(body, gateway.settings.client.environment ?? processEnvironment());
  const alias = wish.key_alias;
  if (alias !== undefined && gateway.issuedKeys.all.all().some(({ key_alias: known }) => known === alias))
    throw apiError({
      status: 409,
      kind: 'invalid_request',
      type: 'invalid_request_error',
      code: 'key_alias_taken',
      param: 'key_alias',
      message: `There is a key with the alias ${JSON.stringify(alias)} already.`,
    });
  // What it routes through is compiled now: what is wrong with it is the answer to this request.
  if (wish.config !== undefined) await gateway.fixedChoice(wish.config)().compiled;
  const { key, issued } = await gateway.issuedKeys.issue(wish);
  return { key, ...shownOf(issued, gateway) };
}

async function info(c: ServerContext, gateway: Gateway): Promise<object> {
  const { owner } = c.get('exchange');
  const name = c.req.query('key');
  const asked = name === undefined ? owner?.issued : await gateway.issuedKeys.named(name);
  const maySee =
    gateway.keys.isEmpty || owner?.isAdmin === true || (asked !== undefined && asked.hash === owner?.issued?.hash);
  if (asked === undefined || !maySee) throw unknown(name);
  return { key: asked.hash, info: shownOf(asked, gateway) };
}

async function remove({ keys, key_aliases: aliases }: JsonObject, { issuedKeys }: Gateway): Promise<readonly string[]> {
  const names = [keys, aliases].flatMap((given) => (Array.isArray(given) ? given : given === undefined ? [] : [given]));
  if (names.length === 0 || !names.every((name) => typeof name === 'string'))
    throw new InvalidRequestError('keys', '"keys" is a list of keys, their hashes or aliases: {"keys": ["sk-…"]}.');
  const found = await Promise.all(
    names.map(async (name) => {
      const key = await issuedKeys.named(name);
      if (key === undefined) throw unknown(name);
      return key;
    }),
  );
  for (const key of found) {
    issuedKeys.meters.forget(key);
    await issuedKeys.all.delete(key.hash);
  }
  return names;
}

/** The key itself is never said, not even by who asked for it. */
function unknown(name: string | undefined) {
  const which = name === undefined ? 'Say which: ?key=sk-…' : 'There is no such key.';
  return apiError({
    status: name === undefined ? 400 : 404,
    kind: name === undefined ? 'invalid_request' : 'not_found',
    type: 'invalid_request_error',
    code: 'key_not_found',
    param: 'key',
    message: which,
  });
}

/** What may be told of a key: nothing that opens anything. The bound config may hold keys of providers. */
function shownOf({ config, hash, expires, created_at: created, ...key }: IssuedKey, gateway: Gateway): object {
  const { meters } = gateway.issuedKeys;
  const issued = { hash, expires, created_at: created, ...key };
  return {
    ...key,
    token: hash,
    has_config: config !== undefined,
    spend: meters.spentUsd(issued, gateway.runtime.clock.now()),
    created_at: new Date(created).toISOString(),
    expires: expires === null ? null : new Date(expires).toISOString(),
  };
}
