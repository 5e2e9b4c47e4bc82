import { expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { seeded } from '../../support/children-view.ts';
import { type Answer, fleet, settle, target } from '../../support/fleet.ts';

const balance = (strategy: object, ...targets: Config[]): Config => ({
  strategy: { mode: 'loadbalance', ...strategy },
  targets,
});

function countsOf(log: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of log) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** 8 tokens of prompt and 32 of reply at most. */
const forty = { max_tokens: 32 };

/** An answer that used so many tokens. */
const using = (prompt_tokens: number, completion_tokens: number): Answer => ({
  status: 200,
  body: {
    id: '1',
    object: 'chat.completion',
    created: 1,
    model: 'used',
    choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }],
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  },
});

it.each([0, 0.3, 0.99])(
  'gives rpm 6, 6 and 1440 exactly 6, 6 and 1440 of 1452 requests by rpm (chance %d)',
  async (chance) => {
    const { ask, log } = fleet(
      balance({ weight_by: 'rpm' }, target('a', { rpm: 6 }), target('b', { rpm: 6 }), target('c', { rpm: 1440 })),
      { random: () => chance },
    );
    const answers = await Promise.all(Array.from({ length: 1452 }, () => ask()));
    expect(new Set(answers)).toEqual(new Set(['a', 'b', 'c']));
    expect(countsOf(log)).toEqual({ a: 6, b: 6, c: 1440 });
    expect(await ask()).toEqual({ status: 429, name: 'CapacityError', retryAfter: '60' });
  },
);

it('lets two of five calls of 40 tokens into 100 a minute, and tells the others when', async () => {
  const { portkey, ask, log, clock } = fleet(target('a', { rate_limit: { tokens: 100, per: '1m', mode: 'enforce' } }));
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask({}, {}, forty)));
  const refused = { status: 429, name: 'CapacityError', retryAfter: '60' };
  expect(answers).toEqual(['a', 'a', refused, refused, refused]);
  expect(log).toHaveLength(2);
  clock.advance(15_000);
  const error = await portkey.chat.completions
    .create({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...forty })
    .catch((thrown) => thrown);
  expect(error).toMatchObject({
    kind: 'capacity',
    code: 'rate_limit',
    retryAfterMs: 45_000,
    target: { path: 'config', targetId: 'a' },
    message: '429 The rate_limit of config, 100 tokens per 1m0s, is used up: 80 used, 40 needed. Nothing was sent.',
    headers: {
      'retry-after': '45',
      'x-ratelimit-limit-tokens': '100',
      'x-ratelimit-remaining-tokens': '20',
      'x-ratelimit-reset-tokens': '45s',
    },
  });
  clock.advance(45_000);
  expect(await ask({}, {}, forty)).toBe('a');
});

it('settles the tokens really used when the reply ends, also of a stream dropped unread', async () => {
  const { ask, stream, answers, of } = fleet(target('a', { tpm: 1000 }));
  answers.a = using(9, 1);
  await ask({}, {}, forty);
  expect(of('a')?.limits).toMatchObject([{ of: 'tokens', limit: 1000, used: 10, remaining: 990, mode: 'enforce' }]);
  answers.a = using(500, 400);
  await ask({}, {}, forty);
  expect(of('a')?.limits?.[0]).toMatchObject({ used: 910, remaining: 90 });
  answers.a = 'stream';
  const open = await stream({}).catch((error) => error);
  expect(open).toMatchObject({ code: 'rate_limit' });
});

it('keeps what a reply without usage had reserved, and gives back nothing twice', async () => {
  const { portkey, answers, of } = fleet(target('a', { tpm: 1000, max_concurrency: 5 }));
  answers.a = 'stream';
  const open = await portkey.chat.completions.create({
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    stream: true,
    ...forty,
  });
  const stands = () => of('a')?.limits?.map(({ of: what, used }) => [what, used]);
  expect(stands()).toEqual([
    ['tokens', 40],
    ['concurrency', 1],
  ]);
  open.controller.abort();
  for await (const _ of open) break;
  await settle();
  expect(stands()).toEqual([
    ['tokens', 40],
    ['concurrency', 0],
  ]);
});

