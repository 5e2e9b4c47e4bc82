import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { bearer, chatBody, dataOf, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { openai: { text: 'Hello wörld.' } } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const url = (path: string) => `${simulator.baseUrl('openai')}${path}`;
const post = (path: string, body: unknown) => send(url(path), { headers: bearer, body });
const json = async (path: string, body: unknown) => JSON.parse((await post(path, body)).text);

describe('chat completions', () => {
  it('answers with a chat completion', async () => {
    const { status, headers, text } = await post('/chat/completions', chatBody);
    expect(status).toBe(200);
    expect(headers).toEqual({
      'content-type': 'application/json',
      'x-modelmux-simulator': 'true',
      server: 'modelmux-simulator',
      'x-request-id': 'req_6308b2c9a1cd704f2c5e85d5',
      'content-length': '575',
      connection: 'close',
    });
    expect(JSON.parse(text)).toEqual({
      id: 'chatcmpl-a1b0ea71a81eac1bf74f39e5',
      object: 'chat.completion',
      created: 1_735_689_600,
      model: 'gpt-4o',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello wörld.', refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 2,
        completion_tokens: 2,
        total_tokens: 4,
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: {
          reasoning_tokens: 0,
          audio_tokens: 0,
          accepted_prediction_tokens: 0,
          rejected_prediction_tokens: 0,
        },
      },
      service_tier: 'default',
      system_fingerprint: 'simulator',
    });
  });

  it('streams chunks with a role, text, a finish reason, usage when asked for, and an end marker', async () => {
    const body = { ...chatBody, stream: true, stream_options: { include_usage: true } };
    const { headers, text } = await post('/chat/completions', body);
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const chunk = (delta: unknown, finish: string | null) => ({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{24}$/),
      object: 'chat.completion.chunk',
      created: 1_735_689_600,
      model: 'gpt-4o',
      service_tier: 'default',
      system_fingerprint: 'simulator',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      usage: null,
    });
    expect(dataOf(text)).toEqual([
      chunk({ role: 'assistant', content: '', refusal: null }, null),
      chunk({ content: 'Hello' }, null),
      chunk({ content: ' wörld.' }, null),
      chunk({}, 'stop'),
      {
        ...chunk({}, null),
        choices: [],
        usage: expect.objectContaining({ prompt_tokens: 2, completion_tokens: 2, total_tokens: 4 }),
      },
      '[DONE]',
    ]);
  });

  it('says in its own words that it is simulated', async () => {
    simulator.behave('openai', {});
    const { choices } = await json('/chat/completions', chatBody);
    expect(choices[0].message.content).toMatch(
      /^This reply is simulated: no model was asked, modelmux-simulator answers as openai \(gpt-4o\)\. .{80,}/,
    );
  });

  it('answers echo: with what follows it', async () => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'echo: back ' }] }];
    const { choices } = await json('/chat/completions', { ...chatBody, messages });
    expect(choices[0].message.content).toBe(' back ');
  });

  it('calls tools in parallel, whole and in fragments', async () => {
    const toolCalls = [
      { name: 'weather', arguments: { city: 'New York' } },
      { name: 'time', arguments: '{}', id: 'call_x' },
    ];
    simulator.script('openai', [{ toolCalls }, { toolCalls }]);
    const { choices } = await json('/chat/completions', chatBody);
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [
          {
            id: expect.stringMatching(/^call_/),
            type: 'function',
            function: { name: 'weather', arguments: '{"city":"New York"}' },
          },
          { id: 'call_x', type: 'function', function: { name: 'time', arguments: '{}' } },
        ],
      },
    });
    const stream = dataOf((await post('/chat/completions', { ...chatBody, stream: true })).text) as {
      choices: [{ delta: unknown; finish_reason: unknown }];
    }[];
    expect(stream.slice(0, -1).map(({ choices: [choice] }) => choice?.delta)).toEqual([
      { role: 'assistant', content: null, refusal: null },
      {
        tool_calls: [
          { index: 0, id: expect.any(String), type: 'function', function: { name: 'weather', arguments: '' } },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"city":"New' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ' York"}' } }] },
      { tool_calls: [{ index: 1, id: 'call_x', type: 'function', function: { name: 'time', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
      {},
    ]);
  });

  it.each([
    [
      'a refusal',
      { refusal: 'I will not.' },
      { message: { content: null, refusal: 'I will not.' }, finish_reason: 'stop' },
    ],
    [
      'a filtered reply',
      { text: 'Half', contentFilter: true },
      { message: { content: 'Half' }, finish_reason: 'content_filter' },
    ],
    ['a given finish reason', { finishReason: 'length' }, { finish_reason: 'length' }],
    ['a JSON object', { jsonObject: { a: 1 } }, { message: { content: '{"a":1}' } }],
    ['an empty text', { text: '' }, { message: { content: '' } }],
  ])('gives %s', async (_what, reply, choice) => {
    simulator.script('openai', [reply]);
    expect((await json('/chat/completions', chatBody)).choices[0]).toMatchObject(choice);
  });

  it('answers in JSON when JSON is asked for', async () => {
    simulator.behave('openai', {});
    const { choices } = await json('/chat/completions', { ...chatBody, response_format: { type: 'json_object' } });
    expect(JSON.parse(choices[0].message.content)).toEqual({ simulated: true, provider: 'openai', model: 'gpt-4o' });
  });

  it('gives as many choices as asked for', async () => {
    const { choices, usage } = await json('/chat/completions', { ...chatBody, n: 2 });
    expect(choices.map((choice: { index: number }) => choice.index)).toEqual([0, 1]);
    expect(usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 4, total_tokens: 6 });
  });

  it('counts tokens as told, and leaves usage out when told', async () => {
    simulator.script('openai', [
      { usage: { inputTokens: 100, outputTokens: 20, cachedTokens: 64, reasoningTokens: 7 } },
      { usage: false },
    ]);
    expect((await json('/chat/completions', chatBody)).usage).toMatchObject({
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 120,
      prompt_tokens_details: { cached_tokens: 64 },
      completion_tokens_details: { reasoning_tokens: 7 },
    });
    expect(await json('/chat/completions', chatBody)).not.toHaveProperty('usage');
  });

  it('counts reasoning and keeps it to itself, where compatible providers show it', async () => {
    const reply = { text: 'So.', reasoning: 'Let me think' };
    for (const provider of ['openai', 'deepseek', 'groq']) simulator.script(provider, [reply]);
    const ask = async (provider: string) => {
      const { text } = await send(`${simulator.baseUrl(provider)}/chat/completions`, {
        headers: bearer,
        body: chatBody,
      });
      return JSON.parse(text);
    };
    const [own, deepseek, groq] = [await ask('openai'), await ask('deepseek'), await ask('groq')];
    expect(own.choices[0].message).toEqual({ role: 'assistant', content: 'So.', refusal: null, annotations: [] });
    expect(own.usage).toMatchObject({ completion_tokens: 4, completion_tokens_details: { reasoning_tokens: 3 } });
    expect(deepseek.choices[0].message.reasoning_content).toBe('Let me think');
    expect(groq.choices[0].message.reasoning).toBe('Let me think');
  });
});

