import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { ConfigError } from '../../src/core/errors/config-error.ts';
import { ModelNotFoundError } from '../../src/core/errors/routing-errors.ts';
import { Portkey } from '../../src/portkey.ts';
import { fleet, settle, target } from '../support/fleet.ts';
import { pass } from '../support/manual-clock.ts';

const tooLong = {
  status: 400,
  body: { error: { message: 'too long', type: 'invalid_request_error', code: 'context_length_exceeded' } },
};
const refused = { status: 400, body: { error: { message: 'no', code: 'content_filter' } } };

/** Groups `a`, `b`, … of one target each, whose host has the group's name. */
function groups(names: string, more: Config = {}): Config {
  return { model_groups: Object.fromEntries([...names].map((name) => [name, target(name)])), ...more };
}

describe('a request reaches the group its model names', () => {
  it.each<[string, string]>([
    ['a', 'a'],
    ['b', 'b'],
    ['alias', 'b'],
    ['shy', 'a'],
    ['azure/gpt-4o', 'wild'],
    ['azure/special/x', 'special'],
    ['whatever', 'star'],
  ])('%s asks %s', async (model, asked) => {
    const { ask, log } = fleet({
      model_groups: {
        a: target('a'),
        b: target('b'),
        '*': target('star'),
        'azure/*': target('wild'),
        'azure/special/*': target('special'),
      },
      aliases: { alias: 'b', shy: { model: 'a', hidden: true } },
    });
    expect(await ask({}, {}, { model })).toBe(asked);
    expect(log).toEqual([asked]);
  });

  it('is asked for by the group’s own name, the target’s model, or what the stars stand for', async () => {
    const models: unknown[] = [];
    const portkey = new Portkey({
      environment: {},
      fetch: async (_, init) => {
        models.push(JSON.parse(String(init?.body)).model);
        return Response.json({ choices: [{ index: 0, message: { role: 'assistant', content: 'x' } }], model: 'true' });
      },
      config: {
        model_groups: {
          plain: target('a'),
          set: target('a', { override_params: { model: 'm-1' } }),
          'azure/*': target('a', { override_params: { model: '*' } }),
          'fo::*:static::*': target('a', { override_params: { model: 'x/*/*' } }),
          '*-mini': target('a'),
        },
        aliases: { other: 'plain', far: 'azure/gpt-9' },
      },
    });
    for (const model of ['plain', 'other', 'set', 'azure/gpt-4o', 'far', 'fo::1:static::2', 'o-mini']) {
      const reply = await portkey.chat.completions.create({ model, messages: [{ role: 'user', content: 'x' }] });
      expect(reply.model).toBe('true');
    }
    expect(models).toEqual(['plain', 'plain', 'm-1', 'gpt-4o', 'gpt-9', 'x/1/2', 'o-mini']);
  });

  it('or is refused with 404, naming what there is, when there is none', async () => {
    const { portkey, log } = fleet(groups('a', { aliases: { 'gpt-4': 'a', secret: { model: 'a', hidden: true } } }));
    const error = await portkey.chat.completions.create({ model: 'gtp-4', messages: [] }).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(ModelNotFoundError);
    expect(error).toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
      kind: 'not_found',
      attempts: [],
    });
    expect(error.message).toBe('404 There is no model "gtp-4" here. Did you mean "gpt-4"? Models: a, gpt-4.');
    expect(log).toEqual([]);
  });

  it('or with 400 when it names none, unless a group takes everything', async () => {
    const none = await fleet(groups('ab')).ask({}, {}, { model: undefined });
    expect(none).toMatchObject({ status: 400, name: 'InvalidRequestError' });
    const all = fleet({ model_groups: { '*': target('star') } });
    expect(await all.portkey.files.list().then(() => all.log)).toEqual(['star']);
  });

  it('through any strategy of the group, whose state stays from call to call', async () => {
    const { ask, log } = fleet({
      model_groups: {
        a: {
          strategy: { mode: 'loadbalance' },
          targets: [target('a1', { weight: 3 }), target('a2', { weight: 1 })],
        },
        b: { strategy: { mode: 'fallback' }, targets: [target('b1'), target('b2')] },
      },
      fallbacks: { b: ['a'] },
    });
    for (let i = 0; i < 8; i++) await ask({}, {}, { model: 'a' });
    expect(log.filter((name) => name === 'a1').length).toBe(6);
    expect(await ask({}, {}, { model: 'b' })).toBe('b1');
  });
});

