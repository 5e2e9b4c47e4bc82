import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Config, Cooldown } from '../../../src/config/config.ts';
import { type Answer, fleet, settle, target } from '../../support/fleet.ts';

const balance = (targets: readonly Config[], cooldown: Cooldown, strategy: object = {}): Config => ({
  strategy: { mode: 'loadbalance', ...strategy },
  cooldown,
  targets,
});

it('calls only the target with a weight, and nobody once that cools: weight 0 is never an answer', async () => {
  const { ask, answers, log } = fleet(
    balance([target('a', { weight: 0 }), target('b')], { allowed_fails: 0, when_all_open: 'wait' }),
  );
  for (let i = 0; i < 10; i++) expect(await ask()).toBe('b');
  answers.b = 500;
  await ask();
  expect(await ask()).toEqual({ status: 429, name: 'CooldownError', retryAfter: '30' });
  expect(new Set(log)).toEqual(new Set(['b']));
  expect(log).toHaveLength(11);
});

it('opens on the 4th failure of allowed_fails 3, probes once after 30 s, then after 60 s, then ramps', async () => {
  const { ask, answers, log, clock, portkey, of } = fleet({
    strategy: { mode: 'fallback' },
    cooldown: { allowed_fails: 3, time: 30, window: 60 },
    targets: [target('a'), target('b')],
  });
  const turns: unknown[] = [];
  portkey.on('target-open', ({ target, openUntil }) => turns.push([target.path, openUntil - clock.now()]));
  portkey.on('target-close', ({ target }) => turns.push([target.path, 'closed']));
  answers.a = 500;
  for (let i = 0; i < 6; i++) expect(await ask()).toBe('b');
  expect(log.join('')).toBe('abababab' + 'bb');
  expect(turns).toEqual([['config.targets[0]', 30_000]]);

  clock.advance(29_999);
  await ask();
  expect(log.at(-1) + log.at(-2)!).toBe('bb');
  clock.advance(1);
  answers.a = 'silent';
  const probe = ask({}, { timeout: 5000 });
  await settle();
  for (let i = 0; i < 5; i++) expect(await ask()).toBe('b');
  expect(log.filter((name) => name === 'a')).toHaveLength(5);
  clock.advance(5000);
  expect(await probe).toBe('b');
  // The caller's own timeout said nothing of the target: the next call is the probe.
  answers.a = 500;
  expect(await ask()).toBe('b');
  expect(turns.slice(1)).toEqual([['config.targets[0]', 60_000]]);

  clock.advance(59_999);
  await ask();
  expect(log.filter((name) => name === 'a')).toHaveLength(6);
  clock.advance(1);
  answers.a = 200;
  expect(await ask()).toBe('a');
  expect(turns.slice(2)).toEqual([['config.targets[0]', 'closed']]);
  expect(of('a')?.health).toBe('recovering');
  clock.advance(10_000);
  expect(of('a')?.health).toBe('ready');
});

const openAiError = (status: number, code: string): Answer => ({
  status,
  body: { error: { message: code, type: 'invalid_request_error', code } },
});

it.each<[string, Answer, object?, object?]>([
  ['400', 400],
  ['404', 404],
  ['422', 422],
  ['a content filter', openAiError(400, 'content_filter')],
  ['a prompt too long', openAiError(400, 'context_length_exceeded')],
])('is never opened by %s, 50 times', async (_, answer) => {
  const { ask, answers, log, of } = fleet(balance([target('a'), target('b', { weight: 0 })], { allowed_fails: 0 }));
  answers.a = answer;
  for (let i = 0; i < 50; i++) await ask();
  expect(log).toHaveLength(50);
  expect(of('a')).toMatchObject({ health: 'ready', fails: 0, inFlight: 0 });
});

it('is never opened by callers that leave, nor by timeouts they chose', async () => {
  const { ask, answers, clock, log, of } = fleet(
    balance([target('a'), target('b', { weight: 0 })], { allowed_fails: 0 }),
  );
  answers.a = 'silent';
  for (let i = 0; i < 50; i++) {
    const controller = new AbortController();
    const answer = i % 2 === 0 ? ask({}, { signal: controller.signal }) : ask({ requestTimeout: 100 });
    await settle();
    if (i % 2 === 0) controller.abort();
    clock.advance(100);
    expect(await answer).toMatchObject({ name: i % 2 === 0 ? 'APIUserAbortError' : 'APIConnectionTimeoutError' });
  }
  expect(log).toHaveLength(50);
  expect(of('a')).toMatchObject({ health: 'ready', fails: 0, inFlight: 0 });
});

it('is opened by a timeout of the config', async () => {
  const { ask, answers, clock, of } = fleet({
    ...balance([target('a'), target('b', { weight: 0 })], { allowed_fails: 0 }),
    request_timeout: 100,
  });
  answers.a = 'silent';
  const answer = ask();
  await settle();
  clock.advance(100);
  expect(await answer).toMatchObject({ status: 408 });
  expect(of('a')?.health).toBe('cooling');
});

