import { apiError } from '../../core/errors/api-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import {
  localVirtualKeys,
  type VirtualKeyCreateParams,
  type VirtualKeyUpdateParams,
} from '../../resources/virtual-keys.ts';
import { readJson } from '../body/read-body.ts';
import type { Gateway } from '../gateway.ts';
import { administrators } from '../middleware/auth.ts';
import type { ServerContext } from '../server-env.ts';
import { adminAnswer } from './admin-answer.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * Portkey's `/v1/virtual-keys`, for whoever has the admin key: which there are, never what they hold; those of a vault file may be changed.
 * Source: Portkey API reference, "Virtual Keys".
 */
export const portkeyVirtualKeys: RouteGroup = (app, gateway) => {
  const admin = administrators(gateway.keys);
  const virtualKeys = localVirtualKeys(gateway.writableVault);
  const single = '/v1/virtual-keys/:slug';
  const told = (c: ServerContext, answer: Promise<object>) => adminAnswer(c, answer, 'key');
  const changed = (c: ServerContext, change: () => Promise<object>) => told(c, writable(gateway).then(change));
  app.get('/v1/virtual-keys', admin, (c) => told(c, listed(gateway)));
  app.get(single, admin, (c) => told(c, shown(slugIn(c), gateway)));
  app.post('/v1/virtual-keys', admin, async (c) => {
    const body = (await readJson(c, gateway.settings)) as unknown as VirtualKeyCreateParams;
    return changed(c, async () => enveloped(await virtualKeys.create(body)));
  });
  app.put(single, admin, async (c) => {
    const body = (await readJson(c, gateway.settings)) as unknown as VirtualKeyUpdateParams;
    return changed(c, async () => enveloped(await virtualKeys.update({ ...body, slug: slugIn(c) })));
  });
  app.delete(single, admin, (c) => changed(c, () => virtualKeys.delete({ slug: slugIn(c) })));
};

function slugIn(c: ServerContext): string {
  return c.req.param('slug') ?? '';
}

/** Portkey's answers are read with and without the envelope. */
function enveloped(answer: object): object {
  return { success: true, ...answer, data: answer };
}

/** Rejects with 405 where the keys are only looked up. */
async function writable({ writableVault }: Gateway): Promise<void> {
  try {
    await writableVault();
  } catch (error) {
    if (error instanceof InvalidRequestError) throw readOnly();
    throw error;
  }
}

async function listed(gateway: Gateway): Promise<object> {
  const kept = await keptKeys(gateway);
  const slugs = [...new Set([...(gateway.vault.slugs?.() ?? []), ...kept.keys()])];
  const data = (await Promise.all(slugs.map((slug) => described(slug, gateway, kept)))).filter(
    (key) => key !== undefined,
  );
  return { object: 'list', total: data.length, data };
}

async function shown(slug: string, gateway: Gateway): Promise<object> {
  const key = await described(slug, gateway, await keptKeys(gateway));
  if (key !== undefined) return key;
  const message = `There is no virtual key ${JSON.stringify(slug)}.`;
  const code = 'virtual_key_not_found';
  throw apiError({ status: 404, kind: 'not_found', type: 'invalid_request_error', code, param: 'slug', message });
}

/** What a vault file tells of its keys; nothing where there is none. */
async function keptKeys(gateway: Gateway): Promise<ReadonlyMap<string, object>> {
  try {
    const { data } = await localVirtualKeys(gateway.writableVault).list();
    return new Map(data.map((key) => [key.slug, key]));
  } catch (error) {
    if (error instanceof InvalidRequestError) return new Map();
    throw error;
  }
}

async function described(
  slug: string,
  { vault }: Gateway,
  kept: ReadonlyMap<string, object>,
): Promise<object | undefined> {
  const found = await vault.get(slug);
  if (found === undefined) return undefined;
  const plain = { object: 'virtual-key', slug, name: slug, ai_provider_name: found.provider, status: 'active' };
  return kept.get(slug) ?? plain;
}

function readOnly() {
  const message =
    'The virtual keys of this server are only looked up. To change them, keep them in a vault file: modelmux serve --vault keys.vault.';
  return apiError({ status: 405, kind: 'invalid_request', type: 'invalid_request_error', code: 'read_only', message });
}
