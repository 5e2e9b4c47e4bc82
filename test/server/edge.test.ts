import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';

// The server as an edge runtime sees it: the shipped entry in one bundle, run where there are the globals of the web and none of Node's.

const webGlobals = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'DOMException',
  'Event',
  'EventTarget',
  'File',
  'FormData',
  'Headers',
  'ReadableStream',
  'Request',
  'Response',
  'TextDecoder',
  'TextDecoderStream',
  'TextEncoder',
  'TransformStream',
  'URL',
  'URLSearchParams',
  'WritableStream',
  'atob',
  'btoa',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'performance',
  'queueMicrotask',
  'setInterval',
  'setTimeout',
  'structuredClone',
] as const;

interface Edge {
  createServer(options: object): (request: Request) => Promise<Response>;
}

let edge: Edge;
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../../dist/server.js')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'edge',
    platform: 'neutral',
    // As bundlers for workers choose among a package's variants.
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['module', 'main'],
    // Only what is imported when it is needed may stand outside: a static import of any of these would fail when the bundle is run.
    external: ['node:*', 'ioredis', 'redis', 'postgres', 'bullmq', 'gpt-tokenizer', '@opentelemetry/api'],
    logLevel: 'silent',
  });
  const host = globalThis as unknown as Record<string, unknown>;
  const context = createContext(Object.fromEntries(webGlobals.map((name) => [name, host[name]])));
  edge = new Script(`${outputFiles[0]?.text ?? ''}; edge`).runInContext(context) as Edge;
});

const reply = {
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

/** The provider, as the runtime's `fetch`. */
async function provider(_input: unknown, init: { body?: unknown } = {}): Promise<Response> {
  if (!String(init.body).includes('"stream":true')) return Response.json(reply);
  const chunk = {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }],
  };
  return new Response(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`, {
    headers: { 'content-type': 'text/event-stream' },
  });
}

function server() {
  return edge.createServer({
    config: { provider: 'openai', api_key: 'k' },
    keys: ['a-key-of-the-edge'],
    environment: {},
    fetch: provider,
  });
}

function asked(body: object, key = 'a-key-of-the-edge'): Request {
  return new Request('https://edge.example/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-portkey-api-key': key },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], ...body }),
  });
}

it('answers a request where there is no Node', async () => {
  const response = await server()(asked({}));
  expect([response.status, await response.json()]).toEqual([200, reply]);
});

it('streams there', async () => {
  const response = await server()(asked({ stream: true }));
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(await response.text()).toMatch(/"content":"Hi"[\s\S]*data: \[DONE\]/);
});

it('knows its keys there, by Web Crypto', async () => {
  expect((await server()(asked({}, 'another-key'))).status).toBe(401);
});
