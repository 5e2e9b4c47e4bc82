import { describe, expect, it } from 'vitest';
import { readBaggage, readTraceparent, toW3cTraceId, writeTraceparent } from '../../src/core/trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('traceparent', () => {
  it.each([
    [`00-${traceId}-${spanId}-01`],
    [` 00-${traceId}-${spanId}-00 `],
    [`cc-${traceId}-${spanId}-01-what-the-future-will-be-like`],
  ])('is read from %s', (header) => {
    expect(readTraceparent(header)).toEqual({ traceId, parentSpanId: spanId });
  });

  it.each([
    '',
    'nonsense',
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId}-${spanId}`,
  ])('is passed over where it is none: %s', (header) => {
    expect(readTraceparent(header)).toBeUndefined();
  });

  it.each([
    [traceId, traceId],
    ['4bf92f35-77b3-4da6-a3ce-929d0e0e4736', traceId],
    [traceId.toUpperCase(), traceId],
    ['request-loadbalance-fallback', '74b0032a24ffa8685364ccf00df694ec'],
  ])('of trace %s is written with %s', (given, written) => {
    expect(toW3cTraceId(given)).toBe(written);
    expect(writeTraceparent(given, spanId)).toBe(`00-${written}-${spanId}-01`);
  });

  it('never has the ID of all zeros, which means none', () => {
    expect(toW3cTraceId('0'.repeat(32))).toMatch(/^[\da-f]{32}$/);
    expect(toW3cTraceId('0'.repeat(32))).not.toBe('0'.repeat(32));
  });
});

it.each<readonly [string, Record<string, string>]>([
  ['customer=Zo%C3%AB,tier=paid;ttl=5 , last = x ', { customer: 'Zoë', tier: 'paid', last: 'x' }],
  ['a=1,a=2', { a: '1' }],
  ['broken,=1,,b=%E0%A4%A', { b: '%E0%A4%A' }],
  ['__proto__=x', JSON.parse('{"__proto__":"x"}')],
  ['', {}],
])('baggage %s is read', (header, expected) => {
  expect(readBaggage(header)).toEqual(expected);
});
