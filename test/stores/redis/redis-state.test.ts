import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SharedClaim, SharedMessage, SharedState } from '../../../src/core/shared-state.ts';
import { type RedisArgument, toCommands } from '../../../src/stores/redis/commands.ts';
import { stateOf } from '../../../src/stores/redis/redis-state.ts';
import { keySlot } from '../../support/key-slot.ts';
import { type RedisCluster, type RedisServer, redisCli, startRedis, startRedisCluster } from '../../support/redis.ts';
import { clientMakers, clusterClientMakers, type OpenClient } from '../../support/redis-clients.ts';

let server: RedisServer;
let open: OpenClient;
let state: SharedState;
beforeAll(async () => {
  server = await startRedis();
  open = await clientMakers.ioredis(server);
  state = stateOf(toCommands(open.client), { namespace: 'test', timeoutMs: 5 });
});
beforeEach(() => void redisCli(server.port, 'flushall'));
afterAll(async () => {
  open.close();
  await server.stop();
});

const nothing: SharedMessage = {
  sender: 'a',
  batch: 0,
  corrections: [],
  openings: [],
  seenVersion: 0,
  candidates: [],
  bonds: [],
  lease: 'a:1',
  leaseMs: 60_000,
};
const exchange = (message: Partial<SharedMessage>) => state.exchange({ ...nothing, ...message });
const take = (...claims: readonly SharedClaim[]) => exchange({ candidates: [claims] });
const requests = (key: string, limit: number, windowMs = 60_000, amount = 1): SharedClaim => ({
  kind: 'window',
  key,
  amount,
  limit,
  windowMs,
});
const money = (key: string, amount: number, limit: number): SharedClaim => ({
  kind: 'total',
  key,
  amount,
  limit,
  endsInMs: 3_600_000,
});
const place = (key: string, limit: number): SharedClaim => ({ kind: 'lease', key, limit });

describe('a window', () => {
  it('is taken up to its limit, then says when the first amount leaves it', async () => {
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await take(requests('k', 3)));
    expect(answers.map((answer) => answer.taken)).toEqual([0, 0, 0, undefined]);
    // Who takes the last one is told as well.
    expect(answers.map(({ shortages }) => shortages.length)).toEqual([0, 0, 1, 1]);
    for (const { shortages } of answers.slice(2)) {
      // One slice of time, a thousandth of the window, on top of the window.
      expect(shortages[0]?.waitMs).toBeGreaterThan(50_000);
      expect(shortages[0]?.waitMs).toBeLessThanOrEqual(60_120);
    }
  });

  it('says when enough leaves it, not only the first amount', async () => {
    const [seconds = '0'] = redisCli(server.port, '--raw', 'time').split('\n');
    const hour = 3_600_000;
    // Slices of 3.6 s: 2 were taken half an hour ago, 7 were taken ten minutes ago.
    const slice = (minutesAgo: number) => String(Math.floor((Number(seconds) - minutesAgo * 60) / 3.6));
    redisCli(
      server.port,
      'hset',
      '{modelmux:test}:window:3600000:k',
      't',
      '9',
      'o',
      slice(30),
      slice(30),
      '2',
      slice(10),
      '7',
    );
    const waits = [];
    for (const amount of [3, 4]) waits.push((await take(requests('k', 10, hour, amount))).shortages[0]?.waitMs ?? 0);
    expect(waits.map((wait) => Math.round(wait / 300_000) * 5)).toEqual([30, 50]);
    expect((await take(requests('k', 10, hour, 1))).taken).toBe(0);
  });

  it('is free again once its time has passed, and holds no more than its limit in any window', async () => {
    const limit = 5;
    const windowMs = 40;
    const takenAt: number[] = [];
    while (takenAt.length < 40) {
      const answer = await take(requests('k', limit, windowMs));
      if (answer.taken === 0) takenAt.push(answer.at);
    }
    const most = takenAt.map((from) => takenAt.filter((at) => at >= from && at < from + windowMs).length);
    expect(Math.max(...most)).toBe(limit);
  });

  it('takes an amount beyond its limit as the whole', async () => {
    expect((await take(requests('k', 10, 60_000, 50))).taken).toBe(0);
    expect((await take(requests('k', 10, 60_000, 1))).taken).toBeUndefined();
  });

  it('gives back what a call did not use, once', async () => {
    const { at } = await take(requests('k', 10, 60_000, 10));
    const corrections = [{ kind: 'add', claim: asAmount(requests('k', 10, 60_000, -7)), takenAt: at }] as const;
    await exchange({ batch: 1, corrections });
    // The same batch again: its answer was lost.
    await exchange({ batch: 1, corrections });
    expect((await take(requests('k', 10, 60_000, 8))).taken).toBeUndefined();
    expect((await take(requests('k', 10, 60_000, 7))).taken).toBe(0);
  });

  it('forgets nothing and adds nothing when a correction comes too late', async () => {
    await take(requests('k', 10, 60_000, 4));
    const corrections = [{ kind: 'add', claim: asAmount(requests('k', 10, 60_000, -4)), takenAt: 1000 }] as const;
    await exchange({ batch: 1, corrections });
    expect((await take(requests('k', 10, 60_000, 7))).taken).toBeUndefined();
    expect((await take(requests('k', 10, 60_000, 6))).taken).toBe(0);
  });

  it('keeps keys for no longer than they mean something', async () => {
    await take(requests('k', 10, 5000), place('p', 1), money('m', 1, 10));
    const names = redisCli(server.port, '--raw', 'keys', '*').trim().split('\n').sort();
    expect(names).toEqual(['{modelmux:test}:lease:p', '{modelmux:test}:total:m', '{modelmux:test}:window:5000:k']);
    for (const name of names) expect(Number(redisCli(server.port, 'pttl', name))).toBeGreaterThan(0);
  });
});

