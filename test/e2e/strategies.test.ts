import { describe, expect, it } from 'vitest';
import { ConfigError, NoConditionMatchedError, RateLimitError } from '../../src/index.ts';
import { errorOf, fallback, hello, inShort, simulated } from '../support/simulated.ts';

const simulator = simulated();
const target = (provider: string, more: Record<string, unknown> = {}) => simulator.target(provider, more);

describe('fallback', () => {
  it.each<[string, object, readonly string[], object]>([
    ['goes on after a 500', {}, ['a', 'b'], { status: 500 }],
    ['goes on after a 400', {}, ['a', 'b'], { status: 400 }],
    ['goes on after a 404', {}, ['a', 'b'], { status: 404 }],
    ['goes on after a refused key', {}, ['a', 'b'], { keys: ['another'] }],
    ['goes on after a reset', {}, ['a', 'b'], { reset: 'before-headers' }],
    ['goes on after a listed status', { on_status_codes: [429, 503] }, ['a', 'b'], { status: 503 }],
    ['stops at a status that is not listed', { on_status_codes: [429] }, ['a'], { status: 500 }],
    ['never goes on with an empty list', { on_status_codes: [] }, ['a'], { status: 500 }],
    [
      'goes on after a reset where a 5xx is listed',
      { on_status_codes: [500] },
      ['a', 'b'],
      { reset: 'before-headers' },
    ],
    ['stops at a reset where only 429 is listed', { on_status_codes: [429] }, ['a'], { reset: 'before-headers' }],
    ['goes on along a typed edge', { on_errors: ['rate_limit'] }, ['a', 'b'], { status: 429 }],
    ['stops where no typed edge leads on', { on_errors: ['rate_limit'] }, ['a'], { status: 500 }],
  ])('%s', async (...[, strategy, called, behaviour]) => {
    simulator.behave('a', behaviour);
    const config = fallback([target('a'), target('b')].map(openai), strategy);
    await simulator
      .client(config)
      .chat.completions.create(hello)
      .catch(() => undefined);
    expect(simulator.called()).toEqual(called);
  });

  it('judges an inner strategy by its final failure', async () => {
    simulator.behave('a', { status: 429 });
    simulator.behave('b', { status: 500 });
    const inner = fallback([target('a'), target('b')].map(openai));
    const config = fallback([inner, openai(target('c'))], { on_status_codes: [429] });
    const error = await errorOf(simulator.client(config).chat.completions.create(hello), Error);
    expect(error).toMatchObject({ status: 500 });
    expect(simulator.called()).toEqual(['a', 'b']);
  });

  it('rejects with the last error, every attempt on it', async () => {
    simulator.behave('a', { status: 500 });
    simulator.behave('b', { status: 429, retryAfter: 7 });
    const config = fallback([openai(target('a')), openai(target('b', { name: 'second' }))]);
    const error = await errorOf(
      simulator.client(config).chat.completions.create(hello, { traceID: 't-1' }),
      RateLimitError,
    );
    expect(inShort(error.attempts)).toEqual([
      'targets[0] openai failure 500 server',
      'targets[1] openai failure 429 rate_limit',
    ]);
    expect(error.target).toMatchObject({
      path: 'config.targets[1]',
      name: 'second',
      provider: 'openai',
      model: 'gpt-4o',
    });
    expect([error.traceId, error.headers['retry-after']]).toEqual(['t-1', '7']);
  });
});

describe('loadbalance', () => {
  it('keeps exact shares of relative weights, 1 where none is given', async () => {
    const config = {
      strategy: { mode: 'loadbalance' as const },
      targets: [target('a', { weight: 5 }), target('b', { weight: 3 }), target('c'), target('d', { weight: 0 })].map(
        openai,
      ),
    };
    const portkey = simulator.client(config);
    for (let call = 0; call < 18; call++) await portkey.chat.completions.create(hello);
    const count = (provider: string) => simulator.requests(provider).length;
    expect(['a', 'b', 'c', 'd'].map(count)).toEqual([10, 6, 2, 0]);
  });

  it('does not try a sibling, unless told to', async () => {
    simulator.behave('a', { status: 500 });
    const config = (strategy: object) => ({
      strategy: { mode: 'loadbalance' as const, ...strategy },
      targets: [target('a', { weight: 1000 }), target('b', { weight: 0.001 })].map(openai),
    });
    await errorOf(simulator.client(config({}), { random: () => 0 }).chat.completions.create(hello), Error);
    expect(simulator.called()).toEqual(['a']);
    await simulator.client(config({ failover: true }), { random: () => 0 }).chat.completions.create(hello);
    expect(simulator.called()).toEqual(['a', 'a', 'b']);
  });
});

