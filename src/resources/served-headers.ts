import type { HeaderMap, Reply } from '../core/reply.ts';

/** Portkey's response headers for a reply. What a gateway behind the reply already said stands. */
export function servedHeaders(reply: Reply, traceId: string): HeaderMap {
  return {
    'x-portkey-last-used-option-index': reply.target.path,
    'x-portkey-retry-attempt-count': String(reply.retries),
    'x-portkey-cache-status': reply.cache,
    'x-portkey-provider': reply.target.provider,
    'x-portkey-trace-id': traceId,
    ...Object.fromEntries(Object.entries(reply.headers).filter(([name]) => name.startsWith('x-portkey-'))),
  };
}
