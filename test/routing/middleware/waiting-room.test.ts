import { expect, it } from 'vitest';
import { CapacityError } from '../../../src/core/errors/routing-errors.ts';
import type { Handler } from '../../../src/core/handler.ts';
import type { Health } from '../../../src/core/health.ts';
import { type QueuePolicy, waitingRoom } from '../../../src/routing/middleware/waiting-room.ts';
import { createTargetStates } from '../../../src/routing/state/target-states.ts';
import { chatRequest, replyOf, testContext, testRuntime } from '../../support/engine.ts';
import { settle } from '../../support/fleet.ts';

const queue: QueuePolicy = { maxWaitMs: 60_000, maxSize: 100, defaultPriority: 0, agingMs: Number.POSITIVE_INFINITY };

/** A room in front of one target with some places. Calls do what `target` says; `log` notes who was called. */
function room(places: number, target: (name: string, take: () => void) => Promise<unknown>) {
  const { runtime, clock } = testRuntime();
  const states = createTargetStates();
  const log: string[] = [];
  let taken = 0;
  const readyAt = (now: number) => (taken < places ? now : Number.POSITIVE_INFINITY);
  const health: Health = {
    identity: 't',
    targets: ['t'],
    isGuarded: true,
    isWatched: true,
    isLimited: false,
    isQueued: true,
    coolsUntil: () => 0,
    readyAt,
    roomAt: readyAt,
    fitsEver: () => true,
    share: () => 1,
    inFlight: () => taken,
    headroom: () => places - taken,
    usedShare: () => taken / places,
    usedTokens: () => 0,
    latency: () => undefined,
  };
  const handler: Handler = async (request, context) => {
    const name = String(request.body.name);
    await target(name, () => {
      if (taken >= places) throw new CapacityError({ code: 'max_concurrency', message: 'Full.', readyInMs: 0 });
      taken++;
      log.push(name);
      context.onPlaced?.();
    });
    return replyOf(name);
  };
  const enter = waitingRoom(
    { path: 'config', health, states, allOpen: { mode: 'wait', maxWaitMs: 0 }, queue },
    runtime,
  )(handler);
  return {
    log,
    clock,
    ask: (name: string, priority = 0) => enter(chatRequest({ name }), testContext({ call: { priority } })),
    /** As when the time has come and its timer has not. */
    freeUnheard() {
      taken--;
    },
    free(count = 1) {
      taken -= count;
      states.turned();
    },
  };
}

it('calls the next in only when the one called in has its place, however long that takes', async () => {
  const takers: (() => void)[] = [];
  const { ask, log, free } = room(1, async (_, take) => {
    await new Promise<void>((resolve) => takers.push(resolve));
    take();
  });
  const answers = ['0', '1', '2', '3'].map((name) => ask(name));
  // The line was free for each of them when it came: nobody had his place yet.
  expect(takers).toHaveLength(4);
  for (const take of takers.splice(0)) take();
  await settle();
  expect(log).toEqual(['0']);
  for (const name of ['1', '2', '3']) {
    free();
    expect(takers).toHaveLength(1);
    free(0);
    expect(takers).toHaveLength(1);
    takers.pop()?.();
    await settle();
    expect(log.at(-1)).toBe(name);
    expect(takers).toHaveLength(0);
  }
  await Promise.all(answers);
});

it('lets one who loses its place on the way back in at its old place in line', async () => {
  let isLate = true;
  const { ask, log, free } = room(1, async (name, take) => {
    if (name === 'second' && isLate) {
      isLate = false;
      await settle();
      throw new CapacityError({ code: 'max_concurrency', message: 'Full.', readyInMs: 0 });
    }
    take();
  });
  await ask('first');
  const waiting = [ask('second'), ask('third')];
  free();
  await settle();
  await settle();
  expect(log).toEqual(['first', 'second']);
  free();
  await Promise.all(waiting);
  expect(log).toEqual(['first', 'second', 'third']);
});

it('lets no newcomer overtake who waits, even where nobody has noticed yet that there is room', async () => {
  const { ask, log, free, freeUnheard } = room(1, async (_, take) => take());
  await ask('first');
  const waiting = [ask('second'), ask('third')];
  freeUnheard();
  const newcomer = ask('newcomer');
  const urgent = ask('urgent newcomer', -1);
  await settle();
  expect(log).toEqual(['first', 'second']);
  for (let i = 0; i < 3; i++) {
    free();
    await settle();
  }
  await Promise.all([...waiting, newcomer, urgent]);
  expect(log).toEqual(['first', 'second', 'urgent newcomer', 'third', 'newcomer']);
});

it('does not try for ever what is refused though there seems to be room', async () => {
  let tries = 0;
  const { ask } = room(1, async () => {
    tries++;
    throw new CapacityError({ code: 'rate_limit', message: 'Full.', readyInMs: 0 });
  });
  await expect(ask('only')).rejects.toMatchObject({ name: 'CapacityError' });
  expect(tries).toBe(9);
});

it('serves a hundred who wait in order of urgency, each once', async () => {
  const { ask, log, free } = room(1, async (_, take) => take());
  await ask('first');
  const answers = Array.from({ length: 100 }, (_, index) => ask(String(index), (index * 37) % 10));
  for (let i = 0; i < 100; i++) {
    free();
    await settle();
  }
  await Promise.all(answers);
  const ranks = log.slice(1).map((name) => [(Number(name) * 37) % 10, Number(name)] as const);
  expect(ranks).toEqual(ranks.toSorted(([a, i], [b, j]) => a - b || i - j));
  expect(new Set(log).size).toBe(101);
});
