import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { PortkeyError } from '../../src/core/errors/portkey-error.ts';
import { Portkey } from '../../src/portkey.ts';
import { fleet, settle, target } from '../support/fleet.ts';
import { pass } from '../support/manual-clock.ts';

const tooLong = { status: 400, body: { error: { message: 'too long', code: 'context_length_exceeded' } } };

function groups(names: string, more: Config = {}): Config {
  const group = (name: string): Config => ({
    strategy: { mode: 'loadbalance' },
    retry: { attempts: 0, scope: 'node' },
    targets: [target(name)],
  });
  return {
    compat: 'litellm',
    model_groups: Object.fromEntries([...names].map((name) => [name, group(name)])),
    ...more,
  };
}

/** Who was asked for one request with these fields, and how it ended. */
async function run(fields: object, config: Config, answers: object) {
  const { ask, log, answers: given, clock, elapsed } = fleet(config);
  Object.assign(given, answers);
  const result = await pass(clock, ask({}, {}, { model: 'a', ...fields }));
  const value = result.status === 'fulfilled' ? result.value : result.reason;
  return { ended: typeof value === 'string' ? value : String(value.status), calls: log.join(' '), elapsed: elapsed() };
}

describe('fields of one request', () => {
  const standing = groups('abcd', { fallbacks: { a: ['b'] }, aliases: { z: 'c' } });

  it.each<[string, object, object, string, string]>([
    ['a list of names in place of the config’s', { fallbacks: ['c', 'd'] }, { a: 500, c: 500 }, 'd', 'a c d'],
    ['an alias among them', { fallbacks: ['z'] }, { a: 500 }, 'c', 'a c'],
    [
      'a list beats every cause’s map',
      { fallbacks: ['d'], context_window_fallbacks: [{ b: ['c'] }] },
      { a: tooLong },
      'd',
      'a d',
    ],
    ['a map for the group', { fallbacks: [{ a: ['c'] }] }, { a: 500 }, 'c', 'a c'],
    [
      'a map for another group leaves this one its own',
      { fallbacks: [{ b: ['c'] }] },
      { a: 500, b: 500 },
      'c',
      'a b c',
    ],
    ['a map written as an object', { fallbacks: { a: ['d'] } }, { a: 500 }, 'd', 'a d'],
    ['too long', { context_window_fallbacks: [{ a: ['c'] }] }, { a: tooLong }, 'c', 'a c'],
    ['a plain list for too long', { context_window_fallbacks: ['d'] }, { a: tooLong }, 'd', 'a d'],
    ['not too long', { context_window_fallbacks: [{ a: ['c'] }] }, { a: 500 }, 'b', 'a b'],
    [
      'refused content',
      { content_policy_fallbacks: [{ a: ['c'] }] },
      { a: { status: 400, body: { error: { message: 'x', code: 'content_filter' } } } },
      'c',
      'a c',
    ],
    ['no fallbacks', { disable_fallbacks: true }, { a: 500 }, '500', 'a'],
    ['no fallbacks, said as false', { disable_fallbacks: false }, { a: 500 }, 'b', 'a b'],
    ['a depth', { max_fallbacks: 0 }, { a: 500 }, '500', 'a'],
    ['the fallbacks tried without asking', { mock_testing_fallbacks: true }, {}, 'b', 'b'],
    [
      'those for what is too long',
      { mock_testing_context_fallbacks: true, context_window_fallbacks: [{ a: ['d'] }] },
      {},
      'd',
      'd',
    ],
    [
      'those for refused content',
      { mock_testing_content_policy_fallbacks: true, content_policy_fallbacks: [{ a: ['d'] }] },
      {},
      'd',
      'd',
    ],
    ['tries', { num_retries: 2, disable_fallbacks: true }, { a: 500 }, '500', 'a a a'],
    ['tries, then fallbacks', { num_retries: 1 }, { a: 500 }, 'b', 'a a b'],
    ['null is nothing', { fallbacks: null, num_retries: null, timeout: null, cache: null }, { a: 500 }, 'b', 'a b'],
  ])('%s', async (...[, fields, answers, ended, calls]) => {
    expect(await run(fields, standing, answers)).toMatchObject({ ended, calls });
  });

  it.each<[string, object, Config, number]>([
    ['the whole request', { timeout: 2 }, groups('ab', { fallbacks: { a: ['b'] }, total_timeout: 9000 }), 2000],
    ['the whole request, longer than the config', { timeout: 9 }, groups('a', { total_timeout: 2000 }), 9000],
    ['one attempt', { request_timeout: 1.5 }, groups('a', { request_timeout: 9000 }), 1500],
  ])('%s ends in time', async (_, fields, config, elapsed) => {
    expect(await run(fields, config, { a: 'silent', b: 'silent' })).toMatchObject({ ended: '408', elapsed });
  });

  it('a timeout that the caller chose does not count against the target', async () => {
    const cooling = groups('a', { cooldown: { allowed_fails: 0, exempt_single: false } });
    const { ask, answers, clock, of } = fleet(cooling);
    answers.a = 'silent';
    for (const fields of [{ timeout: 1 }, { request_timeout: 1 }, { stream_timeout: 1, stream: true }])
      await pass(clock, ask({}, {}, { model: 'a', ...fields }));
    expect(of('a')).toMatchObject({ health: 'ready', fails: 0 });
  });

  it('a fallback brings parameters of its own, for itself and its own fallbacks', async () => {
    const bodies: Record<string, unknown>[] = [];
    const portkey = new Portkey({
      environment: {},
      config: groups('abcd', { fallbacks: { b: ['c'] } }),
      fetch: async (input, init) => {
        bodies.push(JSON.parse(String(init?.body)));
        const status = String(input).includes('//d.') ? 200 : 500;
        return Response.json({ choices: [{ index: 0, message: { role: 'assistant', content: 'x' } }] }, { status });
      },
    });
    const fallbacks = [{ model: 'b', temperature: 0, messages: [{ role: 'user', content: 'short' }] }, 'd'];
    await portkey.chat.completions.create({ model: 'a', messages: [], temperature: 1, fallbacks } as never);
    const short = [{ role: 'user', content: 'short' }];
    expect(bodies).toEqual([
      { model: 'a', messages: [], temperature: 1 },
      { model: 'b', messages: short, temperature: 0 },
      { model: 'c', messages: short, temperature: 0 },
      { model: 'd', messages: [], temperature: 1 },
    ]);
  });

  it('reach no provider, and no condition; what LiteLLM does not know does', async () => {
    const bodies: unknown[] = [];
    const portkey = new Portkey({
      environment: {},
      config: groups('a'),
      fetch: async (_, init) => {
        bodies.push(JSON.parse(String(init?.body)));
        return Response.json({ output: [], choices: [{ index: 0, message: { role: 'assistant', content: 'x' } }] });
      },
    });
    const fields = {
      fallbacks: ['a'],
      context_window_fallbacks: [],
      content_policy_fallbacks: [],
      disable_fallbacks: true,
      max_fallbacks: 3,
      num_retries: 1,
      timeout: 5,
      request_timeout: 5,
      stream_timeout: 5,
      priority: 0,
      tags: ['x'],
      drop_params: true,
      cache: { ttl: 5, 's-maxage': 5, 'no-cache': true, 'no-store': true, namespace: 'n' },
      caching: true,
      metadata: { a: 1 },
      litellm_metadata: { b: 2 },
      litellm_call_id: 'c',
      litellm_session_id: 's',
      litellm_trace_id: 't',
      mock_testing_fallbacks: false,
    };
    await portkey.chat.completions.create({ model: 'a', messages: [], user: 'u', top_k: 5, ...fields } as never);
    expect(bodies).toEqual([{ model: 'a', messages: [], user: 'u', top_k: 5 }]);
    await portkey.responses.create({ model: 'a', input: 'x', metadata: { own: 'yes' }, num_retries: 0 } as never);
    expect(bodies[1]).toMatchObject({ metadata: { own: 'yes' } });
  });

  it('metadata and tags are those of the request; the caller’s own options win', async () => {
    const { portkey } = fleet(groups('a'));
    const seen: unknown[] = [];
    portkey.on('request-end', ({ metadata }) => seen.push(metadata));
    portkey.on('attempt-start', ({ metadata }) => seen.push(metadata));
    await portkey.chat.completions.create(
      { model: 'a', messages: [], metadata: { team: 'x', user: 'from body', count: 3 } } as never,
      { metadata: { user: 'from options' } },
    );
    expect(seen[0]).toEqual({ team: 'x', user: 'from options', count: '3' });
  });

  it('conditions see the metadata of the body', async () => {
    const { ask, log } = fleet({
      compat: 'litellm',
      strategy: {
        mode: 'conditional',
        conditions: [{ query: { 'metadata.plan': 'paid' }, then: 'a' }],
        default: 'b',
      },
      targets: [target('a'), target('b')],
    });
    await ask({}, {}, { metadata: { plan: 'paid' } });
    await ask({}, {}, { metadata: { plan: 'free' } });
    expect(log).toEqual(['a', 'b']);
  });

  it('do nothing where the config does not ask for them: the provider gets them', async () => {
    const { compat: _compat, ...plain } = groups('a', { fallbacks: {} });
    const bodies: string[] = [];
    const portkey = new Portkey({
      environment: {},
      config: plain,
      fetch: async (_, init) => {
        bodies.push(String(init?.body));
        return Response.json({ choices: [{ index: 0, message: { role: 'assistant', content: 'x' } }] });
      },
    });
    await portkey.chat.completions.create({ model: 'a', messages: [], fallbacks: ['b'] } as never);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ fallbacks: ['b'] });
  });
});

