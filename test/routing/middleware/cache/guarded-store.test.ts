import { expect, it } from 'vitest';
import type { Store } from '../../../../src/core/store.ts';
import { guardedStore } from '../../../../src/routing/middleware/cache/guarded-store.ts';
import { memoryStore } from '../../../../src/stores/memory.ts';
import { testRuntime } from '../../../support/engine.ts';

const never = new Promise<never>(() => undefined);
const turn = () => new Promise((resolve) => setImmediate(resolve));

function guard(store: Partial<Store>) {
  const { runtime, clock, events } = testRuntime();
  const warnings: string[] = [];
  events.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
  const whole = { get: () => undefined, set: () => undefined, delete: () => undefined, ...store };
  return { guarded: guardedStore(whole, runtime), clock, warnings };
}

it('answers at once where the store does', () => {
  const { guarded, clock } = guard(memoryStore());
  expect(guarded.set('k', 'v', 1000)).toBeUndefined();
  expect(guarded.get('k')).toBe('v');
  expect(clock.pending).toBe(0);
});

it.each<[string, unknown, string | undefined]>([
  ['text', 'ü', 'ü'],
  ['bytes', new TextEncoder().encode('ü'), 'ü'],
  ['nothing', undefined, undefined],
  ['null, as some drivers do', null, undefined],
  ['something else', 5, undefined],
])('takes %s', async (_, answer, text) => {
  const { guarded } = guard({ get: async () => answer as string });
  expect(await guarded.get('k')).toBe(text);
});

it.each<[string, Store['get']]>([
  [
    'throws',
    () => {
      throw new TypeError('redis://:password@host');
    },
  ],
  ['rejects', () => Promise.reject(new TypeError('redis://:password@host'))],
])('counts a store that %s as empty, and says so without its secrets', async (_, get) => {
  const { guarded, warnings } = guard({ get });
  expect(await guarded.get('k')).toBeUndefined();
  expect(warnings).toEqual([
    'store: The store failed to read: TypeError. Until it works again nothing is read from it or kept in it.',
  ]);
});

it('waits 5 ms for a store that hangs, once a second, and warns once', async () => {
  let asked = 0;
  const { guarded, warnings, clock } = guard({
    get() {
      asked++;
      return never;
    },
  });
  for (let second = 0; second < 3; second++) {
    const answers = Array.from({ length: 100 }, () => guarded.get('k'));
    await turn();
    clock.advance(5);
    expect(await Promise.all(answers)).toEqual(Array(100).fill(undefined));
    expect(guarded.get('k')).toBeUndefined();
    expect(guarded.set('k', 'v', 1000)).toBeUndefined();
    clock.advance(1000);
  }
  expect(asked).toBe(300);
  expect(warnings).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

it('warns again of the next outage', async () => {
  const answers = [Promise.reject(new Error('a')), Promise.resolve('v'), Promise.reject(new Error('b'))];
  for (const answer of answers) answer.catch(() => undefined);
  const { guarded, warnings, clock } = guard({ get: () => answers.shift() as Promise<string> });
  expect(await guarded.get('k')).toBeUndefined();
  clock.advance(1000);
  expect(await guarded.get('k')).toBe('v');
  expect(await guarded.get('k')).toBeUndefined();
  expect(warnings).toHaveLength(2);
});

it('gives a write a second, for which nobody waits', async () => {
  const { guarded, warnings, clock } = guard({ set: () => never });
  const kept = guarded.set('k', 'v', 1000);
  await turn();
  clock.advance(999);
  expect(warnings).toEqual([]);
  clock.advance(1);
  expect(await kept).toBeUndefined();
  expect(warnings).toHaveLength(1);
});
