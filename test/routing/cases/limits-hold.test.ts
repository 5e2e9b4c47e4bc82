import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { type Answer, fleet, settle, target } from '../../support/fleet.ts';

interface Step {
  readonly afterMs: number;
  readonly answer: Answer;
  readonly priority: number;
  readonly end: 'never' | 'at once' | 'later';
  readonly replyTokens: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  afterMs: fc.constantFrom(0, 0, 0, 30, 250, 900),
  answer: fc.constantFrom<Answer>(200, 200, 500, 429, 'silent', { status: 200, afterMs: 400 }),
  priority: fc.integer({ min: 0, max: 3 }),
  end: fc.constantFrom('never', 'never', 'at once', 'later'),
  replyTokens: fc.integer({ min: 1, max: 60 }),
});

const limited = (name: string, requests: number, mode: 'enforce' | 'queue'): Config =>
  target(name, {
    rate_limit: [
      { requests, per: '1s', mode },
      { tokens: 150, per: '2s', mode },
    ],
    max_concurrency: 2,
  });

const strategies = {
  fallback: { mode: 'fallback' },
  'weighted, no failover': { mode: 'loadbalance' },
  rate_limit_aware: { mode: 'loadbalance', algorithm: 'rate_limit_aware' },
  usage: { mode: 'loadbalance', algorithm: 'usage' },
} as const;

/** A node of two targets with limits on everything. */
function node(strategy: keyof typeof strategies, queued: boolean): Config {
  const mode = queued ? 'queue' : 'enforce';
  return {
    strategy: strategies[strategy],
    targets: [limited('a', 2, mode), limited('b', 3, mode)],
    rate_limit: { requests: 4, per: '1s', mode },
    cooldown: { allowed_fails: 2, time: 1 },
    ...(queued ? { queue: { max_wait: 3, max_size: 6 } } : {}),
    request_timeout: 700,
  };
}

/** What went out, as the events tell it. */
function sendings({ portkey, elapsed }: ReturnType<typeof fleet>) {
  const all: { readonly id: string; readonly name: string; readonly at: number; tokens: number }[] = [];
  const inFlight = new Map<string, number>();
  let mostAtOnce = 0;
  portkey.on('attempt-start', ({ attempt: { name = '' }, metadata, requestId: id }) => {
    const now = (inFlight.get(name) ?? 0) + 1;
    inFlight.set(name, now);
    mostAtOnce = Math.max(mostAtOnce, now);
    all.push({ id, name, at: elapsed(), tokens: Number(metadata.tokens) });
  });
  portkey.on('attempt-end', ({ attempt: { name = '', status = 0 }, requestId }) => {
    inFlight.set(name, (inFlight.get(name) ?? 0) - 1);
    const ended = all.findLast((each) => each.id === requestId && each.name === name);
    // What a provider refuses uses no tokens.
    if (status >= 400 && status !== 408 && ended !== undefined) ended.tokens = 0;
  });
  return { all, mostAtOnce: () => mostAtOnce };
}

/** Makes the calls, and lets time pass until all have ended. Resolves to how many endings there were. */
async function run(made: ReturnType<typeof fleet>, steps: readonly Step[]): Promise<number> {
  let ended = 0;
  const calls: Promise<unknown>[] = [];
  for (const { afterMs, answer, priority, end, replyTokens } of steps) {
    made.answers.a = answer;
    made.answers.b = answer;
    const controller = new AbortController();
    const params = { priority, metadata: { tokens: String(8 + replyTokens) } };
    const call = made.ask(params, { signal: controller.signal }, { max_tokens: replyTokens });
    calls.push(call.finally(() => ended++));
    if (end === 'at once') controller.abort();
    await settle();
    made.clock.advance(afterMs);
    await settle();
    if (end === 'later') controller.abort();
  }
  for (let i = 0; i < 100 && ended < calls.length; i++) {
    made.clock.advance(100);
    await settle();
  }
  await Promise.all(calls);
  await settle();
  return ended;
}

it.each(Object.keys(strategies) as (keyof typeof strategies)[])(
  'never exceeds a limit, ends every request once, and counts back to 0, whatever the load: %s',
  async (strategy) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, queued) => {
        const made = fleet(node(strategy, queued));
        const { all, mostAtOnce } = sendings(made);
        expect(await run(made, steps)).toBe(steps.length);
        const of = (name: string) => all.filter((each) => each.name === name);
        expect(mostWithin(of('a'), 1000)).toBeLessThanOrEqual(2);
        expect(mostWithin(of('b'), 1000)).toBeLessThanOrEqual(3);
        expect(mostWithin(all, 1000)).toBeLessThanOrEqual(4);
        for (const name of ['a', 'b'])
          expect(mostWithin(of(name), 2000, ({ tokens }) => tokens)).toBeLessThanOrEqual(150);
        expect(mostAtOnce()).toBeLessThanOrEqual(2);
        made.clock.advance(5000);
        for (const state of made.portkey.state()) {
          expect(state).toMatchObject({ inFlight: 0 });
          expect(state.waiting).toBeUndefined();
          expect(state.limits?.map(({ used }) => used)).toEqual([0, 0, 0, 0]);
        }
        expect(made.clock.pending).toBe(0);
      }),
      { numRuns: 40 },
    );
  },
);

/** The most within any sliding window that ends with one of them. */
function mostWithin<Sent extends { readonly at: number }>(
  sent: readonly Sent[],
  windowMs: number,
  amountOf: (each: Sent) => number = () => 1,
): number {
  return sent.reduce((most, { at: end }) => {
    const within = sent.filter(({ at }) => at <= end && at > end - windowMs);
    return Math.max(
      most,
      within.reduce((sum, each) => sum + amountOf(each), 0),
    );
  }, 0);
}
