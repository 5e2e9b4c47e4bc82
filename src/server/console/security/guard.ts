import type { MiddlewareHandler } from 'hono';
import { loopbackNames } from '../../listen/loopback.ts';
import type { ServerSettings } from '../../options.ts';
import type { ConsoleContext, ConsoleEnv } from '../console-env.ts';

/**
 * Nothing comes from elsewhere, nothing runs that is not a file of ours, nobody frames a page. Styles are set by our script through the
 * object model, which needs no leave; markup with styles of its own is not drawn.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: a form's Origin would be "null".
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Adds the headers of every page. What a page does not say of caching is not kept. */
export function safeHeaders(): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
  };
}

/** Why a request is not one of the console's own pages; undefined when it is. Who may call the API from a page (CORS) may not use the console. */
export function strangeness(c: ConsoleContext, { hosts }: ServerSettings, needsKey: boolean): string | undefined {
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  // A page of another name that leads here would otherwise be taken for ours. With known hosts or a key it never came so far.
  if (!needsKey && hosts === undefined && !loopbackNames.includes(host.replace(/:\d+$/, '').toLowerCase()))
    return 'Without an admin key the console is open on this machine only. Whoever runs the server can set one (MODELMUX_ADMIN_KEY).';
  const origin = c.req.header('origin');
  if (origin !== undefined)
    return origin === `http://${host}` || origin === `https://${host}`
      ? undefined
      : 'The request came from another site.';
  const site = c.req.header('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') return 'The request came from another site.';
  const changes = c.req.method !== 'GET' && c.req.method !== 'HEAD';
  return changes && site !== 'same-origin' ? 'The request did not come from a page of the console.' : undefined;
}