describe('errors asked for', () => {
  it.each([
    [{ error: 'context_window' }, 400, 'invalid_request_error', 'context_length_exceeded'],
    [{ error: 'content_policy' }, 400, 'invalid_request_error', 'content_policy_violation'],
    [{ error: 'auth' }, 401, 'invalid_request_error', 'invalid_api_key'],
    [{ error: 'permission' }, 403, 'permission_error', null],
    [{ error: 'timeout' }, 408, 'timeout', null],
    [{ error: 'rate_limit' }, 429, 'requests', 'rate_limit_exceeded'],
    [{ error: 'billing' }, 429, 'insufficient_quota', 'insufficient_quota'],
    [{ error: 'server' }, 500, 'server_error', null],
    [{ error: 'overloaded' }, 503, 'server_error', null],
    [{ status: 413 }, 413, 'invalid_request_error', null],
    [{ status: 422 }, 422, 'invalid_request_error', null],
    [{ status: 418 }, 418, 'invalid_request_error', null],
    [{ status: 502 }, 502, 'server_error', null],
    [{ status: 529 }, 529, 'server_error', null],
    [{ outage: true }, 503, 'server_error', null],
    [{ status: 402, error: 'billing' }, 402, 'insufficient_quota', 'insufficient_quota'],
  ] as const)('%j is status %i of type %s and code %s', async (reply, status, type, code) => {
    simulator.script('openai', [reply]);
    const received = await post('/chat/completions', chatBody);
    expect(received.status).toBe(status);
    expect(JSON.parse(received.text)).toEqual({
      error: {
        message: expect.stringMatching(/\w{3}/),
        type,
        param: status === 400 && code !== 'content_policy_violation' ? 'messages' : null,
        code,
      },
    });
  });

  it('a context error says what OpenAI says', async () => {
    simulator.script('openai', [{ error: 'context_window' }]);
    expect((await json('/chat/completions', chatBody)).error.message).toContain(
      "This model's maximum context length is 8192 tokens",
    );
  });
});
