import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { anthropicHeaders, dataOf, messageBody, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { anthropic: { text: 'Hello wörld.' } } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const post = (body: unknown, path = '/messages', headers: Record<string, string> = anthropicHeaders) =>
  send(`${simulator.baseUrl('anthropic')}${path}`, { headers, body });
const json = async (body: unknown) => JSON.parse((await post(body)).text);

const usage = {
  input_tokens: 2,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  output_tokens: 2,
  service_tier: 'standard',
};

it('answers with a message', async () => {
  const { status, headers, text } = await post(messageBody);
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'x-modelmux-simulator': 'true', 'request-id': expect.stringMatching(/^req_/) });
  expect(JSON.parse(text)).toEqual({
    id: expect.stringMatching(/^msg_[0-9a-f]{24}$/),
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [{ type: 'text', text: 'Hello wörld.' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    stop_details: null,
    usage,
  });
});

it('streams thinking, text and a tool call as blocks', async () => {
  simulator.script('anthropic', [
    { reasoning: 'Let me', text: 'Hello wörld.', toolCalls: [{ id: 'toolu_1', name: 'f', arguments: { a: 'b c' } }] },
  ]);
  const { text } = await post({ ...messageBody, stream: true });
  const events = dataOf(text) as { type: string }[];
  expect([...text.matchAll(/^event: (.+)$/gm)].map(([, name]) => name)).toEqual(events.map((event) => event.type));
  const delta = (index: number, content: unknown) => ({ type: 'content_block_delta', index, delta: content });
  expect(events).toEqual([
    {
      type: 'message_start',
      message: {
        id: expect.any(String),
        type: 'message',
        role: 'assistant',
        model: 'claude-x',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: { ...usage, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
    { type: 'ping' },
    delta(0, { type: 'thinking_delta', thinking: 'Let' }),
    delta(0, { type: 'thinking_delta', thinking: ' me' }),
    delta(0, { type: 'signature_delta', signature: expect.any(String) }),
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    delta(1, { type: 'text_delta', text: 'Hello' }),
    delta(1, { type: 'text_delta', text: ' wörld.' }),
    { type: 'content_block_stop', index: 1 },
    { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} } },
    delta(2, { type: 'input_json_delta', partial_json: '' }),
    delta(2, { type: 'input_json_delta', partial_json: '{"a":"b' }),
    delta(2, { type: 'input_json_delta', partial_json: ' c"}' }),
    { type: 'content_block_stop', index: 2 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'tool_use', stop_sequence: null, stop_details: null },
      usage: { ...usage, output_tokens: 7 },
    },
    { type: 'message_stop' },
  ]);
});

it.each([
  [
    'tools',
    { toolCalls: [{ name: 'f', arguments: { a: 1 } }] },
    { stop_reason: 'tool_use', content: [{ type: 'tool_use', name: 'f', input: { a: 1 } }] },
  ],
  ['broken arguments', { toolCalls: [{ name: 'f', arguments: '{"a"' }] }, { content: [{ input: '{"a"' }] }],
  [
    'thinking',
    { reasoning: 'Hm', text: 'Yes' },
    {
      content: [
        { type: 'thinking', thinking: 'Hm' },
        { type: 'text', text: 'Yes' },
      ],
    },
  ],
  [
    'a refusal',
    { refusal: 'No.' },
    { stop_reason: 'refusal', stop_details: { type: 'refusal' }, content: [{ type: 'text', text: 'No.' }] },
  ],
  ['a filtered reply', { contentFilter: true }, { stop_reason: 'refusal' }],
  ['a finish reason', { finishReason: 'max_tokens' }, { stop_reason: 'max_tokens' }],
  ['a JSON object', { jsonObject: { a: 1 } }, { content: [{ type: 'text', text: '{"a":1}' }] }],
])('gives %s', async (_what, reply, expected) => {
  simulator.script('anthropic', [reply]);
  expect(await json(messageBody)).toMatchObject(expected);
});

it('counts cached input apart from the rest', async () => {
  simulator.script('anthropic', [
    { usage: { inputTokens: 100, cachedTokens: 60, cacheWriteTokens: 30, outputTokens: 5 } },
    { usage: false },
  ]);
  expect((await json(messageBody)).usage).toEqual({
    input_tokens: 10,
    cache_creation_input_tokens: 30,
    cache_read_input_tokens: 60,
    cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 0 },
    output_tokens: 5,
    service_tier: 'standard',
  });
  expect(await json(messageBody)).not.toHaveProperty('usage');
});