it.each<[string, Answer, { requests: number; tokens: number }]>([
  ['an error status', 500, { requests: 1, tokens: 0 }],
  ['a 429', 429, { requests: 1, tokens: 0 }],
  ['a refused key', 401, { requests: 1, tokens: 0 }],
  ['a reply that cannot be read', { status: 200, body: 'no reply' }, { requests: 1, tokens: 40 }],
])('counts of %s what the provider counts', async (_, answer, used) => {
  const { ask, answers, of } = fleet(target('a', { rpm: 10, tpm: 1000 }));
  answers.a = answer;
  await ask({}, {}, forty);
  expect(of('a')?.limits).toMatchObject([
    { of: 'requests', used: used.requests },
    { of: 'tokens', used: used.tokens },
  ]);
});

it('counts nothing of what was never sent, or never reached the provider', async () => {
  const refused = Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  });
  const { ask, of } = fleet(target('a', { rpm: 10, tpm: 1000 }), { fetch: () => Promise.reject(refused) });
  expect(await ask()).toMatchObject({ name: 'APIConnectionError' });
  expect(of('a')?.limits).toMatchObject([{ used: 0 }, { used: 0 }]);
  const broken = fleet(target('b', { rpm: 10, tpm: 1000 }), { fetch: () => Promise.reject(new TypeError('reset')) });
  await broken.ask();
  expect(broken.of('b')?.limits).toMatchObject([{ used: 1 }, { used: 0 }]);
});

it('takes all it needs or nothing: a call that one limit refuses uses up no other', async () => {
  const { ask, of } = fleet(target('a', { rpm: 100, tpm: 50 }));
  expect(await ask({}, {}, forty)).toBe('a');
  for (let i = 0; i < 5; i++) expect(await ask({}, {}, forty)).toMatchObject({ name: 'CapacityError' });
  expect(of('a')?.limits).toMatchObject([
    { of: 'requests', used: 1 },
    { of: 'tokens', used: 40 },
  ]);
});

it('goes to the next target of a fallback, whatever its status codes, and back when the window has passed', async () => {
  const { ask, clock } = fleet({
    strategy: { mode: 'fallback', on_status_codes: [500] },
    retry: { attempts: 3 },
    targets: [target('a', { rps: 2 }), target('b')],
  });
  expect([await ask(), await ask(), await ask()]).toEqual(['a', 'a', 'b']);
  clock.advance(1000);
  expect(await ask()).toBe('a');
});

it('picks for each request a target that has room for it', async () => {
  const { ask } = fleet(balance({}, target('a', { tpm: 30 }), target('b', { tpm: 500 })), { random: seeded(7) });
  for (let i = 0; i < 6; i++) expect(await ask({}, {}, forty)).toBe('b');
  expect(await ask({}, {}, { max_tokens: 8 })).toBe('a');
});

it('looks at what each target makes of the request', async () => {
  const short = target('a', { tpm: 30, override_params: { max_tokens: 5 } });
  const { ask } = fleet(balance({ algorithm: 'round_robin' }, short, target('b', { tpm: 30 })));
  expect(await ask({}, {}, forty)).toBe('a');
  expect(await ask({}, {}, forty)).toBe('a');
});

it('takes an unbounded reply for no more than there is room for, and refuses what can never fit without telling when', async () => {
  const { ask, portkey } = fleet(target('a', { rate_limit: { tokens: 100, per: '1m', mode: 'queue' } }));
  expect(await ask()).toBe('a');
  const never = await portkey.chat.completions
    .create({ model: 'm', messages: [], max_tokens: 5000 })
    .catch((error) => error);
  expect(never).toMatchObject({ status: 429, code: 'rate_limit_too_small', headers: {} });
  expect(never.message).toContain('needs about 5003 tokens, more than the rate_limit of config, 100 tokens per 1m0s');
});