describe('the cache of one request', () => {
  const cached = groups('a', { cache: { mode: 'simple', max_age: 60 } });

  it.each<[string, readonly (object | number)[], number]>([
    ['equal requests are one call', [{}, {}], 1],
    ['fields do not make requests unequal', [{}, { num_retries: 1, metadata: { a: 1 } }], 1],
    ['no-cache asks again, and stores', [{}, { cache: { 'no-cache': true } }, {}], 2],
    ['no-store stores nothing', [{ cache: { 'no-store': true } }, {}, {}], 2],
    ['ttl keeps an answer for less', [{ cache: { ttl: 5 } }, 6000, {}], 2],
    ['ttl keeps it for so long', [{ cache: { ttl: 5 } }, 4000, {}], 1],
    ['s-maxage takes only what is younger', [{}, 6000, { cache: { 's-maxage': 5 } }], 2],
    [
      'namespaces are apart',
      [{ cache: { namespace: 'x' } }, { cache: { namespace: 'y' } }, { cache: { namespace: 'x' } }],
      2,
    ],
    ['caching: false passes by', [{}, { caching: false }, { caching: true }], 2],
    ['use-cache: false passes by', [{}, { cache: { 'use-cache': false } }], 2],
    ['other ways are other requests', [{}, { disable_fallbacks: true }], 2],
  ])('%s', async (_, steps, calls) => {
    const { ask, log, clock } = fleet(cached);
    for (const step of steps) {
      if (typeof step === 'number') clock.advance(step);
      else await ask({}, {}, { model: 'a', ...step });
    }
    expect(log.length).toBe(calls);
  });
});

