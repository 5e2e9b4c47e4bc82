import { configIdProblem } from '../../config/by-id/config-id.ts';
import type { Config } from '../../config/config.ts';
import { parseJson } from '../../config/parse.ts';
import { apiError } from '../../core/errors/api-error.ts';
import { ConfigError } from '../../core/errors/config-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { readJson } from '../body/read-body.ts';
import type { StoredConfig } from '../data/stored-configs.ts';
import { deliverJson } from '../deliver.ts';
import type { Gateway } from '../gateway.ts';
import { administrators } from '../middleware/auth.ts';
import type { ServerContext } from '../server-env.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * Portkey's `/v1/configs`, for whoever has the admin key: what is made here is found by its slug as `x-portkey-config`, at once. Source:
 * Portkey API reference, "Configs".
 */
export const portkeyConfigs: RouteGroup = (app, gateway) => {
  const { configs, keys, runtime } = gateway;
  const single = '/v1/configs/:slug';
  app.use('/v1/configs/*', administrators(keys));
  app.use('/v1/configs', administrators(keys));
  app.get('/v1/configs', (c) => {
    const data = configs.all().map(shortly);
    return told(c, { object: 'list', success: true, total: data.length, data });
  });
  app.post('/v1/configs', async (c) => {
    const body = await readJson(c, gateway.settings);
    const name = nameIn(body) ?? 'config';
    const slug = newSlug(name);
    const made = await changed({ slug, id: runtime.requestId(), name, created_at: now(gateway) }, body.config, gateway);
    await configs.put(slug, made);
    const { id, version_id: version } = made;
    return told(c, {
      success: true,
      data: { id, slug, version_id: version, object: 'config' },
      id,
      slug,
      version_id: version,
      object: 'config',
    });
  });
  app.get(single, (c) => told(c, whole(existing(c, gateway))));
  app.put(single, async (c) => {
    const known = existing(c, gateway);
    const body = await readJson(c, gateway.settings);
    const name = nameIn(body) ?? known.name;
    const made = await changed({ ...known, name }, body.config ?? known.config, gateway);
    await configs.put(known.slug, made);
    return told(c, {
      success: true,
      data: { version_id: made.version_id, slug: made.slug },
      version_id: made.version_id,
    });
  });
  app.delete(single, async (c) => {
    await configs.delete(existing(c, gateway).slug);
    return told(c, { success: true });
  });
};

function told(c: ServerContext, value: object): Response {
  c.get('exchange').endpoint = 'admin';
  return deliverJson(c, value);
}

function existing(c: ServerContext, { configs }: Gateway): StoredConfig {
  const slug = c.req.param('slug') ?? '';
  const found = configs.get(slug);
  if (found !== undefined) return found;
  const message = `No config ${JSON.stringify(slug)} was made over this API.`;
  const code = 'config_not_found';
  throw apiError({ status: 404, kind: 'not_found', type: 'invalid_request_error', code, param: 'slug', message });
}

function nameIn({ name }: JsonObject): string | undefined {
  if (name === undefined || (typeof name === 'string' && name.trim() !== '' && name.length <= 200)) return name;
  throw new InvalidRequestError('name', '"name" must be a text of 1 to 200 characters.');
}

/** The next version. Rejects for a config that cannot work. */
async function changed(
  known: Omit<StoredConfig, 'config' | 'version_id' | 'last_updated_at'>,
  given: unknown,
  gateway: Gateway,
): Promise<StoredConfig> {
  const config = read(given);
  try {
    await gateway.callers.own.forCalls({ config: config as Config })().compiled;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.issues.map(({ path, message }) => `${path}: ${message}`).join(' ');
    throw new InvalidRequestError('config', `The config cannot be used. ${problems}`);
  }
  return { ...known, config, version_id: gateway.runtime.requestId(), last_updated_at: now(gateway) };
}

function read(given: unknown): JsonObject {
  const config = typeof given === 'string' ? parseJson(given) : given;
  if (isJsonObject(config)) return config;
  throw new InvalidRequestError('config', '"config" must be a config: an object, or its JSON.');
}

function newSlug(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .slice(0, 32)
    .replaceAll(/^-|-$/g, '');
  const chance = Array.from(crypto.getRandomValues(new Uint8Array(3)), (byte) => byte.toString(16).padStart(2, '0'));
  const slug = `pc-${words === '' ? 'config' : words}-${chance.join('')}`;
  return configIdProblem(slug) === undefined ? slug : `pc-${chance.join('')}`;
}

function now({ runtime }: Gateway): string {
  return new Date(runtime.clock.now()).toISOString();
}

function shortly({ config: _config, version_id: _version, ...rest }: StoredConfig): object {
  return { ...rest, is_default: 0, status: 'active', object: 'config' };
}

/** As Portkey tells it: the config as JSON text. */
function whole({ config, ...rest }: StoredConfig): object {
  const data = {
    ...rest,
    is_default: 0,
    status: 'active',
    format: 'json',
    type: 'ORG_CONFIG',
    config: JSON.stringify(config),
  };
  return { success: true, ...data, data };
}
