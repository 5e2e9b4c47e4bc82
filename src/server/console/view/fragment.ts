import type { Child } from 'hono/jsx';
import { textHash } from '../../../core/text-hash.ts';
import type { ConsoleContext } from '../console-env.ts';

/** Part of a page, for the script that asks for it again and again; nothing but 304 while it stays the same. */
export function answerFragment(c: ConsoleContext, content: Child): Response | Promise<Response> {
  const html = String(content);
  const etag = `"${textHash(html)}"`;
  c.header('etag', etag);
  c.header('cache-control', 'no-cache');
  return c.req.header('if-none-match') === etag ? c.body(null, 304) : c.html(html);
}
