import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { bearer, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { bedrock: { text: 'Hello wörld.' } } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const body = { messages: [{ role: 'user', content: [{ text: 'Hi there' }] }] };
const post = (verb: string, sent: unknown = body, headers: Record<string, string> = bearer) =>
  send(`${simulator.baseUrl('bedrock')}/model/anthropic.claude-x-v1%3A0/${verb}`, { headers, body: sent });

const usage = { inputTokens: 2, outputTokens: 2, totalTokens: 4, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 };

/** Reads event-stream frames by the specification, checking lengths and both sums. */
function frames(bytes: Buffer) {
  const result: { readonly headers: Record<string, string>; readonly payload: unknown }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const total = bytes.readUInt32BE(at);
    const headersEnd = at + 12 + bytes.readUInt32BE(at + 4);
    expect(bytes.readUInt32BE(at + 8)).toBe(crc32(bytes.subarray(at, at + 8)));
    expect(bytes.readUInt32BE(at + total - 4)).toBe(crc32(bytes.subarray(at, at + total - 4)));
    const headers: Record<string, string> = {};
    for (let header = at + 12; header < headersEnd; ) {
      const nameEnd = header + 1 + bytes.readUInt8(header);
      expect(bytes.readUInt8(nameEnd)).toBe(7);
      const valueEnd = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1);
      headers[bytes.toString('utf8', header + 1, nameEnd)] = bytes.toString('utf8', nameEnd + 3, valueEnd);
      header = valueEnd;
    }
    const payload = bytes.toString('utf8', headersEnd, at + total - 4);
    result.push({ headers, payload: payload.endsWith('}') ? JSON.parse(payload) : payload });
    at += total;
  }
  return result;
}

it('converses', async () => {
  const { status, headers, text } = await post('converse');
  expect(status).toBe(200);
  expect(headers['x-amzn-requestid']).toMatch(/^req_/);
  expect(JSON.parse(text)).toEqual({
    output: { message: { role: 'assistant', content: [{ text: 'Hello wörld.' }] } },
    stopReason: 'end_turn',
    usage,
    metrics: { latencyMs: 1 },
  });
  expect(simulator.requests('bedrock')[0]?.model).toBe('anthropic.claude-x-v1:0');
});

it('streams binary frames with reasoning, text and a tool', async () => {
  simulator.script('bedrock', [
    { reasoning: 'Hm', text: 'Hello wörld.', toolCalls: [{ id: 't1', name: 'f', arguments: { a: 'b c' } }] },
  ]);
  const { headers, chunks } = await post('converse-stream');
  expect(headers['content-type']).toBe('application/vnd.amazon.eventstream');
  const read = frames(Buffer.concat(chunks));
  expect(read[0]?.headers).toEqual({
    ':event-type': 'messageStart',
    ':content-type': 'application/json',
    ':message-type': 'event',
  });
  const p = 'abcdefgh';
  const delta = (contentBlockIndex: number, content: unknown) => [
    'contentBlockDelta',
    { delta: content, contentBlockIndex, p },
  ];
  expect(read.map((frame) => [frame.headers[':event-type'], frame.payload])).toEqual([
    ['messageStart', { role: 'assistant', p }],
    delta(0, { reasoningContent: { text: 'Hm' } }),
    delta(0, { reasoningContent: { signature: expect.any(String) } }),
    ['contentBlockStop', { contentBlockIndex: 0, p }],
    delta(1, { text: 'Hello' }),
    delta(1, { text: ' wörld.' }),
    ['contentBlockStop', { contentBlockIndex: 1, p }],
    ['contentBlockStart', { start: { toolUse: { toolUseId: 't1', name: 'f' } }, contentBlockIndex: 2, p }],
    delta(2, { toolUse: { input: '{"a":"b' } }),
    delta(2, { toolUse: { input: ' c"}' } }),
    ['contentBlockStop', { contentBlockIndex: 2, p }],
    ['messageStop', { stopReason: 'tool_use', p }],
    ['metadata', { usage: { ...usage, outputTokens: 6, totalTokens: 8 }, metrics: { latencyMs: 1 }, p }],
  ]);
});

it('ends a stream by an exception frame', async () => {
  simulator.script('bedrock', [{ errorEventAt: 2, error: 'rate_limit' }]);
  const read = frames(Buffer.concat((await post('converse-stream')).chunks));
  expect(read).toHaveLength(3);
  expect(read[2]).toEqual({
    headers: {
      ':exception-type': 'throttlingException',
      ':content-type': 'application/json',
      ':message-type': 'exception',
    },
    payload: { message: 'Too many requests, please wait before trying again.' },
  });
});

it('breaks the JSON of a frame whose sums are right', async () => {
  simulator.script('bedrock', [{ malformedChunkAt: 1 }]);
  const [, broken] = frames(Buffer.concat((await post('converse-stream')).chunks));
  expect(broken?.payload).toBe('{"delta":{"text":"This"},"conte');
});