describe('a group that fails', () => {
  it.each<[string, Config, object, string, string]>([
    [
      'is followed by its fallbacks in order',
      groups('abc', { fallbacks: { a: ['b', 'c'] } }),
      { a: 500, b: 500 },
      'c',
      'a b c',
    ],
    ['has none without an entry', groups('abc', { fallbacks: { b: ['c'] } }), { a: 500 }, '500', 'a'],
    ['has those of * then', groups('abc', { fallbacks: { b: ['c'], '*': ['c'] } }), { a: 500 }, 'c', 'a c'],
    ['or the default ones', groups('abc', { default_fallbacks: ['b'] }), { a: 500 }, 'b', 'a b'],
    [
      'has its own entry in place of the default ones',
      groups('abc', { fallbacks: { a: ['c'] }, default_fallbacks: ['b'] }),
      { a: 500 },
      'c',
      'a c',
    ],
    [
      'hands on to a fallback’s own fallbacks',
      groups('abc', { fallbacks: { a: ['b'], b: ['c'] } }),
      { a: 500, b: 500 },
      'c',
      'a b c',
    ],
    [
      'asks each group once in a circle',
      groups('abc', { fallbacks: { a: ['b', 'c'], b: ['a', 'c'], c: ['a', 'b'] } }),
      { a: 500, b: 500, c: 503 },
      '503',
      'a b c',
    ],
    [
      'goes only so deep',
      groups('abcd', { fallbacks: { a: ['b'], b: ['c'], c: ['d'] }, max_fallbacks: 2 }),
      { a: 500, b: 500, c: 502 },
      '502',
      'a b c',
    ],
    [
      'five deep where nothing is said',
      groups('abcdefgh', { fallbacks: { a: ['b'], b: ['c'], c: ['d'], d: ['e'], e: ['f'], f: ['g'] } }),
      { a: 500, b: 500, c: 500, d: 500, e: 500, f: 500 },
      '500',
      'a b c d e f',
    ],
    [
      'goes nowhere with max_fallbacks 0',
      groups('ab', { fallbacks: { a: ['b'] }, max_fallbacks: 0 }),
      { a: 500 },
      '500',
      'a',
    ],
    [
      'goes on after any failure, the caller’s mistakes too',
      groups('ab', { fallbacks: { a: ['b'] } }),
      { a: 422 },
      'b',
      'a b',
    ],
    [
      'goes the way of its cause: too long',
      groups('abc', { fallbacks: { a: ['b'] }, context_window_fallbacks: { a: ['c'] } }),
      { a: tooLong },
      'c',
      'a c',
    ],
    [
      'and the general way otherwise',
      groups('abc', { fallbacks: { a: ['b'] }, context_window_fallbacks: { a: ['c'] } }),
      { a: 500 },
      'b',
      'a b',
    ],
    [
      'goes nowhere for a cause whose map does not name it',
      groups('abc', { fallbacks: { a: ['b'] }, context_window_fallbacks: { b: ['c'] } }),
      { a: tooLong },
      '400',
      'a',
    ],
    [
      'goes the general way for a cause without a map',
      groups('abc', { fallbacks: { a: ['b'] } }),
      { a: tooLong },
      'b',
      'a b',
    ],
    [
      'goes the way of refused content',
      groups('abc', { fallbacks: { a: ['b'] }, content_policy_fallbacks: { a: ['c'] } }),
      { a: refused },
      'c',
      'a c',
    ],
    [
      'finds each cause anew',
      groups('abc', { fallbacks: { a: ['b'] }, context_window_fallbacks: { b: ['c'] } }),
      { a: 500, b: tooLong },
      'c',
      'a b c',
    ],
    ['tells the last failure', groups('ab', { fallbacks: { a: ['b'] } }), { a: 500, b: 429 }, '429', 'a b'],
  ])('%s', async (...[, config, answers, expected, calls]) => {
    const { ask, log, answers: given } = fleet(config);
    Object.assign(given, answers);
    const result = await ask({}, {}, { model: 'a' });
    expect(typeof result === 'string' ? result : String(result.status)).toBe(expected);
    expect(log.join(' ')).toBe(calls);
  });

  it('is found by an alias, as a key and as a fallback; patterns and concrete names are keys too', async () => {
    const { ask, log, answers } = fleet({
      model_groups: { a: target('a'), b: target('b'), 'x/*': target('x') },
      aliases: { first: 'a', second: 'b' },
      fallbacks: { first: ['second'], 'x/*': ['first'], 'x/special': ['second'] },
    });
    Object.assign(answers, { a: 500, x: 500 });
    expect([await ask({}, {}, { model: 'first' }), await ask({}, {}, { model: 'a' })]).toEqual(['b', 'b']);
    expect([await ask({}, {}, { model: 'x/1' }), await ask({}, {}, { model: 'x/special' })]).toEqual(['b', 'b']);
    expect(log.join(' ')).toBe('a b a b x a b x b');
  });

  it('tells of every step, and the error of every attempt', async () => {
    const { portkey, answers } = fleet(groups('ab', { fallbacks: { a: ['b'] } }));
    Object.assign(answers, { a: 500, b: 503 });
    const steps: string[] = [];
    portkey.on('fallback', ({ from, to, error }) => steps.push(`${from} -> ${to}: ${error.kind}`));
    const error = await portkey.chat.completions.create({ model: 'a', messages: [] }).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(steps).toEqual(['config.model_groups["a"] -> config.model_groups["b"]: server']);
    expect(error.attempts.map(({ path, model }: { path: string; model: string }) => [path, model])).toEqual([
      ['config.model_groups["a"]', 'a'],
      ['config.model_groups["b"]', 'b'],
    ]);
  });

  it('ends with its caller: nobody else is asked', async () => {
    const { portkey, answers, log } = fleet(groups('ab', { fallbacks: { a: ['b'] } }));
    answers.a = 'silent';
    const leaving = new AbortController();
    const call = portkey.chat.completions.create({ model: 'a', messages: [] }, undefined, { signal: leaving.signal });
    const ended = call.then(
      () => 'answered',
      (error) => error.name,
    );
    await settle();
    leaving.abort();
    expect(await ended).toBe('APIUserAbortError');
    expect(log).toEqual(['a']);
  });
});