describe('conditional', () => {
  const conditional = (strategy: object) => ({
    strategy: { mode: 'conditional' as const, ...strategy },
    targets: ['paid', 'free', 'rest'].map((name) => openai(target(name, { name }))),
  });
  const conditions = [
    { query: { 'metadata.tier': { $in: ['gold', 'silver'] }, 'params.user': { $ne: 'x' } }, then: 'paid' },
    { query: { $or: [{ 'params.max_tokens': { $lte: 10 } }, { 'metadata.tier': 'none' }] }, then: 'free' },
    { query: { 'url.pathname': { $regex: 'completions$' }, 'params.messages.0.content': 'Hi' }, then: 'rest' },
  ];

  it.each<[string, object, object, string]>([
    ['the first match', { tier: 'gold' }, { max_tokens: 5 }, 'paid'],
    ['the second, when one key of the first does not hold', { tier: 'gold' }, { user: 'x', max_tokens: 5 }, 'free'],
    ['a match on metadata alone', { tier: 'none' }, {}, 'free'],
    ['a match deep in params', {}, { messages: [{ role: 'user', content: 'Hi' }] }, 'rest'],
    ['the default', { tier: 'bronze' }, {}, 'paid'],
  ])('asks %s', async (...[, metadata, body, expected]) => {
    const portkey = simulator.client(conditional({ conditions, default: 'paid' }));
    await portkey.chat.completions.create({ ...hello, ...body }, { metadata: { ...metadata } });
    expect(simulator.called()).toEqual([expected]);
  });

  it('sees the caller’s body, not what overrides make of it', async () => {
    const config = { ...conditional({ conditions, default: 'rest' }), override_params: { max_tokens: 5 } };
    await simulator.client(config).chat.completions.create(hello);
    expect(simulator.called()).toEqual(['rest']);
  });

  it('fails like a target when nothing matches: a fallback around it goes on', async () => {
    const portkey = simulator.client(conditional({ conditions }));
    await errorOf(portkey.chat.completions.create(hello), NoConditionMatchedError);
    const around = fallback([conditional({ conditions }), openai(target('b'))]);
    await simulator.client(around).chat.completions.create(hello);
    expect(simulator.called()).toEqual(['b']);
  });

  it('refuses conditions that lead nowhere, at construction', () => {
    const wrong = conditional({ conditions: [{ query: {}, then: 'payd' }], default: 'none' });
    expect(() => simulator.client(wrong)).toThrow(ConfigError);
    expect(() => simulator.client(wrong)).toThrow('Did you mean "paid"?');
  });
});

it('tells which target of a tree answered', async () => {
  simulator.behave('a', { outage: true });
  const inner = fallback([target('a'), target('b')].map(openai));
  const config = { strategy: { mode: 'loadbalance' as const }, targets: [{ ...inner, weight: 1 }] };
  const reply = await simulator.client(config).chat.completions.create(hello, { traceID: 'trace' });
  expect(reply.getHeaders()).toEqual({
    'last-used-option-index': 'config.targets[0].targets[1]',
    'retry-attempt-count': '0',
    'cache-status': 'DISABLED',
    provider: 'openai',
    'trace-id': 'trace',
  });
});

it.each<[string, (targets: readonly object[]) => unknown]>([
  ['an object', (targets) => fallback(targets)],
  ['JSON', (targets) => JSON.stringify(fallback(targets))],
  ['JSON with space around', (targets) => ` \n${JSON.stringify(fallback(targets))} `],
  ['Portkey’s legacy form', (targets) => ({ mode: 'fallback', options: targets })],
  ['camelCase', (targets) => ({ strategy: { mode: 'fallback', onStatusCodes: [500] }, targets })],
])('takes a config as %s, of the client and of a call', async (_, write) => {
  simulator.behave('a', { status: 500 });
  const config = write([target('a'), target('b')].map(openai)) as string;
  await simulator.client(config).chat.completions.create(hello);
  await simulator.client(openai(target('c'))).chat.completions.create(hello, { config });
  expect(simulator.called()).toEqual(['a', 'b', 'a', 'b']);
});

/** The simulator tells targets apart by name; all of them speak OpenAI's format. */
function openai<Target extends object>(given: Target): Target & { readonly provider: string } {
  return { ...given, provider: 'openai' };
}