describe('a total', () => {
  it('is taken up to its limit, and takes what was really used', async () => {
    expect((await take(money('m', 60, 100))).taken).toBe(0);
    const refused = await take(money('m', 60, 100));
    expect([refused.taken, refused.shortages]).toEqual([undefined, [{ key: 'm', waitMs: 3_600_000 }]]);
    await exchange({ batch: 1, corrections: [{ kind: 'add', claim: asAmount(money('m', -30, 100)), takenAt: 1 }] });
    expect((await take(money('m', 60, 100))).taken).toBe(0);
  });

  it('never falls below nothing, also when Redis has lost it', async () => {
    await exchange({ batch: 1, corrections: [{ kind: 'add', claim: asAmount(money('m', -30, 100)) }] });
    expect((await take(money('m', 101, 100))).taken).toBeUndefined();
  });
});

describe('a place', () => {
  it('is taken up to the limit and free when it is given back', async () => {
    await exchange({ candidates: [[place('p', 2)]], lease: 'a:1' });
    await exchange({ candidates: [[place('p', 2)]], lease: 'a:2' });
    const full = await exchange({ candidates: [[place('p', 2)]], lease: 'a:3' });
    expect([full.taken, full.shortages]).toEqual([undefined, [{ key: 'p', waitMs: Number.POSITIVE_INFINITY }]]);
    await exchange({ batch: 1, corrections: [{ kind: 'release', key: 'p', lease: 'a:1' }] });
    expect((await exchange({ candidates: [[place('p', 2)]], lease: 'a:4' })).taken).toBe(0);
  });

  it('is lost by a holder who is silent, kept by one who renews', async () => {
    await exchange({ candidates: [[place('p', 2)]], lease: 'silent', leaseMs: 30 });
    await exchange({ candidates: [[place('p', 2)]], lease: 'kept', leaseMs: 30_000 });
    await exchange({ batch: 1, corrections: [{ kind: 'renew', key: 'p', lease: 'kept' }], leaseMs: 600_000 });
    const endsAt = Number(redisCli(server.port, 'zscore', '{modelmux:test}:lease:p', 'kept'));
    expect(endsAt).toBeGreaterThan(Date.now() + 300_000);
    await expect
      .poll(() => redisCli(server.port, 'zcount', '{modelmux:test}:lease:p', '-inf', String(Date.now())))
      .toBe('1\n');
    const next = [];
    for (const lease of ['b', 'c']) next.push(await exchange({ candidates: [[place('p', 2)]], lease }));
    expect(next.map((answer) => answer.taken)).toEqual([0, undefined]);
  });

  it('once lost is not got back by renewing', async () => {
    await exchange({ batch: 1, corrections: [{ kind: 'renew', key: 'p', lease: 'gone' }] });
    expect(redisCli(server.port, 'exists', '{modelmux:test}:lease:p')).toBe('0\n');
  });
});