it('whatever the maps: each group is asked at most once, the one asked for first, and it ends', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const some = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 });
  const maps = fc.dictionary(fc.constantFrom(...names, '*'), some);
  await fc.assert(
    fc.asyncProperty(
      maps,
      maps,
      fc.integer({ min: 0, max: 9 }),
      fc.constantFrom(500, 400),
      async (general, longer, depth, status) => {
        const without = (map: Record<string, string[]>) =>
          Object.fromEntries(
            Object.entries(map).map(([name, models]) => [name, models.filter((model) => model !== name)]),
          );
        const { ask, log, answers } = fleet(
          groups(names.join(''), {
            fallbacks: without(general),
            context_window_fallbacks: without(longer),
            max_fallbacks: depth,
          }),
        );
        for (const name of names) answers[name] = status === 400 ? tooLong : status;
        expect(await ask({}, {}, { model: 'a' })).toMatchObject({ status });
        expect(log[0]).toBe('a');
        expect(new Set(log).size).toBe(log.length);
        if (depth === 0) expect(log).toEqual(['a']);
      },
    ),
  );
});

describe('groups that cool', () => {
  const cooling = (fallbacks: Record<string, string[]>): Config => ({
    model_groups: Object.fromEntries(
      ['a', 'b'].map((name) => [name, { strategy: { mode: 'fallback' as const }, targets: [target(name)] }]),
    ),
    cooldown: { allowed_fails: 0, time: 5, exempt_single: false, max_wait: 60 },
    fallbacks,
  });

  it('are passed over at once while a fallback is ready', async () => {
    const { ask, log, answers, elapsed } = fleet(cooling({ a: ['b'] }));
    answers.a = 500;
    await ask({}, {}, { model: 'a' });
    expect(await ask({}, {}, { model: 'a' })).toBe('b');
    expect(log).toEqual(['a', 'b', 'b']);
    expect(elapsed()).toBe(0);
  });

  it('are waited for together: the one ready first is asked', async () => {
    const { ask, log, answers, elapsed, clock } = fleet(cooling({ a: ['b'] }));
    Object.assign(answers, { a: 500, b: { status: 429, headers: { 'retry-after': '30' } } });
    await ask({}, {}, { model: 'a' });
    Object.assign(answers, { a: 200, b: 200 });
    expect(await pass(clock, ask({}, {}, { model: 'a' }))).toMatchObject({ value: 'a' });
    expect(elapsed()).toBe(5000);
    expect(log).toEqual(['a', 'b', 'a']);
  });

  it('are waited for alone where nobody is asked in their place', async () => {
    const { ask, log, answers, elapsed, clock } = fleet(cooling({ b: ['a'] }));
    answers.a = 500;
    await ask({}, {}, { model: 'a' });
    answers.a = 200;
    expect(await pass(clock, ask({}, {}, { model: 'a' }))).toMatchObject({ value: 'a' });
    expect(elapsed()).toBe(5000);
    expect(log).toEqual(['a', 'a']);
  });
});

