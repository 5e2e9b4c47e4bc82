import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/core/context.ts';
import type { ModelRequest } from '../../../src/core/handler.ts';
import { type AffinityKind, affinityKey } from '../../../src/routing/algorithms/affinity/affinity-key.ts';
import { affinity } from '../../../src/routing/algorithms/affinity.ts';
import { weighted } from '../../../src/routing/algorithms/weighted.ts';
import { replay } from '../../../src/routing/middleware/streams/replay.ts';
import { createAffinityMap, createAffinityMaps } from '../../../src/routing/state/affinity-map.ts';
import { loadbalance } from '../../../src/routing/strategies/loadbalance.ts';
import { fakeChildren } from '../../support/children-view.ts';
import { chatRequest, failure, fakeChild, replyOf, type Step, testContext } from '../../support/engine.ts';

const long = 'word '.repeat(1000);
const chat = (body: object): ModelRequest => chatRequest({ model: 'm', messages: [], ...body });

describe('the key of a request', () => {
  it.each<[AffinityKind, object, Record<string, string>, string | undefined]>([
    ['user', { user: 'u' }, {}, 'user u'],
    ['user', { safety_identifier: 's' }, {}, 'user s'],
    ['user', { metadata: { user_id: 'm' } }, {}, 'user m'],
    ['user', {}, { _user: 'p' }, 'user p'],
    ['user', { user: '' }, { user_id: 'i' }, 'user i'],
    ['user', {}, {}, undefined],
    ['session', {}, { session_id: 's' }, 'session s'],
    ['session', {}, { conversation_id: 'c' }, 'session c'],
    ['session', { prompt_cache_key: 'k' }, {}, 'session k'],
    ['session', { conversation: { id: 'conv_1' } }, {}, 'session conv_1'],
    ['session', { conversation: 'conv_2' }, {}, 'session conv_2'],
    ['session', { user: 'u' }, {}, undefined],
  ])('by %s of %j and %j is %s', (kind, body, metadata, key) => {
    expect(affinityKey([kind])(chat(body), { metadata })).toBe(key);
  });

  it('is that of the first kind that a request says something of', () => {
    const keyOf = affinityKey(['session', 'user']);
    expect(keyOf(chat({ user: 'u' }), { metadata: {} })).toBe('user u');
    expect(keyOf(chat({ user: 'u' }), { metadata: { session_id: 's' } })).toBe('session s');
  });

  const prefix = (request: ModelRequest) => affinityKey(['prefix'])(request, { metadata: {} });
  const asking = (content: string, more: object = {}) =>
    prefix(
      chat({
        messages: [
          { role: 'system', content: long },
          { role: 'user', content },
        ],
        ...more,
      }),
    );

  it('by prefix is the same for prompts that begin alike, whatever comes after', () => {
    expect(asking('one')).toMatch(/^prefix [\da-f]{16}$/);
    expect(asking('two')).toBe(asking('one'));
    expect(asking('one', { temperature: 1, stream: true })).toBe(asking('one'));
    const turns = [
      { role: 'system', content: long },
      { role: 'user', content: 'one' },
      { role: 'assistant', content: '1' },
      { role: 'user', content: 'more' },
    ];
    expect(prefix(chat({ messages: turns }))).toBe(asking('one'));
  });

  it('by prefix differs by model, tools and what is said first', () => {
    const keys = [
      asking('one'),
      asking('one', { model: 'n' }),
      asking('one', { tools: [{ type: 'function', function: { name: 'f' } }] }),
      prefix(chat({ messages: [{ role: 'system', content: `${long}!`.replace('word', 'Word') }] })),
      prefix(chat({ messages: [{ role: 'user', content: long }] })),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('by prefix there is none for prompts too short to be cached', () => {
    expect(prefix(chat({ messages: [{ role: 'user', content: 'x'.repeat(4000) }] }))).toBeUndefined();
    expect(
      prefix(
        chat({
          messages: [
            { role: 'user', content: 'x'.repeat(2000) },
            { role: 'user', content: 'x'.repeat(2200) },
          ],
        }),
      ),
    ).toBeDefined();
    expect(prefix({ endpoint: 'embeddings', body: { input: long } })).toBeUndefined();
  });

  it.each<[ModelRequest['endpoint'], object]>([
    [
      'messages',
      {
        system: [{ type: 'text', text: long, cache_control: { type: 'ephemeral' } }],
        messages: [{ role: 'user', content: 'x' }],
      },
    ],
    ['responses', { instructions: long, input: 'x' }],
    ['responses', { input: [{ role: 'user', content: [{ type: 'input_text', text: long }] }] }],
    ['completions', { prompt: long }],
    [
      'chat/completions',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(9000)}` } }],
          },
        ],
      },
    ],
  ])('by prefix is known for %s %#', (endpoint, body) => {
    const key = prefix({ endpoint, body: { model: 'm', ...body } });
    expect(key).toMatch(/^prefix /);
    expect(prefix({ endpoint, body: { model: 'm', ...JSON.parse(JSON.stringify(body)) } })).toBe(key);
  });
});

/** A loadbalance over `count` children that take turns, with affinity by user. */
function node(count: number, steps: readonly (readonly Step[])[] = [], failover = false) {
  const view = fakeChildren(count);
  const log: string[] = [];
  const weights = new Array<number>(count).fill(1);
  const children = weights.map((_, index) => fakeChild(`t${index}`, steps[index] ?? ['ok'], log));
  const rules = { keyOf: affinityKey(['user']), ttlMs: 1000, map: createAffinityMap(), view, weights };
  const kept = affinity(
    weighted(weights, () => 0, view),
    children,
    rules,
  );
  const handler = kept.around(loadbalance(kept.children, { path: 'config', picker: kept.picker, failover, view }));
  const ask = (user?: string, body: object = {}, context: Partial<RequestContext> = {}) =>
    handler(chat({ ...(user === undefined ? {} : { user }), ...body }), testContext(context)).then(
      (reply) => reply.target.path,
      (error: Error) => error.name,
    );
  return { view, log, ask, handler };
}

describe('affinity', () => {
  it('stays with the child that answered, and leaves the others to the algorithm', async () => {
    const { ask } = node(3);
    const first = await ask('a');
    for (let i = 0; i < 5; i++) expect(await ask('a')).toBe(first);
    expect(new Set([await ask(), await ask(), await ask()]).size).toBe(3);
  });

  it('forgets a child that has not answered for its time, counted from the last answer', async () => {
    const { ask, view } = node(2);
    const first = await ask('a');
    view.time = 900;
    expect(await ask('a')).toBe(first);
    view.time = 1800;
    expect(await ask('a')).toBe(first);
    view.time = 2800;
    expect(await ask('a')).not.toBe(first);
  });

  it('yields to a child that cools, and moves to the one that answers', async () => {
    const { ask, view } = node(2);
    const first = Number((await ask('a')).slice(1));
    view.shares[first] = 0;
    const second = await ask('a');
    expect(second).not.toBe(`t${first}`);
    view.shares[first] = 1;
    expect(await ask('a')).toBe(second);
  });

  it('passes a full child over, and comes back', async () => {
    const { ask, view } = node(2);
    const first = Number((await ask('a')).slice(1));
    view.shares[first] = 0;
    view.rooms[first] = 0;
    expect(await ask('a')).toBe(`t${1 - first}`);
    view.shares[first] = 1;
    view.rooms[first] = 5;
    expect(await ask('a')).toBe(`t${first}`);
  });

  it('passes over a child with half as many requests again as its share, and comes back', async () => {
    const { ask, view } = node(4);
    const first = Number((await ask('a')).slice(1));
    view.loads[first] = 7;
    expect(await ask('a')).toBe(`t${first}`);
    view.loads[first] = 8;
    expect(await ask('a')).not.toBe(`t${first}`);
    for (let i = 0; i < 4; i++) if (i !== first) view.loads[i] = 8;
    expect(await ask('a')).toBe(`t${first}`);
  });

  it('learns from who really answered when a child fails', async () => {
    const { ask, log } = node(2, [['ok', 500], ['ok']], true);
    expect([await ask('a'), await ask('a'), await ask('a')]).toEqual(['t0', 't1', 't1']);
    expect(log).toEqual(['t0', 't0', 't1', 't1']);
  });

  it.each<[string, Step]>([
    ['the caller’s mistake', 400],
    ['a refusal by a check', { status: 446, kind: 'guardrail' }],
    ['an abort', { kind: 'aborted' }],
  ])('does not forget a child for %s', async (_, step) => {
    const { ask } = node(2, [['ok', step, 'ok'], ['ok']]);
    await ask('a');
    await ask('a');
    expect(await ask('a')).toBe('t0');
  });

  it('offers no child that was tried already', async () => {
    const { ask } = node(2);
    const first = Number((await ask('a')).slice(1));
    expect(await ask('a', {}, { tried: new Map([['config', [first]]]) })).toBe(`t${1 - first}`);
  });
});

describe('a response that refers to one before', () => {
  const response = (id: string, stream = false) => {
    const chunks = [
      { type: 'response.created', response: { id } },
      { type: 'response.output_text.delta', delta: 'x' },
    ];
    const body = stream
      ? { kind: 'stream' as const, chunks: replay(chunks) }
      : { kind: 'json' as const, value: { id } };
    return { ...replyOf(''), body };
  };

  it.each([false, true])('goes to the child that made that, and to no other (streamed: %s)', async (stream) => {
    const view = fakeChildren(2);
    const log: string[] = [];
    let isDown = false;
    const children = [0, 1].map((index) => ({
      ...fakeChild(`t${index}`, ['ok'], log),
      handler: async () => {
        log.push(`t${index}`);
        if (isDown) throw failure(500);
        return response(`resp_${index}`, stream);
      },
    }));
    const weights = [1, 1];
    const kept = affinity(
      weighted(weights, () => 0, view),
      children,
      { keyOf: () => undefined, ttlMs: 1000, map: createAffinityMap(), view, weights },
    );
    const handler = kept.around(
      loadbalance(kept.children, { path: 'config', picker: kept.picker, failover: true, view }),
    );
    const ask = async (previous_response_id?: string) => {
      const reply = await handler(
        { endpoint: 'responses', body: { model: 'm', input: 'x', previous_response_id } },
        testContext(),
      );
      if (reply.body.kind === 'stream') for await (const _chunk of reply.body.chunks);
    };
    await ask();
    await ask();
    log.length = 0;
    view.time = 10_000;
    for (let i = 0; i < 3; i++) await ask('resp_1');
    await ask('resp_0');
    expect(log).toEqual(['t1', 't1', 't1', 't0']);
    isDown = true;
    await expect(ask('resp_1')).rejects.toMatchObject({ status: 500 });
    expect(log).toEqual(['t1', 't1', 't1', 't0', 't1']);
    isDown = false;
    await ask('resp_unknown');
    expect(log).toHaveLength(6);
  });
});

describe('the memory', () => {
  it('holds 10,000 keys of a node, the latest', () => {
    const map = createAffinityMap();
    for (let i = 0; i < 10_001; i++) map.set(`k${i}`, 't', 10);
    map.set('k1', 'u', 10);
    map.set('new', 't', 10);
    expect([map.get('k0', 0), map.get('k1', 0), map.get('k2', 0), map.get('k3', 0)]).toEqual([
      undefined,
      'u',
      undefined,
      't',
    ]);
  });

  it('is one for a node, however often its config is compiled', () => {
    const maps = createAffinityMaps();
    maps.at('n').set('k', 't', 10);
    expect([maps.at('n').get('k', 9), maps.at('n').get('k', 10), maps.at('m').get('k', 0)]).toEqual([
      't',
      undefined,
      undefined,
    ]);
  });
});