it('answers echo:, counts tokens and lists models', async () => {
  const echo = await json({
    ...messageBody,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'echo:me' }] }],
  });
  expect(echo.content).toEqual([{ type: 'text', text: 'me' }]);
  const { max_tokens: _, ...count } = messageBody;
  expect(JSON.parse((await post({ ...count, system: 'Be brief' }, '/messages/count_tokens')).text)).toEqual({
    input_tokens: 4,
  });
  const models = await send(`${simulator.baseUrl('anthropic')}/models`, { method: 'GET', headers: anthropicHeaders });
  expect(JSON.parse(models.text)).toMatchObject({ data: [{ type: 'model', id: 'simulated-model' }], has_more: false });
});

describe('requests that Anthropic refuses', () => {
  const use = { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'f', input: {} }] };
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'x' }] };
  const user = { role: 'user', content: 'Hi' };
  const tool = { name: 'f', input_schema: { type: 'object' } };
  const thinking = { type: 'enabled', budget_tokens: 2048 };

  it.each([
    [{ model: undefined }, 'model: Field required'],
    [{ max_tokens: undefined }, 'max_tokens: Field required'],
    [{ messages: undefined }, 'messages: Field required'],
    [{ n: 2 }, 'n: Extra inputs are not permitted'],
    [{ messages: [] }, 'messages: at least one message is required'],
    [{ messages: 'Hi' }, 'messages: Input should be a valid list'],
    [{ messages: ['Hi'] }, 'messages.0: Input should be an object'],
    [{ messages: [{ role: 'system', content: 'x' }] }, /^messages: Unexpected role "system"/],
    [{ messages: [{ role: 'tool', content: 'x' }] }, "messages.0.role: Input should be 'user' or 'assistant'"],
    [{ messages: [use, result] }, 'messages: first message must use the "user" role'],
    [{ messages: [{ role: 'user' }] }, 'messages.0.content: Field required'],
    [{ messages: [{ role: 'user', content: '' }] }, 'messages.0.content: content must be non-empty'],
    [
      { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
      'messages: text content blocks must be non-empty',
    ],
    [{ messages: [{ role: 'user', content: [{ text: 'x' }] }] }, 'messages.0.content.0.type: Field required'],
    [
      { messages: [{ role: 'user', content: [{ type: 'image' }] }] },
      'messages.0.content.0.image.source: Field required',
    ],
    [
      { messages: [user, { role: 'assistant', content: 'So ' }] },
      'messages: final assistant content cannot end with trailing whitespace',
    ],
    [
      { messages: [user, use] },
      /^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1\./,
    ],
    [{ messages: [user, use, user] }, /immediately after: t1\./],
    [{ messages: [result] }, /^messages\.0\.content: unexpected `tool_use_id` found in `tool_result` blocks: t1\./],
    [
      { messages: [user, { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'f', input: '{}' }] }] },
      'messages.1.content.0.tool_use.input: Input should be a valid dictionary',
    ],
    [{ max_tokens: 0 }, 'max_tokens: Input should be an integer greater than or equal to 1'],
    [{ stop_sequences: 'x' }, 'stop_sequences: Input should be a valid list'],
    [{ temperature: 1.5 }, 'temperature: range: 0..1'],
    [{ model: 'claude-sonnet-4-5', temperature: 1, top_p: 1 }, /cannot both be specified/],
    [
      { tools: [{ type: 'function', function: {} }] },
      "tools.0: Input tag 'function' found using 'type' does not match any of the expected tags",
    ],
    [{ tools: [{ input_schema: {} }] }, 'tools.0.custom.name: Field required'],
    [{ tools: [{ name: 'f' }] }, 'tools.0.custom.input_schema: Field required'],
    [{ tools: [{ name: 'f', input_schema: {} }] }, "tools.0.custom.input_schema.type: Input should be 'object'"],
    [{ tools: [tool], tool_choice: 'auto' }, /^tool_choice: /],
    [{ thinking: { type: 'enabled' } }, 'thinking.enabled.budget_tokens: Field required'],
    [
      { thinking: { type: 'enabled', budget_tokens: 10 } },
      'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
    ],
    [{ thinking }, '`max_tokens` must be greater than `thinking.budget_tokens`.'],
    [{ thinking, max_tokens: 4096, temperature: 0.5 }, '`temperature` may only be set to 1 when thinking is enabled.'],
    [
      { thinking, max_tokens: 4096, tools: [tool], tool_choice: { type: 'any' } },
      'Thinking may not be enabled when tool_choice forces tool use.',
    ],
  ])('%j', async (change, message) => {
    const { status, text } = await post({ ...messageBody, ...change });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      },
      request_id: expect.stringMatching(/^req_/),
    });
  });

  it('takes results of one turn from several messages', async () => {
    const two = { role: 'assistant', content: [...use.content, { type: 'tool_use', id: 't2', name: 'f', input: {} }] };
    const second = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't2' }] };
    expect((await post({ ...messageBody, messages: [user, two, result, second] })).status).toBe(200);
  });

  it.each([
    ['no key', { 'anthropic-version': '2023-06-01' }, 401, 'authentication_error', 'x-api-key header is required'],
    ['no version', { 'x-api-key': 'k' }, 400, 'invalid_request_error', 'anthropic-version: header is required'],
    [
      'no date for a version',
      { 'x-api-key': 'k', 'anthropic-version': '1' },
      400,
      'invalid_request_error',
      'anthropic-version: "1" is not a valid version',
    ],
  ] as const)('%s', async (...[, headers, status, type, message]) => {
    const received = await post(messageBody, '/messages', headers);
    expect(received.status).toBe(status);
    expect(JSON.parse(received.text).error).toEqual({ type, message });
  });

  it('takes a bearer token, and system messages in later versions', async () => {
    const headers = { authorization: 'Bearer k', 'anthropic-version': '2026-10-21' };
    const messages = [user, { role: 'system', content: 'Be brief' }, user];
    expect((await post({ ...messageBody, messages }, '/messages', headers)).status).toBe(200);
  });
});

