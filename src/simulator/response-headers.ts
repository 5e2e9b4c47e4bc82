import type { Exchange, Spoken } from './exchange.ts';
import { retryHeaders } from './failing.ts';

/** What the headers say of a body. */
export interface BodyFacts {
  readonly type: string;
  /** In bytes, where it is declared. */
  readonly length?: number;
  /** The wire format's own, flat. */
  readonly headers?: readonly string[];
}

/** On every response, and never overridden; flat. */
export const labels: readonly string[] = ['x-modelmux-simulator', 'true', 'server', 'modelmux-simulator'];

/** The headers of a response, flat: name, value, … Those given in the behaviour win. */
export function responseHeaders(body: BodyFacts, outcome: Spoken, exchange: Exchange): readonly string[] {
  const { format, call, taken } = exchange;
  const { behaviour } = taken;
  const headers = ['content-type', body.type, ...labels, ...format.idHeaders(call.requestId), ...(body.headers ?? [])];
  if (body.length !== undefined) headers.push('content-length', String(body.length));
  if (behaviour.gzip) headers.push('content-encoding', 'gzip');
  if (outcome.limit !== undefined) headers.push(...(format.limitHeaders?.(outcome.limit) ?? []));
  headers.push(...(behaviour.retryAfter === undefined ? limitRetry(outcome) : retryHeaders(behaviour.retryAfter)));
  return behaviour.headers === undefined ? headers : overridden(headers, behaviour.headers);
}

/** Seconds are rounded up, since a client that comes early is refused again. */
function limitRetry({ kind, limit }: Spoken): readonly string[] {
  if (kind !== 'failure' || limit === undefined || limit.retryMs <= 0) return [];
  return ['retry-after', String(Math.ceil(limit.retryMs / 1000)), 'retry-after-ms', String(Math.ceil(limit.retryMs))];
}

function overridden(headers: readonly string[], given: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value] as const);
  const names = new Set(entries.map(([name]) => name));
  const kept = headers.filter((_, index) => !names.has(headers[index - (index % 2)] ?? ''));
  return [...kept, ...entries.flat()];
}