describe('groups that queue', () => {
  /** Groups of one target each that takes one request at a time. */
  const narrow = (names: string, more: Config = {}): Config => ({
    model_groups: Object.fromEntries(
      [...names].map((name) => [
        name,
        { strategy: { mode: 'fallback' as const }, targets: [target(name, { max_concurrency: 1 })] },
      ]),
    ),
    queue: { max_wait: 60 },
    ...more,
  });

  it('wait for room where nobody is asked in their place, the most urgent first', async () => {
    const { ask, answers, clock, elapsed } = fleet(narrow('a', { compat: 'litellm' }));
    answers.a = { status: 200, afterMs: 1000 };
    const order: string[] = [];
    const call = (name: string, priority: number) =>
      ask({}, {}, { model: 'a', priority }).then(() => order.push(`${name} at ${elapsed()}`));
    const all = Promise.all([call('first', 5), call('low', 9), call('high', 1)]);
    await pass(clock, all);
    expect(order).toEqual(['first at 1000', 'high at 2000', 'low at 3000']);
  });

  it('are passed over while a fallback has room, and all waited for when none has', async () => {
    const { ask, answers, clock, log } = fleet(narrow('ab', { fallbacks: { a: ['b'] } }));
    answers.a = { status: 200, afterMs: 5000 };
    answers.b = { status: 200, afterMs: 2000 };
    const all = Promise.all(Array.from({ length: 3 }, () => ask({}, {}, { model: 'a' })));
    expect(await pass(clock, all)).toMatchObject({ value: ['a', 'b', 'b'] });
    expect(log).toEqual(['a', 'b', 'b']);
  });

  it('are waited for when the fallback that had room has failed', async () => {
    const { ask, answers, clock, log, elapsed } = fleet(narrow('ab', { fallbacks: { a: ['b'] } }));
    answers.a = { status: 200, afterMs: 5000 };
    answers.b = 500;
    const all = Promise.all(Array.from({ length: 2 }, () => ask({}, {}, { model: 'a' })));
    expect(await pass(clock, all)).toMatchObject({ value: ['a', 'a'] });
    expect([log.join(' '), elapsed()]).toEqual(['a b a', 10_000]);
  });
});

describe('limits and budgets', () => {
  it('of the root hold for all groups together, those of a group for it alone', async () => {
    const { ask, log } = fleet({
      rate_limit: { requests: 3, per: '1m' },
      model_groups: { a: target('a', { rate_limit: { requests: 1, per: '1m' } }), b: target('b') },
      fallbacks: { a: ['b'] },
    });
    const ends = [];
    for (const model of ['a', 'a', 'b', 'b']) ends.push(await ask({}, {}, { model }));
    expect(ends).toEqual(['a', 'b', 'b', expect.objectContaining({ status: 429 })]);
    expect(log.join(' ')).toBe('a b b');
  });

  it('a budget that is spent leads to the fallback', async () => {
    const pricing = { request: 1 };
    const { ask } = fleet({
      model_groups: {
        a: target('a', { pricing, budget: { amount: 2, period: 'day' } }),
        b: target('b', { pricing }),
      },
      fallbacks: { a: ['b'] },
    });
    const ends = [];
    for (let call = 0; call < 3; call++) ends.push(await ask({}, {}, { model: 'a', max_tokens: 1 }));
    expect(ends).toEqual(['a', 'a', 'b']);
  });

  it('know the model that the stars of a group stand for', async () => {
    const budget = [
      { amount: 1, period: 'day', by: 'model', of: 'a' },
      { amount: 100, period: 'day', by: 'model' },
    ];
    const { ask } = fleet({
      model_groups: { 'x/*': target('x', { override_params: { model: '*' }, pricing: { request: 1 }, budget }) },
    });
    const ends = [];
    for (const model of ['x/a', 'x/a', 'x/b', 'x/b']) ends.push(await ask({}, {}, { model, max_tokens: 1 }));
    expect(ends).toEqual(['x', expect.objectContaining({ status: 429, name: 'BudgetExceededError' }), 'x', 'x']);
  });

  it('a reply that a content filter ended leads on where there is a way for refused content', async () => {
    const filtered = {
      status: 200,
      body: {
        id: '1',
        object: 'chat.completion',
        created: 1,
        model: 'a',
        choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'content_filter' }],
      },
    };
    const config = groups('ab', { content_policy_fallbacks: { a: ['b'] } });
    const leading = fleet(config);
    leading.answers.a = filtered;
    expect(await leading.ask({}, {}, { model: 'a' })).toBe('b');
    const staying = fleet(groups('ab', { fallbacks: { a: ['b'] } }));
    staying.answers.a = filtered;
    expect(await staying.ask({}, {}, { model: 'a' })).toBe('a');
  });

  it('tags choose inside groups', async () => {
    const { ask } = fleet({
      model_groups: {
        a: {
          strategy: { mode: 'fallback' },
          targets: [target('a1', { tags: ['paid'] }), target('a2', { tags: ['free'] })],
        },
      },
    });
    expect(await ask({ tags: ['free'] }, {}, { model: 'a' })).toBe('a2');
  });
});

