import { expect, it } from 'vitest';
import type { Store } from '../../../../src/core/store.ts';
import { guardedStore } from '../../../../src/routing/middleware/cache/guarded-store.ts';
import { createOutage } from '../../../../src/routing/middleware/shared/outage.ts';
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

/** Asks in turn; tells how long each waited. */
async function inTurn({ guarded, clock }: ReturnType<typeof guard>, times: number): Promise<readonly number[]> {
  const waited: number[] = [];
  for (let i = 0; i < times; i++) {
    const answer = guarded.get('k');
    let ms = 0;
    let isThere = !(answer instanceof Promise);
    if (answer instanceof Promise)
      answer.then(() => {
        isThere = true;
      });
    for (await turn(); !isThere; await turn()) {
      clock.advance(1);
      ms++;
    }
    waited.push(ms);
  }
  return waited;
}

it('waits 5 ms for a store that hangs, until nothing was heard for 100 ms, then once a second, and warns once', async () => {
  const answers: unknown[] = ['v'];
  let asked = 0;
  const made = guard({
    get() {
      asked++;
      return (answers.shift() ?? never) as Promise<string>;
    },
  });
  await made.guarded.get('k');
  expect(await inTurn(made, 30)).toEqual([...Array(20).fill(5), ...Array(10).fill(0)]);
  for (let second = 0; second < 3; second++) {
    made.clock.advance(1000);
    expect(await inTurn(made, 3)).toEqual([5, 0, 0]);
    expect(made.guarded.set('k', 'v', 1000)).toBeUndefined();
  }
  expect([asked, made.clock.pending]).toEqual([24, 0]);
  expect(made.warnings).toEqual([
    'store: The store failed to read: silent for 100 ms. Until it works again nothing is read from it or kept in it.',
  ]);
});

it('waits as long as the store itself says', async () => {
  const made = guard({ timeoutMs: 40, get: () => never });
  expect(await inTurn(made, 3)).toEqual([40, 40, 40]);
  expect(made.warnings).toEqual([]);
});

it('takes an answer that comes now and then too late for a miss, and for no outage', async () => {
  const late: ((value: string) => void)[] = [];
  const made = guard({ get: () => new Promise((resolve) => void late.push(resolve)) });
  for (let i = 0; i < 50; i++) {
    expect(await inTurn(made, 1)).toEqual([5]);
    for (const resolve of late.splice(0)) resolve('v');
    await turn();
    made.clock.advance(60);
  }
  expect(made.warnings).toEqual([]);
});

it('has 2 s for its first answer: the connection may still be under way', async () => {
  const made = guard({ get: () => never });
  expect(await inTurn(made, 401)).toEqual([...Array(400).fill(5), 0]);
  expect(made.warnings).toHaveLength(1);
});

it('tells of an outage once where others that lie in the same place tell of it too', async () => {
  const outage = createOutage();
  const { runtime, clock, events } = testRuntime();
  const warnings: string[] = [];
  events.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
  let answer = Promise.reject<string>(new Error('gone'));
  answer.catch(() => undefined);
  const store = { get: () => answer, set: () => undefined, delete: () => undefined };
  const [one, other] = [guardedStore(store, runtime, { outage }), guardedStore(store, runtime, { outage })];
  await one.get('k');
  await other.get('k');
  expect(warnings).toEqual([
    'shared_state: The shared store failed to read: Error. Until it answers again this process goes on alone.',
  ]);
  answer = Promise.resolve('v');
  clock.advance(1000);
  expect(await one.get('k')).toBe('v');
  answer = Promise.reject(new Error('gone again'));
  answer.catch(() => undefined);
  await one.get('k');
  expect(warnings).toHaveLength(2);
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
