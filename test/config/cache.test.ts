import { type Config, memoryStore, Portkey, type PortkeyEvents } from 'modelmux';
import { type Simulator, startSimulator } from 'modelmux/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PortkeyOptions } from '../../src/config/client-options.ts';
import { readOptionNames } from '../../src/config/option-names.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { ConfigError } from '../../src/core/errors/config-error.ts';
import { manualClock } from '../support/manual-clock.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const simple = { mode: 'simple' } as const;
const body = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Hi.' }] };

function targetAt(provider: string, apiKey = `key of ${provider}`): Config {
  return { provider, api_key: apiKey, custom_host: simulator.baseUrl(provider) };
}

/** Asks once; how the cache answered, and which provider. */
async function ask(portkey: Portkey, params: object = {}, changes: object = {}): Promise<string> {
  const reply = await portkey.chat.completions.create({ ...body, ...changes }, params);
  const { 'cache-status': status, provider } = reply.getHeaders();
  return `${status} ${provider}`;
}

const callsTo = (provider: string) => simulator.requests(provider).length;
const clientOf = (config: Config, options: PortkeyOptions = {}) => new Portkey({ config, environment: {}, ...options });

describe('case 13: a cache of 60 s above a fallback', () => {
  const config = (): Config => ({
    cache: { mode: 'simple', max_age: 60 },
    strategy: { mode: 'fallback' },
    targets: [targetAt('openai'), targetAt('groq')],
  });

  it('makes one call for the same body twice, its keys in another order', async () => {
    const clock = manualClock();
    const portkey = clientOf(config(), { clock });
    const { messages, model } = body;
    expect(await ask(portkey)).toBe('MISS openai');
    clock.advance(59_999);
    const reply = await portkey.chat.completions.create({ messages, model });
    expect([reply.getHeaders()['cache-status'], reply.attempts, callsTo('openai')]).toEqual(['HIT', [], 1]);
    clock.advance(1);
    expect([await ask(portkey), callsTo('openai')]).toEqual(['MISS openai', 2]);
  });

  it('makes one call for two at once', async () => {
    const portkey = clientOf(config());
    const answers = await Promise.all([ask(portkey), ask(portkey)]);
    expect([answers.sort(), callsTo('openai')]).toEqual([['HIT openai', 'MISS openai'], 1]);
  });

  it('keeps the answer of the fallback, not the failure before it', async () => {
    simulator.behave('openai', { outage: true });
    const portkey = clientOf(config());
    expect([await ask(portkey), await ask(portkey)]).toEqual(['MISS groq', 'HIT groq']);
    expect([callsTo('openai'), callsTo('groq')]).toEqual([1, 1]);
  });

  it('keeps no failure of all, and gives it to nobody as a 200', async () => {
    simulator.behave('openai', { status: 500 });
    simulator.behave('groq', { status: 429 });
    const portkey = clientOf(config());
    await expect(ask(portkey)).rejects.toMatchObject({ status: 429 });
    simulator.behave('groq', {});
    expect(await ask(portkey)).toBe('MISS groq');
  });

  it('replays a stream chunk by chunk', async () => {
    const portkey = clientOf(config());
    const read = async () => {
      const stream = await portkey.chat.completions.create({ ...body, stream: true });
      const chunks: unknown[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return { chunks, status: stream.getHeaders()['cache-status'] };
    };
    const [first, second] = [await read(), await read()];
    expect([first.status, second.status, callsTo('openai')]).toEqual(['MISS', 'HIT', 1]);
    expect(first.chunks.length).toBeGreaterThan(3);
    expect(second.chunks).toEqual(first.chunks);
  });

  it('shares one stream between two who ask at once and read one after the other', async () => {
    const portkey = clientOf(config());
    const create = () => portkey.chat.completions.create({ ...body, stream: true });
    const streams = await Promise.all([create(), create()]);
    const texts: string[] = [];
    for (const stream of streams.reverse()) {
      let text = '';
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      texts.push(text);
    }
    expect([texts[0] === texts[1], texts[0] !== '', callsTo('openai')]).toEqual([true, true, 1]);
  });

  it('keeps no stream that was cut short', async () => {
    const portkey = clientOf({ cache: simple, ...targetAt('openai') });
    const read = async () => {
      const stream = await portkey.chat.completions.create({ ...body, stream: true });
      for await (const _ of stream);
      return stream.getHeaders()['cache-status'];
    };
    simulator.script('openai', [{ errorEventAt: 4, error: 'overloaded' }]);
    await expect(read()).rejects.toThrow();
    expect([await read(), await read()]).toEqual(['MISS', 'HIT']);
  });
});

describe('what Portkey’s open-source gateway gets wrong', () => {
  it('another provider, key or host never gets the answer', async () => {
    const portkey = new Portkey({ environment: {} });
    const configs = [
      { cache: simple, ...targetAt('openai', 'tenant 1') },
      { cache: simple, ...targetAt('openai', 'tenant 2') },
      { cache: simple, ...targetAt('groq', 'tenant 1') },
      { cache: simple, ...targetAt('openai', 'tenant 1'), override_params: { temperature: 0 } },
    ];
    const statuses: string[] = [];
    for (const config of [...configs, ...configs]) statuses.push(await ask(portkey, { config }));
    expect(statuses.map((status) => status.split(' ')[0])).toEqual([...Array(4).fill('MISS'), ...Array(4).fill('HIT')]);
  });

  it('a virtual key given for one call does not get the answer of another', async () => {
    const virtualKeys = { 'tenant-1': targetAt('openai', '1'), 'tenant-2': targetAt('openai', '2') };
    const portkey = new Portkey({ environment: {}, virtualKeys: virtualKeys as never, config: { cache: simple } });
    const asked = ['tenant-1', 'tenant-2', 'tenant-1', 'tenant-2'];
    const statuses: string[] = [];
    for (const virtualKey of asked) statuses.push(await ask(portkey, { virtualKey, config: { cache: simple } }));
    expect(statuses).toEqual(['MISS openai', 'MISS openai', 'HIT openai', 'HIT openai']);
  });

  it('a config without cache neither reads nor writes one', async () => {
    const portkey = clientOf(targetAt('openai'));
    await ask(portkey, { config: { cache: simple, ...targetAt('openai') } });
    expect([await ask(portkey), await ask(portkey)]).toEqual(['DISABLED openai', 'DISABLED openai']);
  });

  it('an explicit `stream: false` is cached, and is the same as none', async () => {
    const portkey = clientOf({ cache: simple, ...targetAt('openai') });
    expect([await ask(portkey, {}, { stream: false }), await ask(portkey)]).toEqual(['MISS openai', 'HIT openai']);
  });

  it('max_age is in seconds, 7 days by default', async () => {
    const clock = manualClock();
    const portkey = clientOf({ cache: simple, ...targetAt('openai') }, { clock });
    await ask(portkey);
    clock.advance(604_799_999);
    expect(await ask(portkey)).toBe('HIT openai');
    clock.advance(1);
    expect(await ask(portkey)).toBe('MISS openai');
  });

  it('`cacheForceRefresh: false` does not refresh', async () => {
    const portkey = clientOf({ cache: simple, ...targetAt('openai') }, { cacheForceRefresh: true });
    expect([
      await ask(portkey),
      await ask(portkey),
      await ask(portkey, { cacheForceRefresh: false }),
      await ask(portkey, { cache_force_refresh: true }),
    ]).toEqual(['REFRESH openai', 'REFRESH openai', 'HIT openai', 'REFRESH openai']);
    expect(callsTo('openai')).toBe(3);
  });

  it('a request of a tier does not get the answer of another where a condition looks at it', async () => {
    const config: Config = {
      cache: simple,
      strategy: {
        mode: 'conditional',
        conditions: [{ query: { $or: [{ 'metadata.tier': 'paid' }] }, then: 'good' }],
        default: 'cheap',
      },
      targets: [
        { ...targetAt('openai'), name: 'good' },
        { ...targetAt('groq'), name: 'cheap' },
      ],
    };
    const portkey = clientOf(config);
    expect([
      await ask(portkey, { metadata: { tier: 'paid', request: 1 } }),
      await ask(portkey, { metadata: { request: 2 } }),
      await ask(portkey, { metadata: { tier: 'paid', request: 3 } }),
    ]).toEqual(['MISS openai', 'MISS groq', 'HIT openai']);
  });
});

it('tells headers apart that a target below hands on', async () => {
  const portkey = clientOf({
    cache: simple,
    strategy: { mode: 'fallback' },
    targets: [{ ...targetAt('openai'), forward_headers: ['X-Team'] }],
  });
  const status = async (team: string, other: string) => {
    const headers = { 'x-team': team, 'x-other': other };
    const reply = await portkey.chat.completions.create(body, undefined, { headers });
    return reply.getHeaders()['cache-status'];
  };
  expect([await status('a', '1'), await status('b', '1'), await status('a', '2')]).toEqual(['MISS', 'MISS', 'HIT']);
});

describe('namespaces, scopes and groups', () => {
  it('a call’s namespace beats the config’s, which beats the client’s', async () => {
    const portkey = clientOf(
      { cache: { ...simple, namespace: 'config' }, ...targetAt('openai') },
      { cacheNamespace: 'client' },
    );
    expect([
      await ask(portkey),
      await ask(portkey, { cacheNamespace: 'config' }),
      await ask(portkey, { cacheNamespace: 'client' }),
      await ask(portkey, { cache_namespace: 'client' }),
    ]).toEqual(['MISS openai', 'HIT openai', 'MISS openai', 'HIT openai']);
  });

  it('clients with one store share nothing by default', async () => {
    const store = memoryStore();
    const config = { cache: simple, ...targetAt('openai') };
    const [one, other] = [clientOf(config, { store }), clientOf(config, { store })];
    expect([await ask(one), await ask(other), await ask(one)]).toEqual(['MISS openai', 'MISS openai', 'HIT openai']);
  });

  it('with scope "shared" they share what the same config was answered, whoever’s key it uses', async () => {
    const store = memoryStore();
    const cache = { ...simple, scope: 'shared' as const };
    const fallback = (key: string, model = 'gpt-4o'): Config => ({
      cache,
      strategy: { mode: 'fallback' },
      targets: [{ ...targetAt('openai', key), override_params: { model } }],
    });
    const [one, other, third] = [
      clientOf(fallback('1'), { store }),
      clientOf(fallback('2'), { store }),
      clientOf(fallback('2', 'gpt-4o-mini'), { store }),
    ];
    expect([await ask(one), await ask(other), await ask(third)]).toEqual(['MISS openai', 'HIT openai', 'MISS openai']);
  });

  it('nodes of one group share their answers, within the client', async () => {
    const store = memoryStore();
    const config = (key: string): Config => ({ cache: { ...simple, group: 'g' }, ...targetAt('openai', key) });
    const portkey = clientOf(config('1'), { store });
    expect([await ask(portkey), await ask(portkey, { config: config('2') })]).toEqual(['MISS openai', 'HIT openai']);
    expect(await ask(clientOf(config('1'), { store }))).toBe('MISS openai');
  });
});

describe('where it is written', () => {
  it('on a target it keeps that target’s answers alone, and the target’s retry runs once', async () => {
    const config: Config = {
      strategy: { mode: 'loadbalance' },
      targets: [{ ...targetAt('openai'), cache: simple }, targetAt('groq')],
    };
    const portkey = clientOf(config, { random: () => 0 });
    const statuses = new Set<string>();
    for (let i = 0; i < 6; i++) statuses.add(await ask(portkey));
    expect([...statuses].sort()).toEqual(['DISABLED groq', 'HIT openai', 'MISS openai']);
    expect([callsTo('openai'), callsTo('groq')]).toEqual([1, 3]);
  });

  it('a cache below answers for itself: the one above does not keep what comes from there', async () => {
    const clock = manualClock();
    const config: Config = {
      cache: simple,
      strategy: { mode: 'fallback' },
      targets: [{ ...targetAt('openai'), cache: { ...simple, max_age: 1 } }, targetAt('groq')],
    };
    const portkey = clientOf(config, { clock });
    expect([await ask(portkey), await ask(portkey)]).toEqual(['MISS openai', 'HIT openai']);
    clock.advance(1000);
    expect(await ask(portkey)).toBe('MISS openai');
    clock.advance(1000);
    simulator.behave('openai', { outage: true });
    expect([await ask(portkey), await ask(portkey)]).toEqual(['MISS groq', 'HIT groq']);
  });
});

it('answers all requests over a store that hangs, with one warning once its silence is an outage', async () => {
  const hang = () => new Promise<never>(() => undefined);
  const portkey = clientOf(
    { cache: simple, ...targetAt('openai') },
    { store: { get: hang, set: hang, delete: () => undefined } },
  );
  const warnings: string[] = [];
  portkey.on('warning', ({ code }) => warnings.push(code));
  const askMany = async (from: number) =>
    new Set(await Promise.all(Array.from({ length: 50 }, (_, index) => ask(portkey, {}, { seed: from + index }))));
  let asked = 0;
  for (; warnings.length === 0; asked += 50) expect(await askMany(asked)).toEqual(new Set(['MISS openai']));
  expect(await askMany(asked)).toEqual(new Set(['MISS openai']));
  expect(warnings).toEqual(['store']);
});

it('bounds the wait for another’s call by the deadline of the one who waits', async () => {
  const portkey = new Portkey({ environment: {} });
  const node: Config = { cache: { ...simple, group: 'g' }, ...targetAt('openai') };
  simulator.behave('openai', { latencyMs: 10_000 });
  const leaving = new AbortController();
  const slow = portkey.chat.completions.create(body, { config: node }, { signal: leaving.signal });
  slow.catch(() => undefined);
  await until(() => callsTo('openai') === 1);
  await expect(ask(portkey, { config: { ...node, total_timeout: 30 } })).rejects.toMatchObject({
    status: 408,
    limit: 'total_timeout',
  });
  expect(callsTo('openai')).toBe(1);
  leaving.abort();
  await expect(slow).rejects.toMatchObject({ kind: 'aborted' });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

it('does not count a hit as spent', async () => {
  const portkey = clientOf({ cache: simple, ...targetAt('openai') });
  const ends: PortkeyEvents['request-end'][] = [];
  portkey.on('request-end', (event) => ends.push(event));
  await ask(portkey);
  await ask(portkey);
  expect(
    ends.map(({ outcome, attempts, target }) => [outcome.usage !== undefined, attempts.length, target?.path]),
  ).toEqual([
    [true, 1, 'config'],
    [false, 0, 'config'],
  ]);
});

it('works from Portkey’s legacy form, with the mode as plain text', async () => {
  const portkey = new Portkey({
    environment: {},
    config: { mode: 'single', cache: 'simple', options: [targetAt('openai')] } as never,
  });
  expect([await ask(portkey), await ask(portkey)]).toEqual(['MISS openai', 'HIT openai']);
});

it.each<[string, object, readonly string[]]>([
  ['everything, in camelCase', { mode: 'simple', maxAge: 1, namespace: 'n', scope: 'shared', group: 'g' }, []],
  ['90 days', { mode: 'simple', max_age: 7_776_000 }, []],
  [
    'semantic mode, camelCase in it too',
    { mode: 'semantic', threshold: 0.9, embedding: { virtualKey: 'v', model: 'm', overrideParams: { dimensions: 8 } } },
    [],
  ],
  [
    'semantic mode without embeddings',
    { mode: 'semantic' },
    [
      '$.cache.embedding: Missing. Mode "semantic" compares requests by embeddings: say who makes them, as in { "provider": "openai", "model": "text-embedding-3-small" }.',
    ],
  ],
  [
    'embeddings without a model',
    { mode: 'semantic', embedding: { provider: 'openai' } },
    ['$.cache.embedding.model: Missing. Name an embedding model, such as "text-embedding-3-small".'],
  ],
  [
    'embeddings with two models, by nobody',
    { mode: 'semantic', embedding: { model: 'm', override_params: { model: 'n' } } },
    [
      '$.cache.embedding.model: Given together with "override_params.model", which says the same thing. Keep one.',
      '$.cache.embedding: This target names nobody to ask',
    ],
  ],
  [
    'embeddings of a broken shape',
    { mode: 'semantic', threshold: 2, embedding: { provider: 'opnai', model: 'm', strategy: 'fallback' } },
    ['$.cache.threshold: ', '$.cache.embedding.strategy: '],
  ],
  [
    'embeddings from an unknown provider, in a fallback',
    {
      mode: 'semantic',
      embedding: { strategy: { mode: 'fallback' }, targets: [{ provider: 'opnai', override_params: { model: 'm' } }] },
    },
    ['$.cache.embedding.targets[0].provider: Unknown provider "opnai". Did you mean "openai"?'],
  ],
  [
    'what belongs to semantic mode',
    { mode: 'simple', threshold: 0.9, embedding: { provider: 'openai', model: 'm' } },
    [
      '$.cache.threshold: Has no effect with mode "simple". It belongs to "semantic".',
      '$.cache.embedding: Has no effect with mode "simple". It belongs to "semantic".',
    ],
  ],
  ['another mode', { mode: 'smiple' }, ['$.cache.mode: Expected one of "simple"|"semantic", received "smiple".']],
  ['no mode', {}, ['$.cache.mode: ']],
  ['no age', { mode: 'simple', max_age: 0 }, ['$.cache.max_age: ']],
  ['more than 90 days', { mode: 'simple', max_age: 7_776_001 }, ['$.cache.max_age: ']],
  [
    'an unknown key',
    { mode: 'simple', maxage: 1 },
    ['$.cache.maxage: Unknown key "maxage" of "cache". Did you mean "max_age"?'],
  ],
  ['an unknown scope', { mode: 'simple', scope: 'user' }, ['$.cache.scope: ']],
  ['plain text outside the legacy form', 'simple' as never, ['$.cache: ']],
])('reads %s', (_, cache, issues) => {
  let found: readonly string[] = [];
  try {
    parseConfig({ provider: 'openai', cache });
  } catch (error) {
    found = (error as ConfigError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
  expect(found).toHaveLength(issues.length);
  issues.forEach((issue, index) => {
    expect(found[index]).toContain(issue);
  });
});

it('refuses a store that is none, and one beside a gateway', () => {
  expect(() => new Portkey({ store: 'redis://localhost' as never })).toThrow(ConfigError);
  expect(() => new Portkey({ store: {} as never })).toThrow(
    'options.store: Must have the methods get(key), set(key, value, ttlMs) and delete(key).',
  );
  expect(() => readOptionNames({ store: memoryStore() }, 'gateway')).toThrow('Has no meaning with "baseURL"');
  expect(() => readOptionNames({ store: memoryStore() }, 'call')).toThrow('Only the client takes this option');
});

it('tells a gateway of namespace and refresh by header, and keeps silent of a refresh not wanted', async () => {
  const sent: Headers[] = [];
  const portkey = new Portkey({
    apiKey: 'k',
    baseURL: 'http://gateway.test/v1',
    cacheNamespace: 'n',
    fetch: async (_, init) => {
      sent.push(new Headers(init?.headers));
      return Response.json({ object: 'chat.completion', choices: [] });
    },
  });
  for (const cacheForceRefresh of [true, false]) await portkey.chat.completions.create(body, { cacheForceRefresh });
  expect(
    sent.map((headers) => [headers.get('x-portkey-cache-namespace'), headers.get('x-portkey-cache-force-refresh')]),
  ).toEqual([
    ['n', 'true'],
    ['n', null],
  ]);
});
