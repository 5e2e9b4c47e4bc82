import { expect, it } from 'vitest';
import type { Config } from '../../src/index.ts';
import { hello, simulated } from '../support/simulated.ts';

const simulator = simulated();

/** What the provider receives when `target` stands below `root`, without the messages. */
async function sent(root: object, target: object, body: object = {}): Promise<unknown> {
  const config = { strategy: { mode: 'single' }, targets: [simulator.target('openai', target as never)], ...root };
  await simulator.client(config as Config).chat.completions.create({ ...hello, ...body });
  const [{ messages: _messages, ...received } = {}] = simulator.bodies('openai');
  return received;
}

it.each<[string, object, object, object, object]>([
  ['the request, when the config says nothing', {}, {}, { seed: 1 }, { model: 'gpt-4o', seed: 1 }],
  [
    'override_params over the request',
    {},
    { override_params: { model: 'm', seed: 2 } },
    { seed: 1 },
    { model: 'm', seed: 2 },
  ],
  [
    'override_params merged shallowly, child over parent',
    { override_params: { model: 'parent', seed: 1, top_p: 0.5 } },
    { override_params: { model: 'child', temperature: 0 } },
    {},
    { model: 'child', seed: 1, top_p: 0.5, temperature: 0 },
  ],
  [
    'a nested object replaced whole, never merged',
    { override_params: { metadata: { a: '1' } } },
    { override_params: { metadata: { b: '2' } } },
    { metadata: { c: '3' } },
    { model: 'gpt-4o', metadata: { b: '2' } },
  ],
  ['null sent as null', {}, { override_params: { stop: null } }, { stop: ['x'] }, { model: 'gpt-4o', stop: null }],
  [
    'default_params only where the request is silent',
    {},
    { default_params: { seed: 7, top_p: 0.1 } },
    { seed: 1 },
    { model: 'gpt-4o', seed: 1, top_p: 0.1 },
  ],
  [
    'default_params where the request says undefined',
    {},
    { default_params: { seed: 7 } },
    { seed: undefined },
    { model: 'gpt-4o', seed: 7 },
  ],
  [
    'the request’s null over default_params',
    {},
    { default_params: { stop: 'x' } },
    { stop: null },
    { model: 'gpt-4o', stop: null },
  ],
  [
    'default_params merged shallowly, child over parent',
    { default_params: { seed: 1, top_p: 0.5 } },
    { default_params: { seed: 2 } },
    {},
    { model: 'gpt-4o', seed: 2, top_p: 0.5 },
  ],
  [
    'override_params over default_params, wherever they stand',
    { override_params: { seed: 1 } },
    { default_params: { seed: 2 } },
    {},
    { model: 'gpt-4o', seed: 1 },
  ],
  [
    'drop_params last: after override_params',
    {},
    { override_params: { seed: 1 }, drop_params: ['seed'] },
    {},
    { model: 'gpt-4o' },
  ],
  [
    'drop_params of parent and child together',
    { drop_params: ['seed'] },
    { drop_params: ['top_p'] },
    { seed: 1, top_p: 1, n: 1 },
    { model: 'gpt-4o', n: 1 },
  ],
])('sends %s', async (...[, root, target, body, expected]) => {
  expect(await sent(root, target, body)).toEqual(expected);
});

const nested = { metadata: { a: '1', b: '2' }, stop: ['x', 'y', 'z'], tools: [tool('f'), tool('g')] };

function tool(name: string) {
  return { type: 'function', function: { name, description: `about ${name}` } };
}

const withoutDescription = (name: string) => ({ type: 'function', function: { name } });

