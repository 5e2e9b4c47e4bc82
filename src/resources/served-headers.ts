import type { Attempt } from '../core/attempt.ts';
import type { HeaderMap, Reply } from '../core/reply.ts';

/** Portkey's response headers for a reply, and LiteLLM's for what it cost in dollars, where that is known by now. What a gateway behind the reply already said stands. */
export function servedHeaders(reply: Reply, traceId: string, attempts: readonly Readonly<Attempt>[]): HeaderMap {
  const costUsd = totalUsd(attempts);
  const headers: Record<string, string> = {
    ...(costUsd === undefined ? {} : { 'x-litellm-response-cost': String(costUsd) }),
    'x-portkey-last-used-option-index': reply.target.path,
    'x-portkey-retry-attempt-count': String(reply.retries),
    'x-portkey-cache-status': reply.cache,
    'x-portkey-provider': reply.target.provider,
    'x-portkey-trace-id': traceId,
  };
  for (const name in reply.headers) if (name.startsWith('x-portkey-')) headers[name] = reply.headers[name] ?? '';
  return headers;
}

/** Failed attempts may have cost too. */
function totalUsd(attempts: readonly Readonly<Attempt>[]): number | undefined {
  let micro: number | undefined;
  for (const { cost } of attempts) if (cost !== undefined) micro = (micro ?? 0) + cost.microUsd;
  return micro === undefined ? undefined : micro / 1e6;
}
