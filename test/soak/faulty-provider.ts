import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Seeded, seeded } from '../simulation/seeded.ts';

/** An OpenAI-shaped provider: below `/good` it answers well, below `/bad` it fails in every way now and then. */
export interface FaultyProvider {
  readonly url: string;
  readonly calls: number;
  close(): Promise<void>;
}

/** Starts one on a free port of loopback. */
export async function faultyProvider(seed: number): Promise<FaultyProvider> {
  const chance = seeded(seed);
  let calls = 0;
  const server = createServer((request, response) => {
    calls++;
    response.on('error', () => undefined);
    void read(request).then(({ question, stream }) => {
      const fault = request.url?.startsWith('/bad') === true ? chance.pick(faults) : undefined;
      if (fault === undefined) answer(response, question, stream, chance);
      else fault(response, question, stream);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get calls() {
      return calls;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<{ question: string; stream: boolean }> {
  let text = '';
  for await (const piece of request) text += String(piece);
  const { messages, stream } = JSON.parse(text) as { messages: { content: string }[]; stream?: boolean };
  return { question: messages[0]?.content ?? '', stream: stream === true };
}

type Fault = (response: ServerResponse, question: string, stream: boolean) => void;

function failing(status: number, headers: Record<string, string> = {}): Fault {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end('{"error":{"message":"it failed","type":"x","code":null}}');
  };
}

const faults: readonly (Fault | undefined)[] = [
  undefined,
  undefined,
  undefined,
  failing(500),
  failing(529),
  failing(429, { 'retry-after-ms': '50' }),
  (response) => response.socket?.resetAndDestroy(),
  (response) => response.socket?.end(),
  (response) => response.end('<html>'),
  // Silence, until the time limit.
  () => undefined,
];

function answer(response: ServerResponse, question: string, stream: boolean, chance: Seeded): void {
  const facts = { id: '1', created: 1, model: 'm' };
  const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
  if (!stream) {
    const choices = [{ index: 0, message: { role: 'assistant', content: `echo ${question}` }, finish_reason: 'stop' }];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...facts, object: 'chat.completion', choices, usage }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: object, finish: string | null, more: object = {}) => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ ...facts, object: 'chat.completion.chunk', choices, ...more })}\n\n`);
  };
  let left = chance.int(1, 20);
  const next = () => {
    if (response.destroyed) return;
    if (left-- > 0) {
      send({ content: `echo ${question}` }, null);
      setTimeout(next, chance.int(0, 10));
      return;
    }
    send({}, 'stop', { usage });
    response.end('data: [DONE]\n\n');
  };
  next();
}
