import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { bearer, dataOf, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { cohere: { text: 'Hello wörld.' } } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const body = { model: 'command-x', messages: [{ role: 'user', content: 'Hi there' }] };
const post = (sent: unknown = body, path = '/v2/chat', headers: Record<string, string> = bearer) =>
  send(`${simulator.baseUrl('cohere')}${path}`, { headers, body: sent });
const counts = (output: number) => ({
  billed_units: { input_tokens: 2, output_tokens: output },
  tokens: { input_tokens: 2, output_tokens: output },
  cached_tokens: 0,
});

it('chats', async () => {
  const { headers, text } = await post();
  expect(headers['x-debug-trace-id']).toMatch(/^req_/);
  expect(JSON.parse(text)).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{24}$/),
    finish_reason: 'COMPLETE',
    message: { role: 'assistant', content: [{ type: 'text', text: 'Hello wörld.' }] },
    usage: counts(2),
  });
});

it('streams thinking and text as content blocks', async () => {
  simulator.script('cohere', [{ reasoning: 'Hm', text: 'Hello wörld.' }]);
  const { text } = await post({ ...body, stream: true });
  const events = dataOf(text) as { type: string }[];
  expect([...text.matchAll(/^event: (.+)$/gm)].map(([, name]) => name)).toEqual(events.map((event) => event.type));
  const content = (type: string, index: number, value: unknown) => ({
    type,
    index,
    delta: { message: { content: value } },
  });
  expect(events).toEqual([
    {
      id: expect.any(String),
      type: 'message-start',
      delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } },
    },
    content('content-start', 0, { type: 'thinking', thinking: '' }),
    content('content-delta', 0, { thinking: 'Hm' }),
    { type: 'content-end', index: 0 },
    content('content-start', 1, { type: 'text', text: '' }),
    content('content-delta', 1, { text: 'Hello' }),
    content('content-delta', 1, { text: ' wörld.' }),
    { type: 'content-end', index: 1 },
    { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: counts(3) } },
  ]);
});

it('plans and calls tools, whole and streamed', async () => {
  const reply = {
    toolCalls: [
      { id: 'c1', name: 'f', arguments: { a: 'b c' } },
      { name: 'g', arguments: {} },
    ],
  };
  simulator.script('cohere', [reply, reply]);
  expect(JSON.parse((await post()).text)).toMatchObject({
    finish_reason: 'TOOL_CALL',
    message: {
      tool_plan: 'I will call tools (simulated).',
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":"b c"}' } },
        { id: expect.stringMatching(/^g_/), type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    },
  });
  const events = dataOf((await post({ ...body, stream: true })).text) as { type: string; index?: number }[];
  expect(
    events
      .map(({ type, index }) => (index === undefined ? type : `${type} ${index}`))
      .filter((type) => type !== 'tool-plan-delta'),
  ).toEqual([
    'message-start',
    'tool-call-start 0',
    'tool-call-delta 0',
    'tool-call-delta 0',
    'tool-call-end 0',
    'tool-call-start 1',
    'tool-call-delta 1',
    'tool-call-end 1',
    'message-end',
  ]);
  expect(events[1]).toEqual({ type: 'tool-plan-delta', delta: { message: { tool_plan: 'I' } } });
  expect(events.at(-1)).toMatchObject({ delta: { finish_reason: 'TOOL_CALL' } });
});

it('embeds', async () => {
  const sent = { model: 'embed-x', texts: ['a', 'b'], input_type: 'search_query', output_dimension: 4 };
  expect(JSON.parse((await post(sent, '/v2/embed')).text)).toMatchObject({
    embeddings: { float: [{ length: 4 }, { length: 4 }] },
    texts: ['a', 'b'],
    response_type: 'embeddings_by_type',
  });
  expect((await post({ model: 'embed-x' }, '/v2/embed')).status).toBe(400);
});

const user = { role: 'user', content: 'Hi' };
const asked = { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function', function: {} }] };
const result = { role: 'tool', tool_call_id: 'c1', content: 'x' };

it.each([
  [{ messages: [user] }, 'invalid request: model is required.'],
  [{ model: 'm', messages: [] }, 'invalid request: at least one message is required.'],
  [
    { model: 'm', messages: [{ role: 'developer', content: 'x' }] },
    'invalid request: messages[0].role must be one of user, assistant, system, tool.',
  ],
  [
    { model: 'm', messages: [user, result] },
    'invalid request: messages[1] answers no tool call of the message before.',
  ],
  [{ model: 'm', messages: [user, asked, user] }, 'invalid request: tool calls without a tool message: c1.'],
])('refuses %j', async (sent, message) => {
  const { status, text } = await post(sent);
  expect([status, JSON.parse(text)]).toEqual([400, { id: expect.stringMatching(/^req_/), message }]);
  expect((await post({ model: 'm', messages: [user, asked, result] })).status).toBe(200);
});

it.each([
  [{ error: 'auth' }, 401, 'invalid api token'],
  [{ error: 'billing' }, 402, /payment method/],
  [{ status: 404 }, 404, /^model 'command-x' not found/],
  [{ error: 'context_window' }, 400, /^too many tokens/],
  [{ error: 'content_policy' }, 400, /^blocked input/],
  [{ status: 429 }, 429, /per minute request limit/],
  [{ status: 500 }, 500, 'internal server error'],
] as const)('%j is a %i', async (reply, status, message) => {
  simulator.script('cohere', [reply]);
  const received = await post();
  expect(received.status).toBe(status);
  expect(JSON.parse(received.text).message).toMatch(message);
});

it('no key, an unknown path, an error in a stream', async () => {
  const keyless = await post(body, '/v2/chat', {});
  expect([keyless.status, JSON.parse(keyless.text).message]).toEqual([401, 'no api key supplied']);
  expect((await post(body, '/v1/chat')).status).toBe(404);
  simulator.script('cohere', [{ errorEventAt: 3, error: 'server' }]);
  expect(dataOf((await post({ ...body, stream: true })).text).at(-1)).toEqual({
    type: 'message-end',
    delta: { error: 'internal server error', finish_reason: 'ERROR' },
  });
});
