import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryStore } from '../../src/stores/memory.ts';
import { storeSuite } from '../conformance/store-suite.ts';
import { manualClock } from '../support/manual-clock.ts';
import { usedBytes } from '../support/used-bytes.ts';

storeSuite('memory', () => {
  const clock = manualClock();
  return { store: memoryStore({ clock }), pass: clock.advance };
});

// 128 bytes for the entry, 2 for its key, 770 for its value.
const value = 'x'.repeat(385);

it('drops the entry unused for longest when it is full', () => {
  const store = memoryStore({ maxBytes: 2700 });
  for (const key of 'abc') store.set(key, value, 1000);
  expect(store.bytes).toBe(2700);
  store.get('a');
  store.set('d', value, 1000);
  expect([...'abcd'].filter((key) => store.get(key) !== undefined)).toEqual(['a', 'c', 'd']);
});

it('does not keep a value beyond its whole budget, nor the one it should have replaced', () => {
  const store = memoryStore({ maxBytes: 1000 });
  store.set('k', 'small', 1000);
  store.set('k', 'x'.repeat(10_000), 1000);
  expect([store.get('k'), store.bytes]).toEqual([undefined, 0]);
});

it.each([0, -1, Number.NaN])('keeps nothing for %d ms', (ttlMs) => {
  const store = memoryStore();
  store.set('k', 'old', 1000);
  store.set('k', 'new', ttlMs);
  expect([store.get('k'), store.bytes]).toEqual([undefined, 0]);
});

it('answers at once', () => {
  const store = memoryStore();
  expect(store.set('k', 'v', 1000)).toBeUndefined();
  expect(store.get('k')).toBe('v');
});

it('holds 64 MiB by default, and no more after 1,000,000 sets', () => {
  const store = memoryStore();
  const kilobyte = 'x'.repeat(512);
  let most = 0;
  for (let i = 0; i < 1_000_000; i++) {
    store.set(`key ${i}`, kilobyte, 60_000);
    if (store.bytes > most) most = store.bytes;
  }
  expect(most).toBeLessThanOrEqual(64 * 1024 * 1024);
  expect(most).toBeGreaterThan(63 * 1024 * 1024);
  expect(store.get('key 0')).toBeUndefined();
  expect(store.get('key 999999')).toBe(kilobyte);
});

it('counts right whatever is done, and is empty when all is deleted', () => {
  const action = fc.record({
    kind: fc.constantFrom('set', 'get', 'delete', 'pass'),
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    length: fc.integer({ min: 0, max: 700 }),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const clock = manualClock();
      const store = memoryStore({ clock, maxBytes: 2000 });
      for (const { kind, key, length } of actions) {
        if (kind === 'set') store.set(key, 'x'.repeat(length), length);
        else if (kind === 'pass') clock.advance(length);
        else store[kind as 'get' | 'delete'](key);
        expect(store.bytes).toBeLessThanOrEqual(2000);
      }
      for (const key of 'abcd') store.delete(key);
      expect(store.bytes).toBe(0);
    }),
  );
});

it('holds nothing of the times an entry was used', async () => {
  const store = memoryStore();
  for (const key of 'abcd') store.set(key, 'v', 3_600_000);
  const before = await usedBytes();
  for (let i = 0; i < 1_000_000; i++) store.get('abcd'.charAt(i % 4));
  expect((await usedBytes()) - before).toBeLessThan(1024 * 1024);
});
