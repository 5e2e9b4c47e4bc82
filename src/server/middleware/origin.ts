import type { MiddlewareHandler } from 'hono';
import { apiError } from '../../core/errors/api-error.ts';
import { deliver } from '../deliver.ts';
import type { ServerSettings } from '../options.ts';
import type { ServerContext, ServerEnv } from '../server-env.ts';

/**
 * Keeps web pages out that may not call the server: the `Host` must be one of `hosts` (a page cannot rebind its own name to this
 * address), and a page of another origin must be listed in `cors`. Answers preflights of those that are. Throws 403.
 */
export function origin({ cors, hosts }: Pick<ServerSettings, 'cors' | 'hosts'>): MiddlewareHandler<ServerEnv> {
  const names = hosts === undefined ? undefined : new Set(hosts.map((host) => host.toLowerCase()));
  return (c, next) => {
    const { headers, responseHeaders } = c.get('exchange');
    const host = headers['host'] ?? new URL(c.req.url).host;
    if (names !== undefined && !names.has(nameOf(host))) throw forbidden('misdirected', strangeHost(host));
    const page = headers['origin'];
    const isForeign = page === undefined ? fromOtherSite(headers['sec-fetch-site']) : !isOwn(page, host);
    if (!isForeign) return next();
    if (page === undefined || !isListed(page, cors)) throw forbidden('origin', strangeOrigin(page));
    allow(page, cors, responseHeaders);
    return c.req.method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
      ? Promise.resolve(preflight(c))
      : next();
  };
}

function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

function isOwn(page: string, host: string): boolean {
  return page === `http://${host}` || page === `https://${host}`;
}

/** Fetch Metadata: requests of a page without `Origin`, such as an image. */
function fromOtherSite(site: string | undefined): boolean {
  return site === 'cross-site' || site === 'same-site';
}

function isListed(page: string, cors: ServerSettings['cors']): boolean {
  return typeof cors === 'boolean' ? cors : cors.includes(page);
}

function allow(page: string, cors: ServerSettings['cors'], headers: Record<string, string>): void {
  headers['access-control-allow-origin'] = cors === true ? '*' : page;
  if (cors !== true) headers['vary'] = 'origin';
  headers['access-control-expose-headers'] = '*';
}

function preflight(c: ServerContext): Response {
  const { headers } = c.get('exchange');
  return deliver(c, {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
      'access-control-max-age': '600',
    },
    body: { kind: 'text', text: '' },
  });
}

function strangeHost(host: string): string {
  return `This server is not known as ${JSON.stringify(host)}. Whoever runs it can allow the name.`;
}

function strangeOrigin(page: string | undefined): string {
  return `Pages of ${page ?? 'another site'} may not call this server. Whoever runs it can allow the origin (CORS).`;
}

function forbidden(code: string, message: string) {
  return apiError({ status: 403, kind: 'auth', type: 'permission_error', code, message });
}
