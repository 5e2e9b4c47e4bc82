import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type RedisServer, redisCli, startRedis } from '../support/redis.ts';
import type { WorkerOrder, WorkerProgress } from '../support/shared-worker.ts';
import { startWorkers } from '../support/shared-workers.ts';
import { type StrictUpstream, startStrictUpstream } from '../support/strict-upstream.ts';

const windowMs = 4000;
let server: RedisServer;
let upstream: StrictUpstream;
beforeAll(async () => {
  server = await startRedis();
  upstream = await startStrictUpstream(10, windowMs);
});
beforeEach(() => {
  redisCli(server.port, 'flushall');
  upstream.reset();
});
afterAll(async () => {
  await upstream.stop();
  await server.stop();
});

/** Twice the time of the provider: how late a call arrives depends on what else this machine does. */
const tenOfFourSeconds = { requests: 10, per: '4s', safety_margin: 1 };

const burst = (): WorkerOrder => ({
  upstreamUrl: upstream.url,
  keys: 10,
  rateLimit: tenOfFourSeconds,
  calls: 40,
  everyMs: 10,
  // On a busy machine an answer may take longer than the 5 ms that a request waits by default; here it is the count that matters.
  timeoutMs: 10_000,
});

describe('four processes with ten keys of ten calls in four seconds', () => {
  it('carry 160 calls that come at once, and no key gets more than its ten in any four seconds', async () => {
    const { reports } = await startWorkers(4, { ...burst(), redisUrl: server.url });
    expect(await reports).toEqual(new Array(4).fill({ ok: 40, errors: [], warnings: [] }));
    const answered = ofKeys(upstream.answered());
    expect([upstream.refused(), sum(Object.values(answered))]).toEqual([0, 160]);
    // All keys are used: 160 calls take two windows, and no key carries much more than its share of them.
    expect(Object.keys(answered)).toHaveLength(10);
    expect(Math.max(...Object.values(answered))).toBeLessThanOrEqual(30);
  });

  it('exceed the limits when each goes by its own alone', async () => {
    const { reports } = await startWorkers(4, { ...burst(), everyMs: 0 });
    await reports;
    expect(upstream.refused()).toBeGreaterThan(0);
  });
});

describe('while Redis comes and goes', () => {
  it('no call is lost, none waits for it to come back, and every process says so once an outage', async () => {
    const generous = await startStrictUpstream(100_000, windowMs);
    onTestFinished(() => generous.stop());
    const { progress, stop, reports } = await startWorkers(4, {
      upstreamUrl: generous.url,
      keys: 10,
      rateLimit: { requests: 1000, per: '1s' },
      everyMs: 30,
      redisUrl: server.url,
      timeoutMs: 5,
    });
    const grow = (what: keyof WorkerProgress, by: number, since: readonly WorkerProgress[]) =>
      expect
        .poll(() => progress().every((now, index) => now[what] >= (since[index]?.[what] ?? 0) + by), { interval: 10 })
        .toBe(true);
    const outages = [
      { begin: async () => server.pause(), end: async () => server.resume() },
      { begin: server.kill, end: server.restart },
    ];
    let wellSince = progress();
    await grow('answers', 5, wellSince);
    for (const { begin, end } of outages) {
      await begin();
      await grow('warnings', 1, wellSince);
      // Nobody waits for it: these calls are over before it is back.
      await grow('done', 20, progress());
      await end();
      wellSince = progress();
      await grow('answers', 5, wellSince);
    }
    stop();
    for (const { ok, errors, warnings } of await reports) {
      expect(errors).toEqual([]);
      // One for each outage; a machine that is too busy to answer for 100 ms is one more. Not one for each call.
      expect(new Set(warnings)).toEqual(new Set(['shared_state']));
      expect(warnings.length).toBeLessThan(ok / 4);
    }
    // It is used again.
    expect(redisCli(server.port, '--raw', 'keys', '*:window:*')).toContain('{modelmux:workers}:window:1000:');
  });
});

/** Without what warmed the processes up. */
function ofKeys(answered: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(answered).filter(([key]) => key.startsWith('key-')));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