it.each<[string, readonly string[], object]>([
  ['a top key', ['metadata'], { stop: nested.stop, tools: nested.tools }],
  ['a member', ['metadata.a'], { ...nested, metadata: { b: '2' } }],
  ['an element', ['stop[1]'], { ...nested, stop: ['x', 'z'] }],
  ['two elements, counted before either goes', ['stop[0]', 'stop[1]'], { ...nested, stop: ['z'] }],
  [
    'a member of one element',
    ['tools[0].function.description'],
    { ...nested, tools: [withoutDescription('f'), tool('g')] },
  ],
  [
    'a member of every element',
    ['tools[*].function.description'],
    { ...nested, tools: [withoutDescription('f'), withoutDescription('g')] },
  ],
  ['every element', ['stop[*]'], { ...nested, stop: [] }],
  ['nothing, where the path leads nowhere', ['x', 'metadata.x.y', 'stop[9]', 'model[0]', 'metadata[0]'], nested],
])('drop_params takes out %s', async (_, drop_params, expected) => {
  const body = Object.freeze({ ...nested });
  expect(await sent({}, { drop_params }, body)).toEqual({ model: 'gpt-4o', ...expected });
  expect(body).toEqual(nested);
});

it('hands down neither provider, key, provider fields, weight, name nor strategy', async () => {
  const config = {
    strategy: { mode: 'fallback' as const, on_status_codes: [429] },
    targets: [
      {
        strategy: { mode: 'fallback' as const },
        targets: [
          simulator.target('openai', { openai_organization: 'org-1', name: 'first', weight: 3 }),
          simulator.target('openai', { api_key: 'key-2' }),
        ],
      },
    ],
  };
  simulator.script('openai', [{ status: 500 }]);
  await simulator.client(config).chat.completions.create(hello);
  const headers = simulator
    .requests('openai')
    .map((request) => [request.headers.authorization, request.headers['openai-organization']]);
  expect(headers).toEqual([
    ['Bearer key-of-openai', 'org-1'],
    ['Bearer key-2', undefined],
  ]);
});

it('hands a parent’s address down until a target names its own', async () => {
  const { custom_host: _host, ...bare } = simulator.target('openai');
  const config = {
    strategy: { mode: 'fallback' as const },
    custom_host: simulator.baseUrl('inherited'),
    targets: [bare, simulator.target('own')].map((target) => ({ ...target, provider: 'openai' })),
  };
  simulator.behave('inherited', { outage: true });
  await simulator.client(config).chat.completions.create(hello);
  expect(simulator.called()).toEqual(['inherited', 'own']);
});

it('hands forwarded header names down until a target names its own', async () => {
  const config = {
    strategy: { mode: 'fallback' as const },
    forward_headers: ['X-One'],
    targets: [simulator.target('openai'), simulator.target('openai', { forward_headers: ['x-two'] })],
  };
  simulator.script('openai', [{ status: 500 }]);
  const headers = { 'x-one': '1', 'X-Two': '2', 'x-three': '3' };
  await simulator.client(config).chat.completions.create(hello, {}, { headers });
  expect(
    simulator.requests('openai').map(({ headers: given }) => [given['x-one'], given['x-two'], given['x-three']]),
  ).toEqual([
    ['1', undefined, undefined],
    [undefined, '2', undefined],
  ]);
});

it.each<[string, boolean | undefined, boolean | undefined, boolean | undefined, boolean]>([
  ['loose unless told', undefined, undefined, undefined, false],
  ['the root’s, where the target is silent', true, undefined, undefined, true],
  ['the nearest', true, false, undefined, false],
  ['the call’s over both', true, false, true, true],
])('is strict about OpenAI’s format: %s', async (...[, root, target, call, strict]) => {
  simulator.behave('anthropic', { reasoning: 'Because.' });
  const given = (value: boolean | undefined) => (value === undefined ? {} : { strict_open_ai_compliance: value });
  const config = {
    strategy: { mode: 'single' as const },
    ...given(root),
    targets: [simulator.target('anthropic', given(target))],
  };
  const reply = await simulator
    .client(config)
    .chat.completions.create({ ...hello, max_tokens: 50 }, call === undefined ? {} : { strictOpenAiCompliance: call });
  expect('content_blocks' in (reply.choices[0]?.message ?? {})).toBe(!strict);
});
