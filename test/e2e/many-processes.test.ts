import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RedisServer, redisCli, startRedis } from '../support/redis.ts';
import type { WorkerOrder } from '../support/shared-worker.ts';
import { startWorkers } from '../support/shared-workers.ts';
import { type StrictUpstream, startStrictUpstream } from '../support/strict-upstream.ts';

let server: RedisServer;
let upstream: StrictUpstream;
beforeAll(async () => {
  server = await startRedis();
  upstream = await startStrictUpstream(10);
});
beforeEach(() => {
  redisCli(server.port, 'flushall');
  upstream.reset();
});
afterAll(async () => {
  await upstream.stop();
  await server.stop();
});

/** A wide margin: how late a call arrives depends on what else this machine does. */
const tenASecond = { requests: 10, per: '1s', safety_margin: 0.5 };
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const burst = (): WorkerOrder => ({
  upstreamUrl: upstream.url,
  keys: 10,
  rateLimit: tenASecond,
  calls: 60,
  everyMs: 10,
  // On a busy machine an answer may take longer than the 5 ms that a request waits by default; here it is the count that matters.
  timeoutMs: 10_000,
});

describe('four processes with ten keys of ten calls a second', () => {
  it('carry 240 calls that come within a second, and no key gets more than its ten in any second', async () => {
    const { reports } = await startWorkers(4, { ...burst(), redisUrl: server.url });
    const done = await reports;
    expect(done.map(({ ok, errors, warnings }) => ({ ok, errors, warnings }))).toEqual(
      new Array(4).fill({ ok: 60, errors: [], warnings: [] }),
    );
    const answered = ofKeys(upstream.answered());
    expect([upstream.refused(), sum(Object.values(answered))]).toEqual([0, 240]);
    // All keys are used: 240 calls take three windows, and no key carries more than its share of them.
    expect(Object.keys(answered)).toHaveLength(10);
    expect(Math.max(...Object.values(answered))).toBeLessThanOrEqual(30);
  }, 60_000);

  it('exceed the limits when each goes by its own alone', async () => {
    const { reports } = await startWorkers(4, burst());
    await reports;
    expect(upstream.refused()).toBeGreaterThan(0);
  }, 60_000);
});

describe('while Redis comes and goes', () => {
  it('no call is lost, none waits for it to come back, and every process says so once an outage', async () => {
    upstream.reset();
    const generous = await startStrictUpstream(100_000);
    const order = {
      ...burst(),
      upstreamUrl: generous.url,
      rateLimit: { requests: 1000, per: '1s' },
      redisUrl: server.url,
    };
    const { reports } = await startWorkers(4, { ...order, calls: 150, everyMs: 30, timeoutMs: 5 });
    await wait(500);
    server.pause();
    await wait(1000);
    server.resume();
    await wait(1000);
    await server.kill();
    await wait(1000);
    await server.restart();
    const done = await reports;
    expect(done.map(({ ok, errors }) => ({ ok, errors }))).toEqual(new Array(4).fill({ ok: 150, errors: [] }));
    for (const { durationsMs, warnings } of done) {
      // One for each of the two outages; a machine that is too busy to answer for 100 ms is one more.
      expect(new Set(warnings)).toEqual(new Set(['shared_state']));
      expect(warnings.length).toBeGreaterThanOrEqual(2);
      expect(warnings.length).toBeLessThanOrEqual(10);
      // Half of the calls met a Redis that was gone. How long a call takes beside that is the machine's affair.
      expect(median(durationsMs)).toBeLessThan(250);
    }
    // It is used again.
    expect(redisCli(server.port, '--raw', 'keys', '*:window:*')).toContain('{modelmux:workers}:window:1000:');
    await generous.stop();
  }, 60_000);
});

/** Without what warmed the processes up. */
function ofKeys(answered: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(answered).filter(([key]) => key.startsWith('key-')));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