it.each<[string, Answer, number]>([
  ['a longer Retry-After of a 429', { status: 429, headers: { 'retry-after': '20' } }, 20_000],
  ['a longer Retry-After of a 503', { status: 503, headers: { 'retry-after-ms': '15000' } }, 15_000],
  ['its own time after a shorter one', { status: 429, headers: { 'retry-after': '2' } }, 10_000],
  ['its own time after a 500, whatever its header', { status: 500, headers: { 'retry-after': '20' } }, 10_000],
  ['its own time after a 401, though 5 failures are allowed', 401, 10_000],
])('cools for %s', async (_, answer, forMs) => {
  const allowed_fails = answer === 401 ? 5 : 0;
  const { ask, answers, clock, of } = fleet(
    balance([target('a'), target('b', { weight: 0 })], { allowed_fails, time: 10 }),
  );
  answers.a = answer;
  await ask();
  expect(of('a')?.openUntil).toBe(clock.now() + forMs);
});

it('is opened by a stream that breaks after its first content', async () => {
  const { stream, answers, clock, of } = fleet({
    ...balance([target('a'), target('b', { weight: 0 })], { allowed_fails: 0 }),
    idle_timeout: 50,
  });
  answers.a = 'stream';
  const broken = await stream();
  expect(of('a')).toMatchObject({ health: 'ready', inFlight: 1 });
  clock.advance(50);
  const read = async () => {
    for await (const _ of broken);
  };
  await expect(read()).rejects.toMatchObject({ name: 'APIConnectionTimeoutError' });
  expect(of('a')).toMatchObject({ health: 'cooling', inFlight: 0 });
});

it('waits once, for max_wait in all, below nodes that lead to one child only', async () => {
  const lb = balance([target('a'), target('b', { weight: 0 })], { allowed_fails: 0, time: 20, max_wait: 15 });
  const { ask, answers, clock } = fleet({
    strategy: { mode: 'conditional', conditions: [{ query: { 'metadata.x': '1' }, then: 'lb' }], default: 'lb' },
    targets: [{ ...lb, name: 'lb' }],
  });
  answers.a = 500;
  await ask();
  expect(await ask()).toEqual({ status: 429, name: 'CooldownError', retryAfter: '20' });
  clock.advance(6000);
  answers.a = 200;
  const answer = ask();
  await settle();
  clock.advance(14_000);
  expect(await answer).toBe('a');
});

/** A and B open until t = 3 s and 5 s; the clock stands at 1 s. */
async function bothOpen(cooldown: Cooldown) {
  const made = fleet(balance([target('a'), target('b')], { allowed_fails: 0, time: 1, ...cooldown }));
  const { ask, answers, log } = made;
  answers.a = { status: 429, headers: { 'retry-after': '3' } };
  answers.b = { status: 429, headers: { 'retry-after': '5' } };
  await ask();
  await ask();
  expect([...log].sort()).toEqual(['a', 'b']);
  log.length = 0;
  answers.a = 200;
  answers.b = 200;
  made.clock.advance(1000);
  return made;
}

it('waits for the first of two cooling targets, and calls that one', async () => {
  const { ask, clock, log, elapsed } = await bothOpen({ when_all_open: 'wait' });
  const answer = ask();
  clock.advance(1999);
  await settle();
  expect(log).toEqual([]);
  clock.advance(1);
  expect(await answer).toBe('a');
  expect([log, elapsed()]).toEqual([['a'], 3000]);
});

it('refuses at once what cannot wait long enough, saying when', async () => {
  const { ask, log } = await bothOpen({ when_all_open: 'wait', max_wait: 1 });
  expect(await ask()).toEqual({ status: 429, name: 'CooldownError', retryAfter: '2' });
  expect(log).toEqual([]);
});

it('waits no longer than the deadline of the whole request', async () => {
  const made = fleet({
    ...balance([target('a'), target('b', { weight: 0 })], { allowed_fails: 0, time: 5 }),
    total_timeout: 4000,
  });
  made.answers.a = 500;
  await made.ask();
  expect(await made.ask()).toEqual({ status: 429, name: 'CooldownError', retryAfter: '5' });
});

it('lets one of the waiting through as the probe, and the others when it has answered', async () => {
  const { ask, clock, log, answers } = await bothOpen({ when_all_open: 'wait' });
  answers.a = 'stream';
  const waiting = [ask(), ask(), ask()];
  clock.advance(2000);
  answers.a = 200;
  expect(await Promise.all(waiting)).toEqual(['a', 'a', 'a']);
  expect(log).toEqual(['a', 'a', 'a']);
});

it('fails at once with when_all_open: fail, and calls them all the same with panic', async () => {
  const failing = await bothOpen({ when_all_open: 'fail' });
  expect(await failing.ask()).toEqual({ status: 429, name: 'CooldownError', retryAfter: '2' });
  const panicking = await bothOpen({ when_all_open: 'panic' });
  panicking.answers.a = 500;
  panicking.answers.b = 500;
  for (let i = 0; i < 4; i++) expect(await panicking.ask()).toMatchObject({ status: 500 });
  expect([...panicking.log].sort().join('')).toBe('aabb');
  panicking.answers.a = 200;
  panicking.answers.b = 200;
  const first = await panicking.ask();
  expect(panicking.of(first as string)?.health).toBe('recovering');
});

