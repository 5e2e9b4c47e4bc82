import { beforeEach, describe, expect, it } from 'vitest';
import { type LookupCache, lookupCache } from '../../src/vault/lookup-cache.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';

let clock: ManualClock;
let calls: string[];
let answers: (string | undefined | Error)[];
let failed: string[];
let refreshed: string[];
let cache: LookupCache<string>;

const ttlMs = 1000;
const staleMs = 2000;

beforeEach(() => {
  clock = manualClock();
  [calls, answers, failed, refreshed] = [[], [], [], []];
  cache = lookupCache({
    async look(key) {
      calls.push(key);
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return next;
    },
    clock,
    ttlMs,
    staleMs,
    negativeTtlMs: 500,
    maxEntries: 3,
    onRefreshFailed: (key, error) => failed.push(`${key}: ${(error as Error).message}`),
    onRefreshed: (key, found, previous) => refreshed.push(`${key}: ${previous} -> ${found}`),
  });
});

/** Lets lookups that are on their way arrive. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a lookup cache', () => {
  it('shares one lookup between callers at the same time', async () => {
    answers = ['one', 'two'];
    expect(await Promise.all([cache.get('a'), cache.get('a'), cache.get('a')])).toEqual(['one', 'one', 'one']);
    expect(calls).toEqual(['a']);
  });

  it('answers at once until the answer is old, then answers at once and refreshes behind', async () => {
    answers = ['one', 'two'];
    await cache.get('a');
    clock.advance(ttlMs - 1);
    expect(cache.get('a')).toBe('one');
    expect(calls).toHaveLength(1);
    clock.advance(1);
    expect([cache.get('a'), cache.get('a')]).toEqual(['one', 'one']);
    await settle();
    expect(calls).toHaveLength(2);
    expect(cache.get('a')).toBe('two');
    expect(refreshed).toEqual(['a: one -> two']);
  });

  it('has callers wait when the answer is too old to be given', async () => {
    answers = ['one', 'two'];
    await cache.get('a');
    clock.advance(ttlMs + staleMs);
    expect(await cache.get('a')).toBe('two');
  });

  it('remembers for a short while that there is none', async () => {
    answers = [undefined, 'now there'];
    expect(await cache.get('a')).toBeUndefined();
    clock.advance(499);
    expect(cache.get('a')).toBeUndefined();
    expect(calls).toHaveLength(1);
    clock.advance(1);
    expect(await cache.get('a')).toBe('now there');
  });

  it('forgets what its source no longer has', async () => {
    answers = ['one', undefined];
    await cache.get('a');
    clock.advance(ttlMs);
    expect(cache.get('a')).toBe('one');
    await settle();
    expect(cache.get('a')).toBeUndefined();
    expect(refreshed).toEqual(['a: one -> undefined']);
  });

  it('keeps the last answer through failures, asking again after 1, 2, 4, … 60 s, and nobody waits', async () => {
    answers = ['one', ...Array.from({ length: 8 }, () => new Error('down')), 'two'];
    await cache.get('a');
    clock.advance(ttlMs);
    const waitsMs: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      expect(cache.get('a')).toBe('one');
      await settle();
      const asked = calls.length;
      let waitedMs = 0;
      while (calls.length === asked && waitedMs < 100_000) {
        clock.advance(500);
        waitedMs += 500;
        expect(cache.get('a')).toBe('one');
      }
      waitsMs.push(waitedMs);
      await settle();
    }
    expect(waitsMs).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(failed).toEqual(Array.from({ length: 8 }, () => 'a: down'));
    expect(cache.get('a')).toBe('two');
  });

  it('keeps the last answer when the refresh that callers waited for fails', async () => {
    answers = ['one', new Error('down')];
    await cache.get('a');
    clock.advance(ttlMs + staleMs);
    expect(await cache.get('a')).toBe('one');
  });

  it('rejects a failed first lookup, and asks again only after a while', async () => {
    answers = [new Error('down'), new Error('still down'), 'one'];
    await expect(Promise.all([cache.get('a'), cache.get('a')])).rejects.toThrow('down');
    await expect(cache.get('a')).rejects.toThrow('down');
    expect(calls).toHaveLength(1);
    clock.advance(500);
    await expect(cache.get('a')).rejects.toThrow('still down');
    clock.advance(500);
    expect(await cache.get('a')).toBe('one');
    expect(failed).toEqual([]);
  });

  it('forgets the key unused for longest when it is full', async () => {
    answers = ['a1', 'b1', 'c1', 'd1', 'b2'];
    for (const key of ['a', 'b', 'c', 'a', 'd']) await cache.get(key);
    expect(calls).toEqual(['a', 'b', 'c', 'd']);
    expect([cache.get('a'), cache.get('c'), cache.get('d')]).toEqual(['a1', 'c1', 'd1']);
    expect(await cache.get('b')).toBe('b2');
  });

  it('has the next caller wait for a new lookup of an expired key, and keeps the last answer when that fails', async () => {
    answers = ['one', 'two', new Error('down')];
    await cache.get('a');
    cache.expire('a');
    expect(await cache.get('a')).toBe('two');
    cache.expire('a');
    expect(await cache.get('a')).toBe('two');
    expect([failed, refreshed]).toEqual([['a: down'], []]);
    cache.expire('never asked for');
    expect(calls).toEqual(['a', 'a', 'a']);
  });

  it('does not take a lookup begun before a key expired for an answer from after', async () => {
    answers = ['before', 'after'];
    const first = cache.get('a');
    cache.expire('a');
    const second = cache.get('a');
    expect(await Promise.all([first, second])).toEqual(['before', 'after']);
    expect(cache.get('a')).toBe('after');
  });

  it('sets no timers', async () => {
    answers = ['one', new Error('down')];
    await cache.get('a');
    clock.advance(ttlMs);
    cache.get('a');
    await settle();
    expect(clock.pending).toBe(0);
  });
});
