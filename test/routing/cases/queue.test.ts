import { expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { fleet, settle, target } from '../../support/fleet.ts';

const balance = (strategy: object, ...targets: Config[]): Config => ({
  strategy: { mode: 'loadbalance', ...strategy },
  targets,
});

/** Calls under way, and in which order and when they came to their end. */
function watched(made: ReturnType<typeof fleet>) {
  const ends: [string, unknown, number][] = [];
  return {
    ends,
    ask(name: string, params: object = {}, options: object = {}) {
      const answer = made.ask(params, options);
      void answer.then((outcome) => {
        ends.push([name, typeof outcome === 'string' ? outcome : outcome.name, made.elapsed() / 1000]);
      });
      return settle();
    },
    /** Lets time pass, a step at a time, so that all that is due happens in its time. */
    async pass(ms: number, stepMs = 1000) {
      for (let passed = 0; passed < ms; passed += stepMs) {
        made.clock.advance(Math.min(stepMs, ms - passed));
        await settle();
      }
    },
  };
}

const perMinute = { rpm: 1, queue: { max_wait: 300, aging: 0 } };

it('lets the most urgent of those who wait go first, and the first come where there is room', async () => {
  const made = fleet(target('a', perMinute));
  const { ask, pass, ends } = watched(made);
  await ask('ten', { priority: 10 });
  await ask('zero', { priority: 0 });
  await ask('five', { priority: 5 });
  expect(made.of('a')).toMatchObject({ waiting: 2, limits: [{ used: 1, remaining: 0, mode: 'enforce' }] });
  await pass(120_000);
  expect(ends).toEqual([
    ['ten', 'a', 0],
    ['zero', 'a', 60],
    ['five', 'a', 120],
  ]);
  expect(made.of('a')?.waiting).toBeUndefined();
});

it('promotes the next at once when one who waits leaves', async () => {
  const made = fleet(target('a', perMinute));
  const { ask, pass, ends } = watched(made);
  const leaver = new AbortController();
  await ask('ten', { priority: 10 });
  await ask('zero', { priority: 0 }, { signal: leaver.signal });
  await ask('five', { priority: 5 });
  await pass(30_000);
  leaver.abort();
  await settle();
  await pass(30_000);
  expect(ends).toEqual([
    ['ten', 'a', 0],
    ['zero', 'APIUserAbortError', 30],
    ['five', 'a', 60],
  ]);
  expect(made.log).toEqual(['a', 'a']);
});

it('keeps the order of those equally urgent, also against newcomers who come when there is room again', async () => {
  const made = fleet(target('a', perMinute));
  const { ask, pass, ends } = watched(made);
  for (const name of ['first', 'second', 'third']) await ask(name);
  await pass(59_999);
  made.clock.advance(1);
  void ask('newcomer');
  await pass(180_000);
  expect(ends.map(([name]) => name)).toEqual(['first', 'second', 'third', 'newcomer']);
});

it('makes those who wait more urgent, so that none starves', async () => {
  const made = fleet(target('a', { rate_limit: { requests: 1, per: '1s' }, queue: { max_wait: 60, aging: 2 } }));
  const { ask, pass, ends } = watched(made);
  await ask('now');
  await ask('batch', { priority: 5 });
  for (let second = 0; second < 20; second++) {
    await ask(`urgent ${second}`, { priority: 0 });
    await pass(1000);
  }
  const place = ends.findIndex(([name]) => name === 'batch');
  expect(ends[place]).toEqual(['batch', 'a', 11]);
});

it('lets waiting count for nothing with aging 0', async () => {
  const made = fleet(target('a', { rate_limit: { requests: 1, per: '1s' }, queue: { max_wait: 60, aging: 0 } }));
  const { ask, pass, ends } = watched(made);
  await ask('now');
  await ask('batch', { priority: 5 });
  for (let second = 0; second < 20; second++) {
    await ask(`urgent ${second}`, { priority: 0 });
    await pass(1000);
  }
  expect(ends.map(([name]) => name)).not.toContain('batch');
});

it('refuses at once what cannot be served in time, and after max_wait what hoped to be, saying when to come back', async () => {
  const made = fleet(target('a', { rpm: 1, max_concurrency: 1, queue: { max_wait: 5 } }));
  await made.ask();
  expect(await made.ask()).toEqual({ status: 429, name: 'QueueTimeoutError', retryAfter: '60' });
  expect(made.elapsed()).toBe(0);

  const full = fleet(target('b', { max_concurrency: 1, queue: { max_wait: 5 } }));
  full.answers.b = 'stream';
  const open = await full.stream();
  const { ask, pass, ends } = watched(full);
  await ask('waits');
  await pass(4000);
  expect(ends).toEqual([]);
  await pass(1000);
  expect(ends).toEqual([['waits', 'QueueTimeoutError', 5]]);
  open.controller.abort();
  for await (const _ of open) break;
});

it('waits no longer than the deadline of the whole request', async () => {
  const made = fleet({ ...target('a', { rps: 1, queue: { max_wait: 60 } }), total_timeout: 2500 });
  const { ask, pass, ends } = watched(made);
  for (const name of ['0', '1', '2', '3']) await ask(name);
  await pass(4000, 500);
  expect(ends).toEqual([
    ['0', 'a', 0],
    ['1', 'a', 1],
    ['2', 'a', 2],
    ['3', 'APIConnectionTimeoutError', 2.5],
  ]);
});

it('holds no more than max_size: the least urgent has to go', async () => {
  const made = fleet(target('a', { rpm: 1, queue: { max_wait: 300, max_size: 2, aging: 0 } }));
  const { ask, pass, ends } = watched(made);
  await ask('now');
  await ask('five', { priority: 5 });
  await ask('seven', { priority: 7 });
  await ask('as urgent as the last', { priority: 7 });
  await ask('one', { priority: 1 });
  expect(ends.slice(1)).toEqual([
    ['as urgent as the last', 'QueueFullError', 0],
    ['seven', 'QueueFullError', 0],
  ]);
  await pass(120_000);
  expect(ends.slice(3).map(([name]) => name)).toEqual(['one', 'five']);
});

it('starts the third of three streams only when one of the first two is given up, without being asked again', async () => {
  const made = fleet(target('a', { max_concurrency: 2, queue: {} }));
  made.answers.a = 'stream';
  const first = await made.stream();
  const second = await made.stream();
  const third = made.stream();
  await settle();
  expect(made.log).toHaveLength(2);
  expect(made.of('a')).toMatchObject({ inFlight: 2, waiting: 1 });
  first.controller.abort();
  for await (const _ of first) break;
  const opened = await third;
  expect(made.log).toHaveLength(3);
  for (const open of [second, opened]) {
    open.controller.abort();
    for await (const _ of open) break;
  }
  await settle();
  expect(made.of('a')).toMatchObject({ inFlight: 0, limits: [{ of: 'concurrency', used: 0 }] });
  expect(made.clock.pending).toBe(0);
});

it('waits for the soonest of several targets, for limits and cooldowns alike', async () => {
  const made = fleet({
    ...balance({ failover: true }, target('b'), target('a', { rate_limit: { requests: 1, per: '20s' } })),
    cooldown: { allowed_fails: 0, time: 5 },
    queue: { max_wait: 30 },
  });
  made.answers.b = 500;
  const { ask, pass, ends } = watched(made);
  await ask('fails over to the one with room');
  made.answers.b = 200;
  await ask('waits for the cooldown');
  await ask('waits for what it says');
  await pass(5000);
  expect(ends).toEqual([
    ['fails over to the one with room', 'a', 0],
    ['waits for the cooldown', 'b', 5],
    ['waits for what it says', 'b', 5],
  ]);
});

it('waits for a sibling without room when the one that had it fails', async () => {
  for (const strategy of [{ mode: 'fallback' }, { mode: 'loadbalance', algorithm: 'round_robin' }] as const) {
    const made = fleet({ strategy, targets: [target('a'), target('b', { rps: 1 })], queue: { max_wait: 10 } });
    const { ask, pass, ends } = watched(made);
    made.answers.a = 500;
    for (const name of ['0', '1', '2']) await ask(name);
    await pass(2000, 500);
    expect(ends).toEqual([
      ['0', 'b', 0],
      ['1', 'b', 1],
      ['2', 'b', 2],
    ]);
    expect(made.clock.pending).toBe(0);
  }
});

it('does not wait for a primary while a backup could answer, unless the queue is written on the primary', async () => {
  const limited = { rate_limit: { requests: 1, per: '1s' } } as const;
  const above = fleet({ strategy: { mode: 'fallback' }, queue: {}, targets: [target('a', limited), target('b')] });
  expect([await above.ask(), await above.ask()]).toEqual(['a', 'b']);

  const here = fleet({
    strategy: { mode: 'fallback' },
    targets: [target('a', { ...limited, queue: { max_wait: 1.5 } }), target('b')],
  });
  const { ask, pass, ends } = watched(here);
  for (const name of ['0', '1', '2']) await ask(name);
  await pass(2000, 500);
  expect(ends).toEqual([
    ['0', 'a', 0],
    ['1', 'a', 1],
    ['2', 'b', 1.5],
  ]);
});

it('waits in each branch of a conditional for itself', async () => {
  const made = fleet({
    strategy: { mode: 'conditional', conditions: [{ query: { 'metadata.x': '1' }, then: 'a' }], default: 'b' },
    queue: {},
    targets: [target('a', { rps: 1 }), target('b', { rps: 1 })],
  });
  const { ask, pass, ends } = watched(made);
  for (const name of ['a0', 'a1']) await ask(name, { metadata: { x: '1' } });
  await ask('b0');
  await pass(1000, 500);
  expect(ends).toEqual([
    ['a0', 'a', 0],
    ['b0', 'b', 0],
    ['a1', 'a', 1],
  ]);
});

it('lets a retry stand before those who came later', async () => {
  const made = fleet(target('a', { rps: 1, queue: { max_wait: 30 }, retry: { attempts: 2 } }));
  const { ask, pass, ends } = watched(made);
  made.answers.a = 500;
  await ask('retried');
  made.answers.a = 200;
  await ask('second');
  await pass(250);
  await ask('third');
  await pass(4000, 250);
  expect(ends).toEqual([
    ['second', 'a', 1],
    ['retried', 'a', 2],
    ['third', 'a', 3],
  ]);
});

it('lets nobody more wait who was refused by another queue in front of the same target', async () => {
  const node = (name: string): Config => ({ ...balance({}, target('a', { rps: 1 })), name, queue: { max_wait: 30 } });
  const made = fleet(node('one'));
  const { ask, pass, ends } = watched(made);
  for (let i = 0; i < 6; i++) await ask(String(i), i % 2 === 0 ? {} : { config: node('two') });
  await pass(5000, 500);
  expect(ends.map(([, outcome, at]) => [outcome, at])).toEqual([0, 1, 2, 3, 4, 5].map((at) => ['a', at]));
});

it('passes on a given mode of waiting by `rate_limit.mode`, with 10 s at most', async () => {
  const made = fleet(
    balance(
      { algorithm: 'rate_limit_aware' },
      target('a', { rate_limit: { requests: 1, per: '8s', mode: 'queue' } }),
      target('b', { rate_limit: { requests: 1, per: '8s', mode: 'queue' } }),
    ),
  );
  const { ask, pass, ends } = watched(made);
  for (let i = 0; i < 5; i++) await ask(String(i));
  await pass(10_000, 500);
  expect(ends.map(([name, outcome, at]) => [name, String(outcome).length > 1, at])).toEqual([
    ['0', false, 0],
    ['1', false, 0],
    ['2', false, 8],
    ['3', false, 8],
    ['4', true, 10],
  ]);
});

it('gives up where all targets cool for longer than it may wait, and says so', async () => {
  const made = fleet({
    ...balance({}, target('a'), target('b', { weight: 0 })),
    cooldown: { allowed_fails: 0, time: 60 },
    queue: { max_wait: 5 },
  });
  made.answers.a = 500;
  await made.ask();
  expect(await made.ask()).toEqual({ status: 429, name: 'CooldownError', retryAfter: '60' });
  const { ask, pass, ends } = watched(made);
  made.clock.advance(60_000);
  made.answers.a = 'silent';
  const probe = new AbortController();
  await ask('probe', {}, { signal: probe.signal });
  await ask('waits for what the probe says');
  await pass(5000);
  expect(ends).toEqual([['waits for what the probe says', 'CooldownError', 65]]);
  made.answers.a = 200;
  await ask('waits too');
  probe.abort();
  await settle();
  expect(ends.slice(1)).toEqual([
    ['probe', 'APIUserAbortError', 65],
    ['waits too', 'a', 65],
  ]);
});

it('keeps small requests behind a large one that came first: what they would take is what it waits for', async () => {
  const made = fleet(target('a', { rate_limit: { tokens: 1000, per: '1m' }, queue: { max_wait: 600, aging: 0 } }));
  made.answers.a = 500;
  const ends: [string, number][] = [];
  const ask = (name: string, tokens: number, params: object = {}) => {
    void made.ask(params, {}, { max_tokens: tokens }).then(() => ends.push([name, made.elapsed() / 1000]));
    return settle();
  };
  made.answers.a = { status: 200 };
  await ask('half', 500);
  await ask('large', 900);
  for (let i = 0; i < 3; i++) await ask(`small ${i}`, 20);
  await ask('urgent', 20, { priority: -1 });
  for (let second = 0; second < 130; second++) {
    made.clock.advance(1000);
    await settle();
  }
  // Had the small ones been let in at once, and others after them, the large one would wait for ever.
  expect(ends.map(([name]) => name)).toEqual(['half', 'urgent', 'large', 'small 0', 'small 1', 'small 2']);
  expect(ends.find(([name]) => name === 'urgent')?.[1]).toBe(0);
});

it('one that no time makes fit holds nobody back', async () => {
  const made = fleet(target('a', { rate_limit: { tokens: 1000, per: '1m', mode: 'queue' }, max_input_tokens: 50 }));
  const tooLong = made.ask({}, {}, { messages: [{ role: 'user', content: 'word '.repeat(500) }] });
  expect(await made.ask({}, {}, { max_tokens: 20 })).toBe('a');
  expect(await tooLong).toMatchObject({ status: 400 });
});

it('with when_all_open: panic a line goes on though its target cools, in its order, and no faster than its limits', async () => {
  const cooldown = { allowed_fails: 0, time: 60, when_all_open: 'panic', exempt_single: false } as const;
  const made = fleet(target('a', { rate_limit: { requests: 1, per: '5s' }, cooldown, queue: { max_wait: 30 } }));
  const { ask, pass, ends } = watched(made);
  await ask('first');
  await ask('second');
  made.answers.a = 500;
  await pass(5000);
  expect(made.of('a')?.health).toBe('cooling');
  await ask('third');
  await ask('fourth');
  made.answers.a = 200;
  await pass(10_000);
  expect(ends.map(([name, , at]) => [name, at])).toEqual([
    ['first', 0],
    ['second', 5],
    ['third', 10],
    ['fourth', 15],
  ]);
  expect(ends[1]?.[1]).toBe('InternalServerError');
});