it('stops waiting when the caller leaves', async () => {
  const { ask, clock, log } = await bothOpen({});
  const controller = new AbortController();
  const answer = ask({}, { signal: controller.signal });
  await settle();
  controller.abort();
  expect(await answer).toMatchObject({ name: 'APIUserAbortError' });
  clock.advance(10_000);
  await settle();
  expect(log).toEqual([]);
  expect(clock.pending).toBe(0);
});

it('goes on at once when a fallback has another target, whatever its status codes', async () => {
  const { ask, answers, log } = fleet({
    strategy: { mode: 'fallback', on_status_codes: [429] },
    cooldown: { allowed_fails: 0 },
    targets: [target('a'), target('b')],
  });
  answers.a = 429;
  for (let i = 0; i < 3; i++) expect(await ask()).toBe('b');
  expect(log.join('')).toBe('abbb');
});

it('passes over a node all of whose targets cool', async () => {
  const { ask, answers, log } = fleet(
    balance([balance([target('a'), target('b')], { allowed_fails: 0 }), target('c')], { allowed_fails: 0 }),
  );
  answers.a = 500;
  answers.b = 500;
  for (let i = 0; i < 6; i++) await ask();
  log.length = 0;
  for (let i = 0; i < 6; i++) expect(await ask()).toBe('c');
  expect(log.join('')).toBe('cccccc');
});

it('exempts a target without siblings, unless told otherwise', async () => {
  const alone = fleet({ ...target('a'), cooldown: { allowed_fails: 0 } });
  alone.answers.a = 500;
  for (let i = 0; i < 3; i++) expect(await alone.ask()).toMatchObject({ status: 500 });
  const cooled = fleet({ ...target('a'), cooldown: { allowed_fails: 0, exempt_single: false, when_all_open: 'fail' } });
  cooled.answers.a = 500;
  await cooled.ask();
  expect(await cooled.ask()).toMatchObject({ name: 'CooldownError' });
});

it('stops the retries of a target that cools, giving its own failure', async () => {
  const { ask, answers, log } = fleet({
    strategy: { mode: 'fallback' },
    cooldown: { allowed_fails: 0 },
    retry: { attempts: 5 },
    targets: [target('a'), target('b', { retry: { attempts: 0 } })],
  });
  answers.a = 500;
  expect(await ask()).toBe('b');
  expect(log.join('')).toBe('ab');
});

it('shares what it knows between two places of one identity, and keeps it when the config is edited', async () => {
  const keyed = (host: string) => ({ provider: 'openai', api_key: 'k', custom_host: `http://${host}.test/v1` });
  const first = balance([keyed('a'), keyed('b')], { allowed_fails: 0 }, { failover: true });
  const { ask, answers, log } = fleet(first);
  answers.a = 500;
  for (let i = 0; i < 3; i++) expect(await ask()).toBe('b');
  log.length = 0;
  const edited = { strategy: { mode: 'fallback' }, cooldown: {}, targets: [keyed('a'), keyed('b')] };
  expect(await ask({ config: edited })).toBe('b');
  expect(log.join('')).toBe('b');
});

it('never calls a cooling target except by its one probe, whatever happens', async () => {
  const step = fc.record({
    answer: fc.constantFrom<Answer>(200, 500, 429, 400, 401),
    waitMs: fc.constantFrom(0, 500, 5000, 31_000),
    together: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const made = fleet(balance([target('a'), target('b', { weight: 1 })], { allowed_fails: 1 }, { failover: true }));
      const { portkey, clock, of, log } = made;
      let openUntil = 0;
      portkey.on('target-open', (event) => {
        if (event.target.targetId === 'a') openUntil = event.openUntil;
      });
      portkey.on('target-close', (event) => {
        if (event.target.targetId === 'a') openUntil = 0;
      });
      let asked = 0;
      const violations: string[] = [];
      portkey.on('attempt-start', ({ attempt }) => {
        if (attempt.path !== 'config.targets[0]') return;
        asked++;
        // Noted, not thrown: what a listener throws harms nobody, the test included.
        if (clock.now() < openUntil) violations.push('called while it cooled');
        if (openUntil > 0 && of('a')?.inFlight !== 0) violations.push('called beside its probe');
      });
      for (const { answer, waitMs, together } of steps) {
        made.answers.a = answer;
        const answers = Array.from({ length: together }, () => made.ask());
        await Promise.all(answers);
        clock.advance(waitMs);
      }
      expect(violations).toEqual([]);
      expect(asked).toBe(log.filter((name) => name === 'a').length);
      for (const { inFlight } of portkey.state()) expect(inFlight).toBe(0);
    }),
    { numRuns: 40 },
  );
});