describe('what cannot be meant is a 400 that says where', () => {
  it.each<[object, string]>([
    [{ fallbacks: 'b' }, '400 "fallbacks": Must be a list such as [{"gpt-4": ["gpt-3.5-turbo"]}].'],
    [
      { fallbacks: [7] },
      '400 "fallbacks[0]": Must be the name of a model, or a map such as {"gpt-4": ["gpt-3.5-turbo"]}.',
    ],
    [{ fallbacks: [{ a: ['b', 'nope'] }] }, '400 "fallbacks[0]["a"][1]": There is no model "nope" here.'],
    [{ fallbacks: [{ a: 'b' }, { b: [3] }] }, '400 "fallbacks[1]["b"][0]": Must be the name of a model.'],
    [
      { context_window_fallbacks: [{ a: 5 }] },
      '400 "context_window_fallbacks[0]["a"]": Must be a list of model names.',
    ],
    [
      { fallbacks: [{ model: 'b', api_key: 'sk-stolen' }] },
      '400 "fallbacks": "api_key" holds for the whole request, not for one fallback.',
    ],
    [{ num_retries: -1 }, '400 "num_retries": Must be a whole number from 0 to 100, received -1.'],
    [{ num_retries: 1e9 }, '400 "num_retries": Must be a whole number from 0 to 100, received 1000000000.'],
    [{ timeout: 0 }, '400 "timeout": Must be a number of seconds above 0, received 0.'],
    [{ request_timeout: '10' }, '400 "request_timeout": Must be a number of seconds above 0.'],
    [{ disable_fallbacks: 'yes' }, '400 "disable_fallbacks": Must be true or false.'],
    [
      { cache: { tll: 3 } },
      '400 "cache["tll"]": Valid are ttl, s-maxage, s-max-age, no-cache, no-store, use-cache, namespace.',
    ],
    [{ cache: { ttl: 'x' } }, '400 "cache["ttl"]": Must be a number of seconds above 0.'],
    [{ metadata: [1] }, '400 "metadata": Must be an object such as {"user_id": "u-1"}.'],
    [{ tags: 'x' }, '400 "tags": Must be a list of texts.'],
    [{ priority: 'high' }, '400 "priority": Must be a number; lower is more urgent.'],
    [
      { api_key: 'sk-stolen' },
      '400 "api_key": Not taken from a request. A request cannot bring a key of its own. Use virtual keys.',
    ],
    [
      { api_base: 'http://evil' },
      '400 "api_base": Not taken from a request. A request cannot choose the address that a key is sent to.',
    ],
    [
      { mock_response: 'hi' },
      '400 "mock_response": Not taken from a request. No answer is made up here. Use the simulator for tests.',
    ],
  ])('%j', async (fields, message) => {
    const { portkey, log } = fleet(groups('ab'));
    const call = portkey.chat.completions.create({ model: 'a', messages: [], ...fields } as never);
    await expect(call).rejects.toThrow(message);
    expect(log).toEqual([]);
  });

  it('whatever is sent, nothing but a typed error or an answer comes of it, and no field reaches the provider', async () => {
    const names = [
      'fallbacks',
      'context_window_fallbacks',
      'num_retries',
      'timeout',
      'cache',
      'metadata',
      'tags',
      'priority',
      'max_fallbacks',
      'mock_testing_fallbacks',
    ];
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), async (fields) => {
        const { portkey, clock } = fleet(groups('ab', { fallbacks: { a: ['b'] } }));
        const call = portkey.chat.completions.create({ model: 'a', messages: [], ...fields } as never);
        const { status, ...rest } = await pass(clock, call);
        if (status === 'rejected') expect((rest as PromiseRejectedResult).reason).toBeInstanceOf(PortkeyError);
      }),
      { numRuns: 200 },
    );
    await settle();
  });
});

it('a cache for those who ask is asked, and filled, only by requests that say so', async () => {
  const { ask, log } = fleet({ ...target('a'), compat: 'litellm', cache: { mode: 'simple', opt_in: true } } as Config);
  const using = { cache: { 'use-cache': true } };
  for (const more of [{}, {}, using, using, {}, { cache: { 'use-cache': false } }]) await ask({}, {}, more);
  expect(log).toHaveLength(5);
});
