import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOf } from '../../src/simulator/formats/index.ts';
import { gzipped } from '../../src/simulator/gzip.ts';
import { addressOf } from '../../src/simulator/incoming.ts';
import { gate, rateLimiter } from '../../src/simulator/limits.ts';
import { derivedSeed, hash, seededRandom } from '../../src/simulator/random.ts';
import { estimatedTokens, simulatedText, tokens } from '../../src/simulator/text.ts';
import { recut } from '../../src/simulator/transmission.ts';

describe('text', () => {
  it.each([
    ['', []],
    ['Hello', ['Hello']],
    ['Hello  big world ', ['Hello', '  big', ' world', ' ']],
    ['extraordinarily', ['extraordinar', 'ily']],
    ['🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂', ['🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂', '🙂']],
    ['a\nb', ['a', '\nb']],
  ])('%j is cut into %j', (text, expected) => expect(tokens(text)).toEqual(expected));

  it('cut loses nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => tokens(text).join('') === text));
  });

  it.each([
    [0, 0],
    [1, 1],
    [4, 1],
    [5, 2],
  ])('%i characters are estimated as %i tokens', (length, count) => expect(estimatedTokens(length)).toBe(count));

  it('made up is the same for the same seed, provider and model only', () => {
    const text = simulatedText(1, 'openai', 'gpt');
    expect(simulatedText(1, 'openai', 'gpt')).toBe(text);
    const said = (other: string) => other.slice(other.indexOf('). '));
    for (const other of [
      simulatedText(2, 'openai', 'gpt'),
      simulatedText(1, 'groq', 'gpt'),
      simulatedText(1, 'openai', 'x'),
    ]) {
      expect(said(other)).not.toBe(said(text));
    }
  });
});

describe('random numbers', () => {
  it('are fixed by the seed', () => {
    const random = seededRandom(1);
    expect([random.next(), random.next()]).toEqual([0.6270739405881613, 0.002735721180215478]);
    expect(seededRandom(1).hex(10)).toBe('a087eaf300');
    expect(hash('openai')).toBe(3_991_279_299);
  });

  it('spread evenly, and differ from one request to the next', () => {
    const drawn = Array.from({ length: 4000 }, (_, sequence) => seededRandom(derivedSeed(99, sequence)).next());
    for (const tenth of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const count = drawn.filter((value) => Math.floor(value * 10) === tenth).length;
      expect(count).toBeGreaterThan(320);
      expect(count).toBeLessThan(480);
    }
    expect(new Set(drawn).size).toBe(4000);
  });
});

describe('limits', () => {
  it('no window of a sliding log holds more than it admits', () => {
    const steps = fc.array(fc.nat(50), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 5 }), (waits, requests) => {
        const limiter = rateLimiter({ requests, perMs: 100 });
        let now = 0;
        const admitted: number[] = [];
        for (const wait of waits) {
          now += wait;
          if (limiter.admit('k', now).admitted) admitted.push(now);
        }
        const busiest = Math.max(
          ...admitted.map((from) => admitted.filter((time) => time >= from && time < from + 100).length),
        );
        expect(busiest).toBeLessThanOrEqual(requests);
      }),
    );
  });

  it('a refused request is admitted after the time it was told, not before', () => {
    const limiter = rateLimiter({ requests: 1, perMs: 100 });
    expect(limiter.admit('k', 0)).toMatchObject({ admitted: true, remaining: 0, resetMs: 100 });
    expect(limiter.admit('k', 30)).toMatchObject({ admitted: false, remaining: 0, retryMs: 70 });
    expect(limiter.admit('k', 99).admitted).toBe(false);
    expect(limiter.admit('k', 100).admitted).toBe(true);
  });

  it('a gate gives a place back once it is left', () => {
    const { enter } = gate(1);
    const leave = enter();
    expect(enter()).toBeUndefined();
    leave?.();
    expect(enter()).toBeTypeOf('function');
  });
});

describe('bytes', () => {
  const pieces = fc.array(fc.record({ bytes: fc.string({ unit: 'grapheme' }), atMs: fc.constant(0) }));
  const whole = (list: readonly { readonly bytes: string | Uint8Array }[]) =>
    Buffer.concat(list.map(({ bytes }) => Buffer.from(bytes)));

  it('compressed piece by piece are one gzip member', () => {
    fc.assert(fc.property(pieces, (list) => gunzipSync(whole(gzipped(list, 'end'))).equals(whole(list))));
  });

  it('cut anew are the same bytes, in pieces of the size asked for', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 9 }), (list, splitBytes) => {
        const result = recut(list, { splitBytes });
        expect(whole(result)).toEqual(whole(list));
        expect(result.slice(0, -1).every(({ bytes }) => bytes.length === splitBytes)).toBe(true);
      }),
    );
  });
});

describe('addresses', () => {
  it.each([
    ['/', '', '', ''],
    ['/openai', 'openai', '', ''],
    ['/openai?x=/1', 'openai', '', '?x=/1'],
    ['/openai/v1/models?x=1', 'openai', '/v1/models', '/v1/models?x=1'],
  ])('%s is provider %j, path %j', (url, provider, path, target) => {
    expect(addressOf(url)).toMatchObject({ provider, path, target });
  });

  it.each([
    ['openai', '/v1'],
    ['azure-openai', '/openai'],
    ['anthropic', '/v1'],
    ['google', '/v1beta'],
    ['vertex-ai', '/v1'],
    ['bedrock', ''],
    ['cohere', ''],
    ['anyscale', '/v1'],
    ['toString', '/v1'],
  ])('%s has its base below %j', (provider, basePath) => expect(formatOf(provider).basePath).toBe(basePath));
});