describe('several limits', () => {
  it('are taken all or none', async () => {
    await take(requests('full', 1));
    expect((await take(requests('free', 1), requests('full', 1))).taken).toBeUndefined();
    expect((await take(requests('free', 1))).taken).toBe(0);
  });

  it('tell every one that is short, not only the first', async () => {
    await take(requests('a', 1), place('b', 1));
    const { shortages } = await take(requests('a', 1), place('b', 1), requests('c', 1));
    expect(shortages.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('that are soft are counted beyond their limit, keep nobody out, and tell that they are short', async () => {
    const soft = { ...requests('s', 2), isSoft: true } as SharedClaim;
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await take(soft, requests('k', 10)));
    expect(answers.map(({ taken }) => taken)).toEqual([0, 0, 0, 0]);
    expect(answers.map(({ shortages }) => shortages.map(({ key }) => key))).toEqual([[], ['s'], ['s'], ['s']]);
    expect(redisCli(server.port, 'hget', '{modelmux:test}:window:60000:s', 't')).toBe('4\n');
  });

  it('of one key count together', async () => {
    expect((await take(requests('k', 1), requests('k', 1))).taken).toBeUndefined();
    expect((await take(place('p', 1), place('p', 1))).taken).toBeUndefined();
    expect((await take(money('m', 6, 10), money('m', 6, 10))).taken).toBeUndefined();
  });

  it('the first candidate that fits is taken, in one exchange', async () => {
    await take(requests('a', 1));
    const candidates = [[requests('a', 1)], [requests('b', 1), place('b', 1)], [requests('c', 1)]];
    const answer = await exchange({ candidates });
    expect([answer.taken, answer.shortages.map(({ key }) => key)]).toEqual([1, ['a', 'b']]);
    expect((await take(requests('b', 1))).taken).toBeUndefined();
    expect((await take(requests('c', 1))).taken).toBe(0);
  });

  it('never go beyond a limit, whatever is asked in whatever order', async () => {
    const key = fc.constantFrom('a', 'b');
    const amount = fc.integer({ min: 1, max: 6 });
    const claim = fc.oneof(
      fc.tuple(key, amount).map(([name, asked]) => requests(name, 10, 60_000, asked)),
      fc.tuple(key, amount).map(([name, asked]) => money(name, asked, 10)),
    );
    const attempts = fc.array(fc.array(claim, { maxLength: 3 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(attempts, async (asked) => {
        redisCli(server.port, 'flushall');
        let used: Readonly<Record<string, number>> = {};
        for (const claims of asked) {
          const sums = added(used, claims);
          const fits = Object.values(sums).every((sum) => sum <= 10);
          expect((await take(...claims)).taken).toBe(fits ? 0 : undefined);
          if (fits) used = sums;
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('targets out of use', () => {
  it('are told to whoever has not heard of them, the later deadline wins', async () => {
    const first = await exchange({ openings: [{ id: 't1', forMs: 60_000 }] });
    await exchange({
      sender: 'b',
      openings: [
        { id: 't1', forMs: 10 },
        { id: 't2', forMs: 90_000 },
      ],
    });
    const heard = await exchange({ sender: 'c', seenVersion: 0 });
    expect(heard.openings.map(({ id }) => id)).toEqual(['t1', 't2']);
    expect(heard.openings[0]?.forMs).toBeGreaterThan(30_000);
    expect(heard.version).toBeGreaterThan(first.version);
    expect((await exchange({ sender: 'c', seenVersion: heard.version })).openings).toEqual([]);
  });
});

describe('bonds', () => {
  const wish = (...targets: string[]) => ({ bound: { key: 'u', targets, ttlMs: 60_000 } });
  const free = [[], [], []];
  const bind = (target: string, over?: string) => ({
    kind: 'bind' as const,
    key: 'u',
    target,
    ttlMs: 60_000,
    ...(over === undefined ? {} : { over }),
  });

  it('the first who takes a target binds all others of the same key, whatever they would rather take', async () => {
    const one = await exchange({ candidates: free, ...wish('x', 'y', 'z') });
    const other = await exchange({ candidates: free, ...wish('z', 'y', 'x') });
    expect([one.taken, one.bound, other.taken, other.bound]).toEqual([0, 'x', 2, 'x']);
  });

  it('one whose target has no room takes another, and the bond stays', async () => {
    await exchange({ candidates: [[requests('x', 1)], [requests('y', 1)]], ...wish('x', 'y') });
    const other = await exchange({ candidates: [[requests('y', 1)], [requests('x', 1)]], ...wish('y', 'x') });
    expect([other.taken, other.bound]).toEqual([0, 'x']);
    const last = await exchange({ candidates: [[requests('y', 1)], [requests('x', 1)]], ...wish('y', 'x') });
    expect([last.taken, last.bound]).toEqual([undefined, 'x']);
  });

  it('nothing is bound where nothing is taken', async () => {
    await take(requests('x', 1));
    expect(await exchange({ candidates: [[requests('x', 1)]], ...wish('x') })).toMatchObject({ bound: undefined });
    expect((await exchange({ bonds: [{ kind: 'ask', key: 'u' }] })).bonds).toEqual([undefined]);
  });

  it('are changed only by who knows how they are', async () => {
    const told = async (...bonds: SharedMessage['bonds']) => (await exchange({ bonds })).bonds;
    expect(await told(bind('x'), bind('y'), bind('z', 'y'), bind('z', 'x'))).toEqual(['x', 'x', 'x', 'z']);
    const unbind = (target: string) => ({ kind: 'unbind' as const, key: 'u', target });
    expect(await told(unbind('x'), { kind: 'ask', key: 'u' }, unbind('z'), bind('y'))).toEqual([
      'z',
      'z',
      undefined,
      'y',
    ]);
  });

  it('last for the time given, from the last word on', async () => {
    await exchange({ candidates: free, bound: { key: 'u', targets: ['x', 'y', 'z'], ttlMs: 5000 } });
    await exchange({ candidates: free, bound: { key: 'u', targets: ['x', 'y', 'z'], ttlMs: 90_000 } });
    expect(Number(redisCli(server.port, 'pttl', '{modelmux:test}:bond:u'))).toBeGreaterThan(60_000);
  });
});

it('all keys of a script lie in one slot of a cluster, whatever limits and users are called', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), async (names) => {
      const sent: string[][] = [];
      const commands = {
        async send(_key: string, args: readonly RedisArgument[]) {
          const count = Number(args[2]);
          sent.push(args.slice(3, 3 + count).map(String));
          return [0, 1, 0, [], [], '', []];
        },
        close: async () => undefined,
      };
      const shared = stateOf(commands, { namespace: 'team-1.a:b', timeoutMs: 5 });
      await shared.exchange({
        ...nothing,
        sender: `s${names[0]}`,
        batch: 1,
        corrections: names.map((name) => ({ kind: 'release' as const, key: name, lease: 'l' })),
        openings: names.map((id) => ({ id, forMs: 1 })),
        candidates: names.map((name) => [requests(name, 1), money(name, 1, 1), place(name, 1)]),
        bound: { key: `u${names[0]}`, targets: names, ttlMs: 1000 },
        bonds: names.map((key) => ({ kind: 'ask' as const, key })),
      });
      const [keys = []] = sent;
      expect(keys.length).toBeGreaterThan(7);
      expect(new Set(keys.map(keySlot)).size).toBe(1);
    }),
  );
});

it('goes on after Redis has forgotten its scripts', async () => {
  await take(requests('k', 1));
  redisCli(server.port, 'script', 'flush');
  expect((await take(requests('other', 1))).taken).toBe(0);
});

describe('in a cluster of three masters', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.stop());

  it('computes slots as the test above does', () => {
    const port = cluster.nodes[0]?.port ?? 0;
    for (const key of ['foo', '{user1000}.following', 'foo{}{bar}', 'foo{{bar}}zap', '{modelmux:a}:open'])
      expect(Number(redisCli(port, '--raw', 'cluster', 'keyslot', key))).toBe(keySlot(key));
  });

  it.each(['ioredis', 'redis'] as const)('one script reaches all keys of a namespace, through %s', async (name) => {
    const { client, close } = await clusterClientMakers[name](cluster);
    const namespaces = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `by-${name}-${letter}`);
    for (const namespace of namespaces) {
      const shared = stateOf(toCommands(client), { namespace, timeoutMs: 5 });
      const message = {
        ...nothing,
        candidates: [[requests('k', 1), place('p', 1), money('m', 1, 1)]],
        bound: { key: 'u', targets: ['t'], ttlMs: 60_000 },
        bonds: [{ kind: 'bind' as const, key: 'v', target: 't', ttlMs: 60_000 }],
      };
      const openings = [{ id: 't', forMs: 60_000 }];
      const answers = [await shared.exchange({ ...message, openings }), await shared.exchange(message)];
      expect(answers.map((answer) => answer.taken)).toEqual([0, undefined]);
    }
    close();
    const held = cluster.nodes.map(({ port }) =>
      redisCli(port, '--raw', 'keys', `*by-${name}-*`).trim().split('\n').filter(Boolean),
    );
    expect(held.flat()).toHaveLength(6 * 7);
    // Namespaces are spread; one lies on one node.
    expect(held.filter((keys) => keys.length > 0).length).toBeGreaterThan(1);
  });
});

function added(
  used: Readonly<Record<string, number>>,
  claims: readonly SharedClaim[],
): Readonly<Record<string, number>> {
  const sums: Record<string, number> = { ...used };
  for (const claim of claims) {
    const name = claim.kind + claim.key;
    sums[name] = (sums[name] ?? 0) + asAmount(claim).amount;
  }
  return sums;
}

function asAmount(claim: SharedClaim) {
  if (claim.kind === 'lease') throw new TypeError('A place is no amount.');
  return claim;
}