it.each([
  [
    'tool use',
    { toolCalls: [{ name: 'f', arguments: { a: 1 } }] },
    { stopReason: 'tool_use', output: { message: { content: [{ toolUse: { name: 'f', input: { a: 1 } } }] } } },
  ],
  [
    'reasoning',
    { reasoning: 'Hm' },
    { output: { message: { content: [{ reasoningContent: { reasoningText: { text: 'Hm' } } }, {}] } } },
  ],
  ['a filtered reply', { contentFilter: true }, { stopReason: 'content_filtered' }],
  [
    'cached input',
    { usage: { inputTokens: 100, cachedTokens: 60, cacheWriteTokens: 30, outputTokens: 5 } },
    {
      usage: {
        inputTokens: 10,
        outputTokens: 5,
        totalTokens: 105,
        cacheReadInputTokens: 60,
        cacheWriteInputTokens: 30,
      },
    },
  ],
])('gives %s', async (_what, reply, expected) => {
  simulator.script('bedrock', [reply]);
  expect(JSON.parse((await post('converse')).text)).toMatchObject(expected);
});

describe('requests that Bedrock refuses', () => {
  const user = { role: 'user', content: [{ text: 'Hi' }] };
  const use = { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'f', input: {} } }] };
  const result = { role: 'user', content: [{ toolResult: { toolUseId: 't1', content: [{ text: 'x' }] } }] };

  it.each([
    [{ messages: [] }, /^Value at 'messages'/],
    [{ messages: ['Hi'] }, /must be an object/],
    [{ messages: [{ role: 'system', content: [{ text: 'x' }] }] }, /enum value set: \[user, assistant\]/],
    [{ messages: [use, result] }, /must start with a user message/],
    [{ messages: [user, user] }, /must alternate between user and assistant roles/],
    [{ messages: [{ role: 'user', content: [] }] }, /content field in the Message object at messages\.0 is empty/],
    [{ messages: [{ role: 'user', content: 'Hi' }] }, /content field .* is empty/],
    [
      { messages: [{ role: 'user', content: [{ text: ' ' }] }] },
      /text field in the ContentBlock object at messages\.0\.content\.0 is blank/,
    ],
    [{ messages: [result] }, /number of toolResult blocks at messages\.0\.content exceeds/],
    [{ messages: [user, use] }, /^Expected toolResult blocks at messages\.2\.content for the following Ids: t1$/],
    [{ messages: [user, use, user] }, /^Expected toolResult blocks at messages\.2\.content/],
    [{ messages: [user, use, result] }, /toolConfig field must be defined/],
  ])('%j', async (sent, message) => {
    const { status, headers, text } = await post('converse', sent);
    expect(status).toBe(400);
    expect(headers['x-amzn-errortype']).toMatch(/^ValidationException:/);
    expect(JSON.parse(text)).toEqual({ message: expect.stringMatching(message) });
  });

  it('takes uses with their results', async () => {
    expect((await post('converse', { messages: [user, use, result], toolConfig: { tools: [] } })).status).toBe(200);
  });
});

it('takes a signature, whose access key is the key', async () => {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA1/20250101/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  expect((await post('converse', body, { authorization, 'x-amz-date': '20250101T000000Z' })).status).toBe(200);
  expect(simulator.requests('bedrock')[0]?.key).toBe('AKIA1');
  expect((await post('converse', body, { authorization })).status).toBe(403);
});

it.each([
  [{ error: 'auth' }, 403, 'UnrecognizedClientException'],
  [{ error: 'permission' }, 403, 'AccessDeniedException'],
  [{ error: 'context_window' }, 400, 'ValidationException'],
  [{ error: 'billing' }, 400, 'ServiceQuotaExceededException'],
  [{ status: 404 }, 404, 'ResourceNotFoundException'],
  [{ status: 408 }, 408, 'ModelTimeoutException'],
  [{ status: 429 }, 429, 'ThrottlingException'],
  [{ error: 'unprocessable' }, 424, 'ModelErrorException'],
  [{ status: 500 }, 500, 'InternalServerException'],
  [{ outage: true }, 503, 'ServiceUnavailableException'],
] as const)('%j is a %i %s', async (reply, status, name) => {
  simulator.script('bedrock', [reply]);
  const { text, headers, ...received } = await post('converse');
  expect(received.status).toBe(status);
  expect(headers['x-amzn-errortype']).toBe(`${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`);
  expect(JSON.parse(text)).toEqual({ message: expect.stringMatching(/\w{3}/) });
});

it('no key and no such path are errors of their own', async () => {
  const keyless = await post('converse', body, {});
  expect([keyless.status, keyless.headers['x-amzn-errortype']]).toEqual([
    403,
    expect.stringMatching(/^MissingAuthenticationToken/),
  ]);
  const unknown = await post('invoke', body);
  expect([unknown.status, unknown.headers['x-amzn-errortype']]).toEqual([
    404,
    expect.stringMatching(/^UnknownOperation/),
  ]);
});
