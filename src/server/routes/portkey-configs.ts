import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { type ConfigCreateParams, type ConfigUpdateParams, localConfigs } from '../../resources/configs.ts';
import { readJson } from '../body/read-body.ts';
import { deliver } from '../deliver.ts';
import { administrators } from '../middleware/auth.ts';
import type { ServerContext } from '../server-env.ts';
import { adminAnswer } from './admin-answer.ts';
import { queryOf } from './relay.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * Portkey's `/v1/configs`, for whoever has the admin key: what is made here is found by its slug as `x-portkey-config`, at once. Source:
 * Portkey API reference, "Configs".
 */
export const portkeyConfigs: RouteGroup = (app, gateway) => {
  const configs = localConfigs(gateway.callers.own.admin.configs);
  const single = '/v1/configs/:slug';
  const told = (c: ServerContext, answer: Promise<object>) => adminAnswer(c, answer.then(twice), 'config');
  const bodyOf = (c: ServerContext) => readJson(c, gateway.settings);
  app.use('/v1/configs/*', administrators(gateway.keys));
  app.use('/v1/configs', administrators(gateway.keys));
  app.get('/v1/configs', async (c) => {
    const list = configs.list();
    return adminAnswer(
      c,
      list.then((found) => ({ success: true, ...found })),
      'config',
    );
  });
  app.post('/v1/configs', async (c) => {
    const { is_default, ...body } = await bodyOf(c);
    const isDefault = body.isDefault ?? is_default;
    return told(
      c,
      configs.create({ ...body, ...(isDefault === undefined ? {} : { isDefault }) } as never as ConfigCreateParams),
    );
  });
  app.get(single, async (c) => {
    const found = configs.retrieve(slugIn(c));
    const { version_id } = await found.catch(() => ({ version_id: '' }));
    if (version_id === '') return told(c, found);
    return notModified(c, `"${version_id}"`) ?? told(c, found);
  });
  app.put(single, async (c) => told(c, configs.update({ ...updateOf(await bodyOf(c)), ...slugIn(c) })));
  app.delete(single, (c) => told(c, configs.delete(slugIn(c))));
  app.get(`${single}/versions`, (c) => adminAnswer(c, configs.versions(slugIn(c)), 'config'));
  app.post(`${single}/restore`, async (c) => {
    const { version, version_id } = await bodyOf(c);
    return told(c, configs.restore({ ...slugIn(c), ...versionOf(version ?? version_id, 'version') }));
  });
  app.get(`${single}/diff`, (c) => {
    const query = queryOf(c);
    const [from, to] = [query.get('from'), query.get('to')];
    if (from === null) throw new InvalidRequestError('from', '"from" is the number or ID of a version.');
    return adminAnswer(
      c,
      configs.diff({ ...slugIn(c), from: numbered(from), ...(to === null ? {} : { to: numbered(to) }) }),
      'config',
    );
  });
};

/** Marks the answer with `etag`; the answer itself where the client has it already. RFC 9110 section 13.1.2. */
function notModified(c: ServerContext, etag: string): Response | undefined {
  const exchange = c.get('exchange');
  exchange.responseHeaders['etag'] = etag;
  const known = (c.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!known.includes(etag) && !known.includes('*')) return undefined;
  exchange.endpoint = 'admin';
  return deliver(c, { status: 304, headers: {}, body: { kind: 'text', text: '' } });
}

/** Portkey's answers are read with and without the envelope. */
function twice(answer: object): object {
  return { success: true, ...answer, data: answer };
}

function slugIn(c: ServerContext): { readonly slug: string } {
  return { slug: c.req.param('slug') ?? '' };
}

/** A whole config may be written back: what says where it stands is passed over. */
function updateOf({ name, config, status }: JsonObject): ConfigUpdateParams {
  return { name, config, status } as ConfigUpdateParams;
}

function versionOf(given: unknown, name: string) {
  if (typeof given === 'number') return { version: given };
  if (typeof given === 'string') return { version_id: given };
  throw new InvalidRequestError(name, `"${name}" is the number or ID of a version.`);
}

function numbered(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}
