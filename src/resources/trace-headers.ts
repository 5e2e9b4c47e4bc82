import type { CallOptions } from '../config/client-options.ts';
import { givesOption } from '../config/option-names.ts';
import { readBaggage, readTraceparent } from '../core/trace-context.ts';
import type { CallFacts } from './call.ts';

/**
 * The facts of a call whose headers carry a W3C trace context: `traceparent` gives the trace ID and the parent span where the call's own
 * options do not, `baggage` adds to the metadata, which beat it.
 */
export function withTraceHeaders(facts: CallFacts, params: CallOptions | undefined): CallFacts {
  const { headers } = facts.overrides;
  if (headers === undefined) return facts;
  const parent = readTraceparent(headerOf(headers, 'traceparent') ?? '');
  const baggage = headerOf(headers, 'baggage');
  if (parent === undefined && baggage === undefined) return facts;
  const namesTrace = params !== undefined && givesOption(params, 'traceID');
  return {
    ...facts,
    ...(parent === undefined || namesTrace ? {} : { traceId: parent.traceId }),
    ...(parent === undefined ? {} : { span: { parentSpanId: parent.parentSpanId, ...facts.span } }),
    ...(baggage === undefined ? {} : { metadata: { ...readBaggage(baggage), ...facts.metadata } }),
  };
}

function headerOf(headers: Readonly<Record<string, string>>, wanted: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
}
