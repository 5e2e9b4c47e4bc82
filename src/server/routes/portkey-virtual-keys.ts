import { apiError } from '../../core/errors/api-error.ts';
import { deliverJson } from '../deliver.ts';
import type { Gateway } from '../gateway.ts';
import { administrators } from '../middleware/auth.ts';
import type { ServerContext } from '../server-env.ts';
import type { RouteGroup } from './route-group.ts';

/** Portkey's `/v1/virtual-keys`, for whoever has the admin key: which there are, never what they hold. Keys are added with `modelmux vault`. */
export const portkeyVirtualKeys: RouteGroup = (app, gateway) => {
  const admin = administrators(gateway.keys);
  app.get('/v1/virtual-keys', admin, async (c) => {
    const slugs = [...new Set(gateway.vault.slugs?.() ?? [])];
    const data = (await Promise.all(slugs.map((slug) => described(slug, gateway)))).filter((key) => key !== undefined);
    return told(c, { object: 'list', total: data.length, data });
  });
  app.get('/v1/virtual-keys/:slug', admin, async (c) => {
    const key = await described(c.req.param('slug'), gateway);
    if (key === undefined) throw unknown(c.req.param('slug'));
    return told(c, key);
  });
  app.on(['POST', 'PUT', 'DELETE'], ['/v1/virtual-keys', '/v1/virtual-keys/:slug'], admin, () => {
    throw notHere();
  });
};

function told(c: ServerContext, value: object): Response {
  c.get('exchange').endpoint = 'admin';
  return deliverJson(c, value);
}

async function described(slug: string, { vault }: Gateway): Promise<object | undefined> {
  const found = await vault.get(slug);
  if (found === undefined) return undefined;
  return { object: 'virtual-key', slug, name: slug, ai_provider_name: found.provider, status: 'active' };
}

function unknown(slug: string) {
  const message = `There is no virtual key ${JSON.stringify(slug)}.`;
  const code = 'virtual_key_not_found';
  return apiError({ status: 404, kind: 'not_found', type: 'invalid_request_error', code, param: 'slug', message });
}

function notHere() {
  const message =
    'Virtual keys are not changed over HTTP: no key of a provider need travel. Use "modelmux vault add", "rotate" and "remove" on the server’s vault file.';
  return apiError({ status: 405, kind: 'invalid_request', type: 'invalid_request_error', code: 'read_only', message });
}
