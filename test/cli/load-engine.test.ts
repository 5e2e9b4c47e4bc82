import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LoadRun, runLoad } from '../../src/cli/load/run-load.ts';
import { distributionOf, histogramOf, summaryOf } from '../../src/cli/load/summary.ts';
import { type ManualClock, manualClock, pass } from '../support/manual-clock.ts';

const never = new AbortController().signal;
const nobody = () => undefined;

/** What a test brought, when its time has passed. */
async function over(clock: ManualClock, running: Promise<LoadRun>): Promise<LoadRun> {
  const result = await pass(clock, running, 50);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

describe('a load test', () => {
  it('sends as many requests as asked, and no more at a time than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 80 }),
        async (requests, concurrency) => {
          let inFlight = 0;
          let most = 0;
          const send = async () => {
            inFlight += 1;
            most = Math.max(most, inFlight);
            await Promise.resolve();
            inFlight -= 1;
            return {};
          };
          const scope = { send, clock: manualClock(), signal: never };
          const run = await runLoad({ requests, concurrency }, scope, nobody);
          expect([run.calls.length, most]).toEqual([requests, Math.min(requests, concurrency)]);
        },
      ),
    );
  });

  it('begins requests at the rate asked for, and counts their waiting', async () => {
    const clock = manualClock();
    const startedAt = clock.now();
    const begun: number[] = [];
    const send = async () => {
      begun.push(clock.now() - startedAt);
      await new Promise<void>((resolve) => clock.after(250, resolve));
      return {};
    };
    const running = runLoad({ requests: 4, concurrency: 1, ratePerSecond: 10 }, { send, clock, signal: never }, nobody);
    const { calls } = await over(clock, running);
    // One at a time: each begins when the one before is over, and was due every 100 ms.
    expect(begun).toEqual([0, 250, 500, 750]);
    expect(calls.map(({ durationMs }) => durationMs)).toEqual([250, 400, 550, 700]);
  });

  it('begins nothing after its duration, and finishes what is in flight', async () => {
    const clock = manualClock();
    const send = () => new Promise<object>((resolve) => clock.after(400, () => resolve({})));
    const running = runLoad({ durationMs: 1000, concurrency: 2 }, { send, clock, signal: never }, nobody);
    const { calls, durationMs, wasStopped } = await over(clock, running);
    expect([calls.length, durationMs, wasStopped]).toEqual([6, 1200, false]);
  });

  it('ends at once when it is stopped, and counts only what was over', async () => {
    const clock = manualClock();
    const stop = new AbortController();
    const send = (signal: AbortSignal) =>
      new Promise<object>((resolve) => {
        clock.after(400, () => resolve({}));
        signal.addEventListener('abort', () => resolve({ failure: 'aborted' }), { once: true });
      });
    const running = runLoad({ requests: 100, concurrency: 1 }, { send, clock, signal: stop.signal }, nobody);
    clock.after(1000, () => stop.abort());
    const { calls, wasStopped } = await over(clock, running);
    expect([calls.length, wasStopped]).toEqual([2, true]);
  });
});

describe('its numbers', () => {
  it('are percentiles by nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(distributionOf(values)).toEqual({ mean: 50.5, p50: 50, p90: 90, p95: 95, p99: 99, max: 100 });
    expect(distributionOf([7])).toEqual({ mean: 7, p50: 7, p90: 7, p95: 7, p99: 7, max: 7 });
    expect(distributionOf([])).toBeUndefined();
  });

  it.each([
    [[], []],
    [[0.2], [[1, 1]]],
    [
      [1, 2, 3, 5],
      [
        [1, 1],
        [2, 1],
        [5, 2],
      ],
    ],
    [
      [15, 450],
      [
        [20, 1],
        [50, 0],
        [100, 0],
        [200, 0],
        [500, 1],
      ],
    ],
  ])('fall into buckets: %j', (values, buckets) => {
    expect(histogramOf(values).map(({ upToMs, count }) => [upToMs, count])).toEqual(buckets);
  });

  it('lose no value', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const buckets = histogramOf(values);
        expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
        expect(buckets.at(-1)?.upToMs).toBeGreaterThanOrEqual(Math.max(...values));
      }),
    );
  });

  it('say who answered, and what failed', () => {
    const call = (target: string, failure?: string) => ({
      durationMs: 10,
      target,
      provider: 'p',
      ...(failure === undefined ? {} : { failure }),
    });
    const calls = [call('a'), call('a'), call('b', '503 server'), { durationMs: 1, failure: 'network ECONNREFUSED' }];
    const summary = summaryOf({ calls, durationMs: 2000, wasStopped: false });
    expect(summary).toMatchObject({ requests: 4, ok: 2, failed: 2, perSecond: 2 });
    expect(summary.targets).toEqual([
      { path: 'a', provider: 'p', count: 2, failed: 0, share: 2 / 3 },
      { path: 'b', provider: 'p', count: 1, failed: 1, share: 1 / 3 },
    ]);
    expect(summary.failures).toEqual([
      { what: '503 server', count: 1 },
      { what: 'network ECONNREFUSED', count: 1 },
    ]);
  });
});