describe('what stands on the root', () => {
  it('holds for every group', async () => {
    const { ask, log, answers, clock } = fleet(groups('ab', { retry: { attempts: 1, on_status_codes: [418] } }));
    answers.b = 418;
    await pass(clock, ask({}, {}, { model: 'b' }));
    expect(log).toEqual(['b', 'b']);
  });

  it('bounds a group and its fallbacks together', async () => {
    const { ask, log, answers, clock, elapsed } = fleet(
      groups('ab', { fallbacks: { a: ['b'] }, total_timeout: 3000, request_timeout: 2000 }),
    );
    Object.assign(answers, { a: 'silent', b: 'silent' });
    expect(await pass(clock, ask({}, {}, { model: 'a' }))).toMatchObject({ value: { status: 408 } });
    expect([log.join(' '), elapsed()]).toEqual(['a b', 3000]);
  });

  it('answers equal requests from its cache, each model apart', async () => {
    const { ask, log } = fleet(groups('ab', { cache: { mode: 'simple' } }));
    for (const model of ['a', 'a', 'b', 'b']) await ask({}, {}, { model });
    expect(log).toEqual(['a', 'b']);
  });
});

describe('the models of such a client', () => {
  const { portkey, log } = fleet({
    model_groups: {
      'gpt-4o': { strategy: { mode: 'fallback' }, targets: [target('a'), { provider: 'groq', api_key: 'k' }] },
      fast: { provider: 'groq', api_key: 'k', override_params: { model: 'llama' } },
      'azure/*': target('b'),
    },
    aliases: { 'gpt-4': 'gpt-4o', inner: { model: 'fast', hidden: true } },
  });

  it('are its groups and the aliases that are not hidden, without asking anybody', async () => {
    const { data } = await portkey.models.list();
    expect(data.map(({ id, owned_by }) => [id, owned_by])).toEqual([
      ['gpt-4o', 'modelmux'],
      ['fast', 'groq'],
      ['gpt-4', 'modelmux'],
    ]);
    expect(log).toEqual([]);
  });

  it.each<[string, string]>([
    ['fast', 'groq'],
    ['inner', 'groq'],
    ['azure/o3', 'openai'],
  ])('%s is told of one by one, as %s’s', async (id, owner) => {
    expect(await portkey.models.retrieve(id)).toMatchObject({ id, object: 'model', owned_by: owner });
    expect(log).toEqual([]);
  });

  it('or refused with 404', async () => {
    await expect(portkey.models.retrieve('gpt-5')).rejects.toThrow('404 There is no model "gpt-5" here.');
  });
});