it.each([
  [{ error: 'context_window' }, 400, 'invalid_request_error', /^prompt is too long: 210001 tokens > 200000 maximum$/],
  [{ error: 'content_policy' }, 400, 'invalid_request_error', /content filtering policy/],
  [{ error: 'billing' }, 400, 'invalid_request_error', /credit balance is too low/],
  [{ error: 'auth' }, 401, 'authentication_error', /^invalid x-api-key$/],
  [{ status: 403 }, 403, 'permission_error', /permission/],
  [{ status: 404 }, 404, 'not_found_error', /^model: claude-x$/],
  [{ status: 413 }, 413, 'request_too_large', /maximum size/],
  [{ status: 429 }, 429, 'rate_limit_error', /rate limit/],
  [{ status: 500 }, 500, 'api_error', /^Internal server error$/],
  [{ error: 'timeout' }, 504, 'timeout_error', /timed out/],
  [{ error: 'overloaded' }, 529, 'overloaded_error', /^Overloaded$/],
  [{ outage: true }, 503, 'overloaded_error', /^Overloaded$/],
] as const)('%j is status %i of type %s', async (reply, status, type, message) => {
  simulator.script('anthropic', [reply]);
  const received = await post(messageBody);
  expect(received.status).toBe(status);
  expect(JSON.parse(received.text)).toEqual({
    type: 'error',
    error: { type, message: expect.stringMatching(message) },
    request_id: received.headers['request-id'],
  });
});

it('an unknown path and an unknown model are 404s', async () => {
  expect(JSON.parse((await post(messageBody, '/complete')).text).error).toEqual({
    type: 'not_found_error',
    message: 'Not found',
  });
  simulator.behave('anthropic', { models: ['claude-y'] });
  expect(JSON.parse((await post(messageBody)).text).error).toEqual({
    type: 'not_found_error',
    message: 'model: claude-x',
  });
});
