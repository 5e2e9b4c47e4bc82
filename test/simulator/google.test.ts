import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { dataOf, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { google: { text: 'Hello wörld.' } } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const body = { contents: [{ role: 'user', parts: [{ text: 'Hi there' }] }] };
const key = { 'x-goog-api-key': 'key-1' };
const post = (verb: string, sent: unknown = body, headers: Record<string, string> = key) =>
  send(`${simulator.baseUrl('google')}/models/gemini-x:${verb}`, { headers, body: sent });
const json = async (verb: string, sent: unknown = body) => JSON.parse((await post(verb, sent)).text);

const usage = {
  promptTokenCount: 2,
  candidatesTokenCount: 2,
  totalTokenCount: 4,
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: 2 }],
};
const early = { promptTokenCount: 2, totalTokenCount: 2, promptTokensDetails: usage.promptTokensDetails };

it('generates content', async () => {
  expect(await json('generateContent')).toEqual({
    candidates: [{ content: { parts: [{ text: 'Hello wörld.' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
    usageMetadata: usage,
    modelVersion: 'gemini-x',
    responseId: expect.stringMatching(/^[0-9a-f]{24}$/),
  });
});

const streamed = [
  {
    candidates: [{ content: { parts: [{ text: 'Hello' }], role: 'model' }, index: 0 }],
    usageMetadata: early,
    modelVersion: 'gemini-x',
    responseId: expect.any(String),
  },
  {
    candidates: [{ content: { parts: [{ text: ' wörld.' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
    usageMetadata: usage,
    modelVersion: 'gemini-x',
    responseId: expect.any(String),
  },
];

it('streams as server-sent events without an end marker', async () => {
  const { headers, text } = await post('streamGenerateContent?alt=sse');
  expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(dataOf(text)).toEqual(streamed);
});

it('streams as one JSON array without alt=sse', async () => {
  const { headers, text } = await post('streamGenerateContent');
  expect(headers['content-type']).toBe('application/json; charset=UTF-8');
  expect(JSON.parse(text)).toEqual(streamed);
  expect(text).toMatch(/^\[\{.*\},\r\n\{.*\}\n\]$/);
});

it('leaves the array open when cut', async () => {
  simulator.script('google', [{ cutAfterChunks: 1 }]);
  const { text } = await post('streamGenerateContent');
  expect(text.endsWith('}')).toBe(true);
  expect(JSON.parse(`${text}]`)).toHaveLength(1);
});

it.each([
  [
    'calls of tools, which finish as STOP',
    {
      toolCalls: [
        { name: 'f', arguments: { a: 1 } },
        { id: 'c2', name: 'g', arguments: {} },
      ],
    },
    {
      content: {
        parts: [{ functionCall: { name: 'f', args: { a: 1 } } }, { functionCall: { id: 'c2', name: 'g', args: {} } }],
      },
      finishReason: 'STOP',
    },
  ],
  [
    'thoughts',
    { reasoning: 'Hm', text: 'Yes' },
    { content: { parts: [{ text: 'Hm', thought: true }, { text: 'Yes' }] } },
  ],
  [
    'a filtered reply',
    { text: '', contentFilter: true },
    { finishReason: 'SAFETY', safetyRatings: [{ blocked: true }] },
  ],
  ['a refusal', { refusal: 'No.' }, { finishReason: 'SAFETY', content: { parts: [{ text: 'No.' }] } }],
  ['a finish reason', { finishReason: 'MAX_TOKENS' }, { finishReason: 'MAX_TOKENS' }],
])('gives %s', async (_what, reply, candidate) => {
  simulator.script('google', [reply]);
  expect((await json('generateContent')).candidates[0]).toMatchObject(candidate);
});

it('signs the first call after thinking, and streams calls whole', async () => {
  simulator.script('google', [{ reasoning: 'Hm', toolCalls: [{ name: 'f', arguments: { city: 'New York' } }] }]);
  const events = dataOf((await post('streamGenerateContent?alt=sse')).text);
  expect(events).toMatchObject([
    { candidates: [{ content: { parts: [{ text: 'Hm', thought: true }] } }] },
    {
      candidates: [
        {
          content: {
            parts: [{ functionCall: { name: 'f', args: { city: 'New York' } }, thoughtSignature: expect.any(String) }],
          },
          finishReason: 'STOP',
        },
      ],
    },
  ]);
});

it('counts thoughts apart from candidates, and both in the total', async () => {
  simulator.script('google', [{ usage: { inputTokens: 10, outputTokens: 9, reasoningTokens: 4, cachedTokens: 6 } }]);
  expect((await json('generateContent')).usageMetadata).toMatchObject({
    promptTokenCount: 10,
    candidatesTokenCount: 5,
    thoughtsTokenCount: 4,
    cachedContentTokenCount: 6,
    totalTokenCount: 19,
  });
});

it('answers echo:, JSON, token counts, embeddings and models', async () => {
  const echo = { contents: [{ role: 'user', parts: [{ text: 'echo:me' }] }] };
  expect((await json('generateContent', echo)).candidates[0].content.parts).toEqual([{ text: 'me' }]);
  simulator.behave('google', {});
  const asJson = await json('generateContent', { ...body, generationConfig: { responseMimeType: 'application/json' } });
  expect(JSON.parse(asJson.candidates[0].content.parts[0].text)).toMatchObject({ simulated: true });
  expect(await json('countTokens')).toEqual({ totalTokens: 2 });
  const content = { parts: [{ text: 'x' }] };
  const one = await json('embedContent', { content, outputDimensionality: 3 });
  expect(one.embedding.values).toHaveLength(3);
  expect(await json('batchEmbedContents', { requests: [{ content, outputDimensionality: 3 }] })).toEqual({
    embeddings: [one.embedding],
  });
  const models = await send(`${simulator.baseUrl('google')}/models`, { method: 'GET', headers: key });
  expect(JSON.parse(models.text).models).toMatchObject([{ name: 'models/simulated-model' }]);
});

describe('requests that Gemini refuses', () => {
  const user = { role: 'user', parts: [{ text: 'Hi' }] };
  const call = { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] };
  const result = { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] };
  const declared = (parameters: object) => ({ tools: [{ functionDeclarations: [{ name: 'f', parameters }] }] });

  it.each([
    [{ contents: undefined }, '* GenerateContentRequest.contents: contents is not specified'],
    [{ messages: [] }, 'Invalid JSON payload received. Unknown name "messages": Cannot find field.'],
    [{ contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] }, 'Please use a valid role: user, model.'],
    [
      { contents: [{ role: 'user', parts: [] }] },
      '* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.',
    ],
    [{ contents: [user, call] }, /^Please ensure that the number of function response parts is equal/],
    [{ contents: [user, call, user] }, /function response parts/],
    [{ contents: [user, result] }, /function response parts/],
    [{ contents: [result] }, /function response parts/],
    [
      declared({ type: 'object', properties: { a: { $ref: '#' } } }),
      'Invalid JSON payload received. Unknown name "$ref" at \'tools[0].function_declarations[0].parameters.a\': Cannot find field.',
    ],
    [
      { generationConfig: { responseSchema: { oneOf: [] } } },
      /Unknown name "oneOf" at 'generation_config.response_schema'/,
    ],
  ])('%j', async (change, message) => {
    const { status, text } = await post('generateContent', { ...body, ...change });
    expect(status).toBe(400);
    const expected = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(JSON.parse(text)).toEqual({ error: { code: 400, message: expected, status: 'INVALID_ARGUMENT' } });
  });

  it('takes calls with their results, and snake_case', async () => {
    const asked = {
      contents: [user, call, result],
      system_instruction: { parts: [{ text: 'x' }] },
      ...declared({ type: 'object' }),
    };
    expect((await post('generateContent', asked)).status).toBe(200);
  });
});

it('takes a key from the query, from a header, or as bearer', async () => {
  const ask = async (query: string, headers: Record<string, string>) =>
    (await post(`generateContent${query}`, body, headers)).status;
  expect(await ask('?key=k', {})).toBe(200);
  expect(await ask('', { authorization: 'Bearer k' })).toBe(200);
  expect(simulator.requests('google').map((request) => request.key)).toEqual(['k', 'k']);
  expect(await ask('', {})).toBe(403);
});

it.each([
  [{ error: 'auth' }, 400, 'INVALID_ARGUMENT', [{ reason: 'API_KEY_INVALID' }]],
  [{ status: 401 }, 401, 'UNAUTHENTICATED', [{ reason: 'API_KEY_INVALID' }]],
  [{ error: 'context_window' }, 400, 'INVALID_ARGUMENT', undefined],
  [{ error: 'billing' }, 403, 'PERMISSION_DENIED', [{ reason: 'BILLING_DISABLED' }]],
  [{ status: 404 }, 404, 'NOT_FOUND', undefined],
  [{ error: 'rate_limit', retryAfter: 34 }, 429, 'RESOURCE_EXHAUSTED', [{}, { retryDelay: '34s' }]],
  [{ status: 500 }, 500, 'INTERNAL', undefined],
  [{ outage: true }, 503, 'UNAVAILABLE', undefined],
  [{ error: 'timeout' }, 504, 'DEADLINE_EXCEEDED', undefined],
  [{ status: 400, error: 'content_policy' }, 400, 'INVALID_ARGUMENT', undefined],
] as const)('%j is a %i %s', async (reply, code, status, details) => {
  simulator.script('google', [reply]);
  const received = await post('generateContent');
  expect(received.status).toBe(code);
  expect(JSON.parse(received.text).error).toMatchObject({
    code,
    status,
    ...(details === undefined ? {} : { details }),
  });
});

it('a blocked prompt is a reply without candidates, in a stream too', async () => {
  simulator.script('google', [{ error: 'content_policy' }, { error: 'content_policy' }, { error: 'content_policy' }]);
  const blocked = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } };
  const whole = await post('generateContent');
  expect([whole.status, JSON.parse(whole.text)]).toMatchObject([200, blocked]);
  expect(dataOf((await post('streamGenerateContent?alt=sse')).text)).toMatchObject([blocked]);
  expect(JSON.parse((await post('streamGenerateContent')).text)).toMatchObject([blocked]);
});

it('fails a stream as it would have streamed', async () => {
  simulator.script('google', [{ status: 429 }, { status: 429 }, { errorEventAt: 1, error: 'overloaded' }]);
  expect(JSON.parse((await post('streamGenerateContent')).text)).toMatchObject([{ error: { code: 429 } }]);
  expect(JSON.parse((await post('streamGenerateContent?alt=sse')).text)).toMatchObject({ error: { code: 429 } });
  expect(dataOf((await post('streamGenerateContent?alt=sse')).text).at(-1)).toMatchObject({
    error: { code: 503, status: 'UNAVAILABLE' },
  });
});