describe('a config with groups', () => {
  const a = target('a');

  it.each<[string, unknown]>([
    [
      'camelCase keys, names to the letter',
      { modelGroups: { fooBar: { provider: 'openai', apiKey: 'k' } }, contextWindowFallbacks: { fooBar: ['fooBar2'] } },
    ],
  ])('takes %s', (_, config) => {
    const { modelGroups } = config as { modelGroups: object };
    const given = { ...(config as object), modelGroups: { ...modelGroups, fooBar2: a } };
    expect(() => new Portkey({ environment: {}, config: given as Config })).not.toThrow();
  });

  it.each<[string, unknown, string]>([
    ['no group', { model_groups: {} }, '$.model_groups: Needs at least one group.'],
    [
      'targets beside groups',
      { model_groups: { a }, targets: [a] },
      '$.targets: Has no effect beside "model_groups". It belongs inside a group.',
    ],
    [
      'a provider beside groups',
      { model_groups: { a }, provider: 'openai' },
      '$.provider: Has no effect beside "model_groups". It belongs inside a group.',
    ],
    [
      'fallbacks without groups',
      { provider: 'openai', fallbacks: { a: ['b'] } },
      '$.fallbacks: Has no meaning without "model_groups".',
    ],
    [
      'groups below the root',
      { strategy: { mode: 'fallback' }, targets: [{ model_groups: { a } }] },
      '$.targets[0].model_groups: Belongs on the root of a config, beside "model_groups".',
    ],
    [
      'groups in a group',
      { model_groups: { b: { model_groups: { a } } } },
      '$.model_groups["b"].model_groups: Belongs on the root of a config, beside "model_groups".',
    ],
    [
      'a fallback to nowhere',
      { model_groups: { 'gpt-4': a, b: a }, fallbacks: { b: ['gpt4'] } },
      '$.fallbacks["b"][0]: There is no model group "gpt4". Did you mean "gpt-4"?',
    ],
    [
      'a fallback of nobody',
      { model_groups: { a, b: a }, content_policy_fallbacks: { c1: ['b'] } },
      '$.content_policy_fallbacks["c1"]: There is no model group "c1". Groups: a, b.',
    ],
    [
      'a fallback to itself',
      { model_groups: { a }, aliases: { x: 'a' }, fallbacks: { a: ['x'] } },
      '$.fallbacks["a"][0]: A group cannot be asked in its own place.',
    ],
    [
      'a default fallback to nowhere',
      { model_groups: { a }, default_fallbacks: ['zz'] },
      '$.default_fallbacks[0]: There is no model group "zz". Groups: a.',
    ],
    [
      'two defaults',
      { model_groups: { a, b: a, c: a }, default_fallbacks: ['a'], fallbacks: { '*': ['b'] } },
      '$.default_fallbacks: Given together with "fallbacks" for "*", which says the same thing. Keep one.',
    ],
    [
      'an alias to nowhere',
      { model_groups: { a }, aliases: { x: 'bb' } },
      '$.aliases["x"]: There is no model group "bb". Groups: a, x.',
    ],
    [
      'aliases in a circle',
      { model_groups: { a }, aliases: { x: 'y', y: 'x' } },
      '$.aliases["x"]: The aliases lead in a circle: x -> y -> x.',
    ],
    [
      'a mistake inside a group',
      { model_groups: { 'gpt-4.1': { ...a, wieght: 1 } } },
      '$.model_groups["gpt-4.1"].wieght: Unknown key "wieght" of a target or node. Did you mean "weight"?',
    ],
    [
      'a wrong value inside a group',
      { model_groups: { 'gpt-4.1': { strategy: { mode: 'fallback' }, targets: [{ ...a, weight: -1 }] } } },
      '$.model_groups["gpt-4.1"].targets[0].weight: Too small: expected number to be >=0, received -1.',
    ],
    [
      'a group that names nobody',
      { model_groups: { a: {} } },
      '$.model_groups["a"]: This target names nobody to ask: give "provider", "virtual_key", or "override_params": { "model": "@slug/model" }. What is undefined, as an unset environment variable is, counts as not given.',
    ],
    [
      'a fallback that is no list',
      { model_groups: { a }, fallbacks: { 'x.y': 'b' } },
      '$.fallbacks["x.y"]: Expected array, received string, received "b".',
    ],
    [
      'an unknown provider inside a group',
      { model_groups: { a: { provider: 'opnai' } } },
      '$.model_groups["a"].provider: Unknown provider "opnai". Did you mean "openai"?',
    ],
  ])('refuses %s', (_, config, issue) => {
    expect(issuesOf(config)).toContain(issue);
  });

  it('may name configs by ID inside its groups', async () => {
    const { ask, log } = fleet(
      { model_groups: { x: { ref: 'pc-a' }, y: { strategy: { mode: 'fallback' }, targets: [{ ref: 'pc-a' }] } } },
      { configs: { 'pc-a': target('a') } },
    );
    expect([await ask({}, {}, { model: 'x' }), await ask({}, {}, { model: 'y' })]).toEqual(['a', 'a']);
    expect(log).toEqual(['a', 'a']);
  });

  it('keeps to itself when a call names a provider of its own', async () => {
    const { ask, log } = fleet(groups('a'));
    await ask({ provider: 'openai', Authorization: 'k', customHost: 'http://other.test' }, {}, { model: 'a' });
    expect(log).toEqual(['other']);
  });
});

function issuesOf(config: unknown): readonly string[] {
  try {
    new Portkey({ environment: {}, config: config as Config });
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}