it('steers away from a target over its limit, and calls it all the same when there is no other', async () => {
  const steer = (requests: number) => ({ rate_limit: { requests, per: '1m', mode: 'steer' as const } });
  const { ask, log, of } = fleet(balance({}, target('a', steer(2)), target('b', steer(6))));
  for (let i = 0; i < 8; i++) await ask();
  expect(countsOf(log)).toEqual({ a: 2, b: 6 });
  for (let i = 0; i < 4; i++) await ask();
  expect(countsOf(log)).toEqual({ a: 4, b: 8 });
  expect(of('a')?.limits?.[0]).toMatchObject({ mode: 'steer', used: 4, remaining: 0 });
});

it('keeps a node’s limit for all calls below it, each attempt counted', async () => {
  const { ask, answers, log, of } = fleet({
    ...balance({ failover: true, algorithm: 'round_robin' }, target('a'), target('b')),
    rate_limit: { requests: 3, per: '1s' },
  });
  answers.a = 500;
  expect(await ask()).toBe('b');
  answers.a = 200;
  expect(await ask()).toBe('a');
  expect(log.join('')).toBe('aba');
  expect(await ask()).toEqual({ status: 429, name: 'CapacityError', retryAfter: '1' });
  expect(log).toHaveLength(3);
  expect(of('a')?.limits).toEqual(of('b')?.limits);
  expect(of('a')?.limits).toMatchObject([{ of: 'requests', used: 3, guards: 'config' }]);
});

it('shares the limits of a quota group among all who name it, and leaves other limits with their targets', async () => {
  const { ask, of } = fleet({
    strategy: { mode: 'fallback' },
    targets: [
      target('a', { quota_group: 'org', rpm: 2 }),
      target('b', { quota_group: 'org' }),
      target('c', { rpm: 1 }),
    ],
  });
  expect([await ask(), await ask(), await ask()]).toEqual(['a', 'a', 'c']);
  expect(of('b')).toMatchObject({
    quotaGroup: 'org',
    limits: [{ of: 'requests', limit: 2, used: 2, guards: 'quota group org' }],
  });
  expect(await ask()).toMatchObject({ status: 429 });
});

it('does not call another target of a quota group before the time its provider asked to wait is over', async () => {
  const { ask, answers, clock, log, of } = fleet({
    strategy: { mode: 'fallback' },
    quota_group: 'org',
    targets: [target('a'), target('b')],
  });
  answers.a = { status: 429, headers: { 'retry-after': '3' } };
  expect(await ask()).toEqual({ status: 429, name: 'CapacityError', retryAfter: '3' });
  expect(of('b')).toMatchObject({ quotaGroup: 'org', askedToWaitUntil: clock.now() + 3000 });
  clock.advance(2999);
  expect(await ask()).toMatchObject({ name: 'CapacityError', retryAfter: '1' });
  expect(log.join('')).toBe('a');
  clock.advance(1);
  answers.a = 500;
  expect(await ask()).toBe('b');
});

it('keeps what it knows when the config is edited elsewhere', async () => {
  const node = (weight: number): Config => ({
    ...balance({}, target('a', { weight, rps: 5 }), target('b')),
    name: 'route',
    rpm: 3,
  });
  const { ask } = fleet(node(1));
  for (let i = 0; i < 3; i++) await ask();
  expect(await ask({ config: node(2) })).toMatchObject({ name: 'CapacityError' });
  expect(await ask({ config: { ...node(2), name: 'another route' } })).toMatch(/^[ab]$/);
});

it('waits as long as the limit says before a retry where nobody else can answer', async () => {
  const { ask, clock, log, elapsed } = fleet(
    target('a', { rate_limit: { requests: 1, per: '5s' }, retry: { attempts: 1 } }),
  );
  await ask();
  const answer = ask();
  await settle();
  clock.advance(4999);
  await settle();
  expect(log).toHaveLength(1);
  clock.advance(1);
  expect(await answer).toBe('a');
  expect(elapsed()).toBe(5000);
});
