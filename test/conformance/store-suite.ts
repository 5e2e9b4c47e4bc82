import { expect, it } from 'vitest';
import type { Store } from '../../src/core/store.ts';

/** A store under test, and its time. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Lets time pass for the store. */
  pass(ms: number): Promise<void> | void;
}

/** What every store must do. `make` gives a fresh one each time. */
export function storeSuite(name: string, make: () => StoreUnderTest | Promise<StoreUnderTest>): void {
  const text = (value: unknown) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value);

  it(`${name}: has nothing under a key never set`, async () => {
    const { store } = await make();
    expect(await store.get('k')).toBeUndefined();
  });

  it.each(['', 'plain', 'ünïcode 😀 \u0000 \u2028', '{"a":1}', 'x'.repeat(100_000)])(
    `${name}: gives back text as it was set (%#)`,
    async (value) => {
      const { store } = await make();
      await store.set('k', value, 1000);
      expect(text(await store.get('k'))).toBe(value);
      expect(text(await store.get('k'))).toBe(value);
    },
  );

  it(`${name}: gives back bytes, which later changes do not reach`, async () => {
    const { store } = await make();
    const given = new Uint8Array([0, 255, 128]);
    await store.set('k', given, 1000);
    given[0] = 9;
    const first = (await store.get('k')) as Uint8Array;
    expect([...first]).toEqual([0, 255, 128]);
    first[1] = 9;
    expect([...((await store.get('k')) as Uint8Array)]).toEqual([0, 255, 128]);
  });

  it(`${name}: keeps keys apart to the letter`, async () => {
    const { store } = await make();
    const keys = ['a', 'A', 'a ', 'a:b', 'a:', '__proto__', 'constructor', 'ä'];
    for (const key of keys) await store.set(key, `value of ${key}`, 1000);
    expect(await Promise.all(keys.map(async (key) => text(await store.get(key))))).toEqual(
      keys.map((key) => `value of ${key}`),
    );
  });

  it(`${name}: keeps the last value, for the last time given`, async () => {
    const { store, pass } = await make();
    await store.set('k', 'old', 100);
    await store.set('k', 'new', 1000);
    await pass(500);
    expect(text(await store.get('k'))).toBe('new');
  });

  it(`${name}: forgets a value when its time is over, not before`, async () => {
    const { store, pass } = await make();
    await store.set('short', 'v', 1000);
    await store.set('long', 'v', 3000);
    await pass(900);
    expect(text(await store.get('short'))).toBe('v');
    await pass(100);
    expect(await store.get('short')).toBeUndefined();
    expect(text(await store.get('long'))).toBe('v');
  });

  it(`${name}: forgets what is deleted, and bears deleting what is not there`, async () => {
    const { store } = await make();
    await store.set('k', 'v', 1000);
    await store.delete('k');
    await store.delete('k');
    expect(await store.get('k')).toBeUndefined();
  });
}
