import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Answer, fleet, settle, target } from '../../support/fleet.ts';

it('starts the third of three streams only after one of the first two was aborted, and counts down to 0', async () => {
  const { answers, log, stream, ask, of } = fleet(target('a', { max_concurrency: 2 }));
  answers.a = 'stream';
  const first = await stream();
  const second = await stream();
  expect(of('a')?.inFlight).toBe(2);
  expect(await ask()).toEqual({ status: 429, name: 'CapacityError', retryAfter: '1' });
  expect(log).toHaveLength(2);

  first.controller.abort();
  for await (const _ of first) break;
  await settle();
  expect(of('a')?.inFlight).toBe(1);
  const third = await stream();
  expect(log).toHaveLength(3);
  for (const open of [second, third]) {
    open.controller.abort();
    for await (const _ of open) break;
  }
  await settle();
  expect(of('a')).toMatchObject({ inFlight: 0, fails: 0, health: 'ready' });
});

it('lets a retry wait for room', async () => {
  const { answers, clock, ask, stream, log } = fleet(target('a', { max_concurrency: 1, retry: { attempts: 3 } }));
  answers.a = 'stream';
  const open = await stream();
  answers.a = 200;
  const waiting = ask();
  await settle();
  clock.advance(1000);
  await settle();
  expect(log).toHaveLength(1);
  open.controller.abort();
  for await (const _ of open) break;
  clock.advance(2000);
  expect(await waiting).toBe('a');
});

it('passes over a full target while another has room, and refuses when all are full', async () => {
  const full = { max_concurrency: 1 };
  const { answers, ask, stream } = fleet({
    strategy: { mode: 'loadbalance' },
    targets: [target('a', full), target('b', full)],
  });
  answers.a = 'stream';
  answers.b = 'stream';
  const open = await stream();
  answers.a = 200;
  answers.b = 200;
  const free = await ask();
  expect(await ask()).toBe(free);
  expect(await ask()).toBe(free);
  answers.a = 'stream';
  answers.b = 'stream';
  const other = await stream();
  expect(await ask()).toMatchObject({ name: 'CapacityError' });
  for (const each of [open, other]) each.controller.abort();
});

it('counts back to 0 whatever comes of the calls', async () => {
  const step = fc.record({
    answer: fc.constantFrom<Answer>(200, 500, 400, 'silent', 'stream', { status: 200, body: 'no reply' }),
    end: fc.constantFrom('never', 'at once', 'later'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { answers, portkey, clock, of } = fleet({ ...target('a', { max_concurrency: 100 }), request_timeout: 50 });
      const body = { model: 'm', messages: [] };
      const whole = (signal: AbortSignal) => portkey.chat.completions.create(body, {}, { signal });
      const opened = async (signal: AbortSignal) => {
        const stream = await portkey.chat.completions.create({ ...body, stream: true }, {}, { signal });
        const iterator = stream[Symbol.asyncIterator]();
        await iterator.next().catch(() => undefined);
        return iterator.return?.();
      };
      const calls: Promise<unknown>[] = [];
      for (const { answer, end } of steps) {
        answers.a = answer;
        const controller = new AbortController();
        calls.push((answer === 'stream' ? opened : whole)(controller.signal).catch(() => 'failed'));
        if (end === 'at once') controller.abort();
        await settle();
        if (end === 'later') controller.abort();
      }
      await settle();
      clock.advance(50);
      await Promise.all(calls);
      await settle();
      expect(of('a')?.inFlight).toBe(0);
    }),
    { numRuns: 40 },
  );
});
