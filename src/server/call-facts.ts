import type { CallSettings } from '../config/client-settings.ts';
import { labelOptions } from '../config/label-options.ts';
import { spanOf, toMetadata } from '../config/option-values.ts';
import type { CallOverrides } from '../core/context.ts';
import type { JsonObject } from '../core/json.ts';
import type { CallFacts } from '../resources/call.ts';
import { readHeaders } from '../resources/http/index.ts';
import { readMetadata } from './body/read-metadata.ts';
import type { HeaderSplit } from './callers/header-split.ts';
import type { Exchange } from './exchange.ts';

/** What a request says of itself beside where it goes. */
export interface RequestFacts {
  readonly exchange: Pick<Exchange, 'headers' | 'traceId' | 'owner'>;
  readonly headers: HeaderSplit;
  readonly body: JsonObject;
  readonly signal: AbortSignal;
  readonly maxDepth: number;
  /** How urgent it is, where its headers do not say. */
  readonly priority?: number | undefined;
}

/** The facts of one call: what its route's settings say, and what the request says. Throws what is wrong with the request's headers. */
export function callFacts(
  { exchange, headers, body, signal, maxDepth, priority }: RequestFacts,
  route: Omit<CallSettings, 'compiled'>,
): CallFacts {
  const { params, headers: plain } = readHeaders(headers.others);
  // The second name is that of Portkey's first API.
  const refresh = params.cacheForceRefresh ?? (exchange.headers['x-portkey-cache-refresh'] === 'true' || undefined);
  const sent = readMetadata({
    header: exchange.headers['x-portkey-metadata'],
    baggage: exchange.headers['baggage'],
    user: body.user,
    maxDepth,
  });
  const ofKey = exchange.owner?.issued === undefined ? {} : toMetadata(exchange.owner.issued.metadata);
  // What the key says of whoever asks, they cannot say otherwise.
  const metadata = { ...route.metadata, ...sent, ...ofKey };
  const overrides: CallOverrides = {
    ...labelOptions({}, { ...sent, ...ofKey }),
    ...route.overrides,
    ...(priority === undefined || namesPriority(headers) ? {} : { priority }),
    headers: plain,
    wantsText: true,
    ...(exchange.owner === undefined ? {} : { tenant: exchange.owner.id }),
    ...(refresh === undefined ? {} : { cacheForceRefresh: refresh }),
    ...(params.cacheNamespace === undefined ? {} : { cacheNamespace: params.cacheNamespace }),
  };
  const { configId } = route;
  const span = spanOf(params) ?? route.span;
  return { traceId: exchange.traceId, metadata, overrides, signal, configId, span, debug: params.debug ?? route.debug };
}

function namesPriority({ routing }: HeaderSplit): boolean {
  return routing.some(([name]) => name === 'x-portkey-priority');
}
