import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { readJson } from '../body/read-body.ts';
import { deliverJson } from '../deliver.ts';
import type { Gateway } from '../gateway.ts';
import { unknownKey } from '../keys/key-admin.ts';
import { administrators } from '../middleware/auth.ts';
import type { ServerContext } from '../server-env.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * LiteLLM's `/key/generate`, `/key/update`, `/key/block`, `/key/unblock`, `/key/info`, `/key/delete`, `/key/list`, for whoever has the admin
 * key; a key may ask about itself. Source: LiteLLM documentation, "Virtual Keys".
 */
export const litellmKeys: RouteGroup = (app, gateway) => {
  const { keyAdmin } = gateway;
  const admin = administrators(gateway.keys);
  const check = async (config: object) => gateway.fixedChoice(config)().compiled;
  const posted = (path: string, act: (body: JsonObject) => Promise<object>) =>
    app.post(path, admin, async (c) => {
      c.get('exchange').endpoint = 'admin';
      const body = await readJson(c, gateway.settings);
      return deliverJson(c, await act(body));
    });
  posted('/key/generate', async (body) => {
    requireAdmin(gateway);
    return keyAdmin.generate(body, check);
  });
  posted('/key/update', (body) => keyAdmin.update(body, check));
  posted('/key/block', ({ key }) => keyAdmin.update({ key, blocked: true }));
  posted('/key/unblock', ({ key }) => keyAdmin.update({ key, blocked: null }));
  posted('/key/delete', async (body) => ({ deleted_keys: await keyAdmin.remove(body) }));
  app.get('/key/list', admin, async (c) => {
    c.get('exchange').endpoint = 'admin';
    return deliverJson(c, { keys: await keyAdmin.list() });
  });
  app.get('/key/info', async (c) => {
    c.get('exchange').endpoint = 'admin';
    return deliverJson(c, await info(c, gateway));
  });
};

function requireAdmin({ keys }: Gateway): void {
  if (keys.hasAdmin) return;
  throw new InvalidRequestError(
    'authorization',
    'Without an admin key the server is open to everybody, and another key would open nothing. Set one: general_settings.master_key, or MODELMUX_ADMIN_KEY.',
  );
}

async function info(c: ServerContext, { keys, keyAdmin, issuedKeys }: Gateway): Promise<object> {
  const { owner } = c.get('exchange');
  const name = c.req.query('key');
  const asked = name === undefined ? owner?.issued : await issuedKeys.named(name);
  if (asked === undefined && name === undefined) throw new InvalidRequestError('key', 'Say which: ?key=sk-…');
  const maySee = keys.isEmpty || owner?.isAdmin === true || asked?.hash === owner?.issued?.hash;
  if (asked === undefined || !maySee) throw unknownKey();
  return { key: asked.hash, info: await keyAdmin.shown(asked) };
}
