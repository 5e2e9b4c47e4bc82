import type { CallSettings } from '../config/client-settings.ts';
import type { CallOverrides } from '../core/context.ts';
import type { JsonObject } from '../core/json.ts';
import type { CallFacts } from '../resources/call.ts';
import { readHeaders } from '../resources/http/index.ts';
import { readMetadata } from './body/read-metadata.ts';
import type { HeaderSplit } from './callers/header-split.ts';
import type { Exchange } from './exchange.ts';

/** What a request says of itself beside where it goes. */
export interface RequestFacts {
  readonly exchange: Exchange;
  readonly headers: HeaderSplit;
  readonly body: JsonObject;
  readonly signal: AbortSignal;
  readonly maxDepth: number;
}

/** The facts of one call: what its route's settings say, and what the request says. Throws what is wrong with the request's headers. */
export function callFacts(
  { exchange, headers, body, signal, maxDepth }: RequestFacts,
  route: Pick<CallSettings, 'metadata' | 'overrides'>,
): CallFacts {
  const { params, headers: plain } = readHeaders(headers.others);
  const sent = readMetadata({
    header: exchange.headers['x-portkey-metadata'],
    baggage: exchange.headers['baggage'],
    user: body.user,
    maxDepth,
  });
  const overrides: CallOverrides = {
    ...route.overrides,
    headers: plain,
    ...(params.cacheForceRefresh === undefined ? {} : { cacheForceRefresh: params.cacheForceRefresh }),
    ...(params.cacheNamespace === undefined ? {} : { cacheNamespace: params.cacheNamespace }),
  };
  return { traceId: exchange.traceId, metadata: { ...route.metadata, ...sent }, overrides, signal };
}
