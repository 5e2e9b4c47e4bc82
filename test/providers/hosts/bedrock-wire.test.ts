import { createHash, createHmac } from 'node:crypto';
import type http from 'node:http';
import zlib from 'node:zlib';
import { expect, it } from 'vitest';
import { Credentials } from '../../../src/core/credentials.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { bedrockConverse } from '../../../src/providers/dialects/bedrock-converse/index.ts';
import { bedrock } from '../../../src/providers/hosts/bedrock.ts';
import { toHttpRequest } from '../../../src/providers/hosts/to-http-request.ts';
import { framings } from '../../../src/providers/transport/framings.ts';
import { codecOf, scopeOf } from '../dialects/bedrock-converse/support.ts';
import { noAbort, paths } from '../transport/paths.ts';
import { bodyOf, startHttp } from '../transport/servers.ts';

const model = 'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0';
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/** The signature the request should bear, worked out from what came over the wire. */
function expectedSignature(request: http.IncomingMessage, body: Buffer): string {
  const { authorization = '', 'x-amz-date': stamp } = request.headers as Record<string, string>;
  const [, scope = '', names = ''] = /Credential=[^/]+\/(\S+), SignedHeaders=(\S+),/.exec(authorization) ?? [];
  const path = (request.url ?? '').split('/').map(encodeURIComponent).join('/');
  const lines = names.split(';').map((name) => `${name}:${request.headers[name]}\n`);
  const canonical = [request.method, path, '', lines.join(''), names, hash(body)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secret}`);
  return hmac(key, ['AWS4-HMAC-SHA256', stamp, scope, hash(canonical)].join('\n')).toString('hex');
}

function uint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

/** A message of Amazon's event stream encoding. */
function frame(headers: Readonly<Record<string, string>>, payload: JsonObject): Buffer {
  const head = Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [
      uint(name.length, 1),
      Buffer.from(name),
      uint(7, 1),
      uint(value.length, 2),
      Buffer.from(value),
    ]),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.concat([uint(16 + head.length + body.length, 4), uint(head.length, 4)]);
  const unsigned = Buffer.concat([prelude, uint(zlib.crc32(prelude), 4), head, body]);
  return Buffer.concat([unsigned, uint(zlib.crc32(unsigned), 4)]);
}

const event = (type: string, payload: JsonObject) =>
  frame({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, payload);
const exception = (type: string, payload: JsonObject) =>
  frame({ ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' }, payload);

/** Streams a chat over a server that answers with `frames`, and tells what it saw. */
async function chat(transport: (typeof paths)[number][1], frames: readonly Buffer[]) {
  const seen: { url?: string | undefined; signature?: string | undefined; expected?: string; body?: unknown } = {};
  const server = await startHttp(async (request, response) => {
    const body = await bodyOf(request);
    Object.assign(seen, {
      url: request.url,
      signature: /Signature=(\w+)$/.exec(request.headers.authorization ?? '')?.[1],
      expected: expectedSignature(request, body),
      body: JSON.parse(body.toString()),
    });
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    for (const bytes of frames) response.write(bytes);
    response.end();
  });
  const settings = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: secret,
    sessionToken: 'tok',
    region: 'eu-west-1',
    customHost: server.base,
  };
  const credentials = new Credentials({ provider: 'bedrock', settings });
  const body = { model, messages: [{ role: 'user', content: 'Grüße' }] };
  const scope = scopeOf({ model, body, stream: true, settings });
  const wire = codecOf('chat/completions').encode(body, scope);
  const target = { endpoint: 'chat/completions', model, stream: true, settings, credentials } as const;
  const authScope = { transport, now: () => Date.UTC(2026, 0, 2), signal: noAbort() };
  const request = await bedrock.authenticate(toHttpRequest(bedrock, wire, target), credentials, authScope);
  const reply = await transport.send(request, noAbort());
  const bytes = await reply.body.bytes();
  const chunks: JsonObject[] = [];
  const decoder = codecOf('chat/completions').decodeStream?.(scope);
  const reader = (await framings[bedrockConverse.framing].get())((one) =>
    decoder?.push(one, (chunk) => chunks.push(chunk)),
  );
  return {
    seen,
    chunks,
    read() {
      reader.feed(bytes);
      reader.end();
      return decoder?.end((chunk) => chunks.push(chunk));
    },
  };
}

it.each(paths)(
  'a chat is signed for what really goes over the wire, and its stream read, over %s',
  async (_name, transport) => {
    const { seen, chunks, read } = await chat(transport, [
      event('messageStart', { role: 'assistant' }),
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Grüß dich' } }),
      event('contentBlockStop', { contentBlockIndex: 0 }),
      event('messageStop', { stopReason: 'end_turn' }),
      event('metadata', { usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } }),
    ]);
    expect(read()).toBe(true);
    expect(seen).toEqual({
      url: `/model/${encodeURIComponent(model)}/converse-stream`,
      signature: seen.expected,
      expected: expect.stringMatching(/^[0-9a-f]{64}$/),
      body: { messages: [{ role: 'user', content: [{ text: 'Grüße' }] }] },
    });
    expect(chunks.map((chunk) => [chunk.choices, chunk.usage])).toMatchObject([
      [[{ delta: { role: 'assistant', content: null } }], undefined],
      [[{ delta: { content: 'Grüß dich' } }], undefined],
      [[{ delta: {}, finish_reason: 'stop' }], { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }],
    ]);
  },
);

it.each(paths)('an exception in the stream throws what it stands for, over %s', async (_name, transport) => {
  const { chunks, read } = await chat(transport, [
    event('messageStart', { role: 'assistant' }),
    exception('throttlingException', { message: 'Too many tokens' }),
  ]);
  expect(read).toThrow(expect.objectContaining({ name: 'RateLimitError', status: 429, kind: 'rate_limit' }));
  expect(chunks).toHaveLength(1);
});
