import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheStatuses } from '../../src/core/reply.ts';
import { InvalidRequestError } from '../../src/index.ts';
import { toLogQuery } from '../../src/resources/log-params.ts';
import { fromLogSearch, toLogSearch } from '../../src/resources/log-search.ts';

describe('what is looked for in the logs', () => {
  it('is the same after its way through an address', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({
          traceId: maybe(text),
          provider: maybe(text),
          model: maybe(text),
          virtualKey: maybe(text),
          config: maybe(text),
          endpoint: maybe(text),
          status: maybe(fc.array(fc.integer({ min: 100, max: 599 }), { minLength: 1 })),
          outcome: maybe(fc.constantFrom('success' as const, 'failure' as const)),
          mark: maybe(fc.constantFrom('retry' as const, 'cache' as const)),
          cache: maybe(fc.subarray([...cacheStatuses], { minLength: 1 })),
          metadata: maybe(fc.dictionary(text, text)),
          from: maybe(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })),
          to: maybe(fc.integer({ min: 0 })),
          bodies: maybe(fc.boolean()),
          limit: maybe(fc.integer({ min: 1, max: 1000 })),
        }),
        (params) => {
          const again = fromLogSearch(new URLSearchParams(toLogSearch(params)));
          expect(toLogQuery(again)).toEqual(toLogQuery(params));
        },
      ),
    );
  });

  it('takes what a cache says in small letters, with commas between', () => {
    expect(fromLogSearch(new URLSearchParams('cache=hit,semantic hit'))).toEqual({ cache: ['HIT', 'SEMANTIC HIT'] });
  });

  it('may not be what nobody knows', () => {
    expect(() => fromLogSearch(new URLSearchParams('trase_id=t'))).toThrow('Logs are not searched by "trase_id"');
    expect(() => fromLogSearch(new URLSearchParams('metadata=x'))).toThrow('"metadata" is JSON');
    expect(() => toLogQuery({ trace: 't' } as never)).toThrow('"trace" is not known. Valid: provider, model');
  });

  it.each<readonly [string, object, string]>([
    ['no status', { status: 'x' }, '"status" is an HTTP status such as 429, or a list of them.'],
    ['no outcome', { outcome: 'ok' }, '"outcome" is one of success, failure, aborted.'],
    ['no mark', { mark: 'ok' }, '"mark" is one of cache, retry, fallback, loadbalance, conditional.'],
    ['nothing that a cache says', { cache: 'WARM' }, '"cache" is one of HIT, MISS, REFRESH'],
    ['no word of a cache', { cache: [] }, '"cache" is one of HIT'],
    ['no date', { from: 'yesterday' }, '"from" is a date'],
    ['a page too long', { limit: 1001 }, '"limit" is 1 to 1000.'],
    ['half a page', { limit: 1.5 }, '"limit" is 1 to 1000.'],
    ['no cursor', { after: 'x' }, '"after" is `next` of a page.'],
    ['metadata that are no texts', { metadata: { a: 1 } }, '"metadata" is an object of texts'],
    ['no text', { model: 4 }, '"model" is a text.'],
  ])('is refused where it is %s', (_, params, message) => {
    expect(() => toLogQuery(params as never)).toThrow(InvalidRequestError);
    expect(() => toLogQuery(params as never)).toThrow(message);
  });
});
