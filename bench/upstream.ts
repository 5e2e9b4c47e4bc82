import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropicReply, chatReply, chunksPerWrite, streamEvents } from './payloads.ts';

// The provider of every benchmark, run as a child process so that its work is not counted. The path decides:
// `/fail/…` answers 500, a body whose user is `hold` a stream that stays open, `…/messages` in Anthropic's shape, all else in OpenAI's; `stream: true` in the body streams.

const json = { 'content-type': 'application/json', ...providerHeaders() };
const chat = Buffer.from(JSON.stringify(chatReply));
const messages = Buffer.from(JSON.stringify(anthropicReply));
const failure = Buffer.from(JSON.stringify({ error: { message: 'The server had an error', type: 'server_error' } }));
const writes = inWrites(streamEvents);

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => answer(request, body, response));
});
// Longer than any round: no contender is to meet a socket that is being closed.
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());

function answer({ url = '' }: IncomingMessage, body: string, response: ServerResponse): void {
  if (url.startsWith('/fail/')) send(response, 500, failure);
  else if (body.includes('"user":"hold"')) hold(response);
  else if (body.includes('"stream":true')) stream(response);
  else send(response, 200, url.includes('/messages') ? messages : chat);
}

function send(response: ServerResponse, status: number, body: Buffer): void {
  response.writeHead(status, { ...json, 'content-length': body.length });
  response.end(body);
}

/** One write, and then nothing until the caller leaves. */
function hold(response: ServerResponse): void {
  response.writeHead(200, { ...json, 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(writes[0]);
}

/** Each write has its own turn of the event loop, and so its own packet. */
function stream(response: ServerResponse): void {
  response.socket?.setNoDelay(true);
  response.writeHead(200, { ...json, 'content-type': 'text/event-stream; charset=utf-8' });
  let next = 0;
  const write = () => {
    response.write(writes[next++]);
    if (next < writes.length) setImmediate(write);
    else response.end();
  };
  write();
}

function inWrites(events: readonly string[]): readonly Buffer[] {
  const grouped: Buffer[] = [];
  for (let from = 0; from < events.length; from += chunksPerWrite) {
    grouped.push(Buffer.from(events.slice(from, from + chunksPerWrite).join('')));
  }
  return grouped;
}

/** About what OpenAI sends beside the body. Source: OpenAI API reference, "Debugging requests". */
function providerHeaders(): Record<string, string> {
  return {
    'x-request-id': 'req_0123456789abcdef0123456789abcdef',
    'openai-organization': 'org-bench',
    'openai-processing-ms': '123',
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-remaining-requests': '9999',
    'x-ratelimit-limit-tokens': '2000000',
    'x-ratelimit-remaining-tokens': '1999000',
  };
}
