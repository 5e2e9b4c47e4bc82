/** What a caller says of a call's place in its trace. */
export interface SpanFacts {
  readonly spanId?: string;
  readonly spanName?: string;
  readonly parentSpanId?: string;
}
