import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createParser } from 'eventsource-parser';
import OpenAI from 'openai';
import { apiError } from '../../src/core/errors/api-error.ts';
import { APIUserAbortError } from '../../src/core/errors/connection-errors.ts';
import type { ChatCompletion, ChatCompletionChunk } from '../../src/core/openai/index.ts';
import type { ChatCalls } from '../../src/resources/run-tools.ts';
import { Stream } from '../../src/resources/stream.ts';

/** What the server answers one request with. */
export type Script =
  | { readonly chunks: readonly object[]; readonly end?: 'done' | 'hang' }
  | { readonly json: object; readonly status?: number };

/** A server that answers one request after the other as scripted, and two clients that ask it. */
export interface ScriptedServer {
  readonly openai: OpenAI;
  readonly ours: ChatCalls;
  /** Bodies received, in order. */
  readonly received: readonly Record<string, unknown>[];
  /** Resolves when the client has closed the socket of a hanging answer. */
  readonly left: Promise<void>;
  close(): void;
}

export async function scriptedServer(scripts: readonly Script[]): Promise<ScriptedServer> {
  const received: Record<string, unknown>[] = [];
  const left = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    received.push(JSON.parse(text));
    const script = scripts[received.length - 1];
    if (!script) return void response.writeHead(500).end('{"error":{"message":"nothing scripted"}}');
    if ('chunks' in script && script.end === 'hang') response.on('close', () => left.resolve());
    answer(script, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    openai: new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 }),
    ours: callsOf(`${baseURL}/chat/completions`),
    received,
    left: left.promise,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(script: Script, response: ServerResponse): void {
  if ('json' in script) {
    response.writeHead(script.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(script.json));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const chunk of script.chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  if (script.end !== 'hang') response.end('data: [DONE]\n\n');
}

/** Calls of our helpers over the same wire: a plain reader of server-sent events stands in for the client. */
function callsOf(url: string): ChatCalls {
  const post = async (body: object, signal: AbortSignal) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal }).catch((error) => {
      throw signal.aborted ? new APIUserAbortError() : error;
    });
    if (response.ok) return response;
    throw apiError({ status: response.status, kind: 'server', message: await response.text() });
  };
  return {
    create: async (body, signal) => (await post(body, signal)).json() as Promise<ChatCompletion>,
    createStream: async (body, signal) => {
      const chunks = read(await post(body, signal));
      const controller = new AbortController();
      signal.addEventListener('abort', () => controller.abort(), { once: true });
      const source = {
        next: () =>
          chunks.next().catch((error): IteratorResult<ChatCompletionChunk, undefined> => {
            if (signal.aborted) return { done: true, value: undefined };
            throw error;
          }),
        return: () => chunks.return(undefined),
        [Symbol.asyncIterator]() {
          return this;
        },
      };
      return new Stream(source, { controller });
    },
  };
}

async function* read(response: Response): AsyncGenerator<ChatCompletionChunk, undefined> {
  const events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(data) });
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    for (const data of events.splice(0)) {
      if (data === '[DONE]') return;
      const chunk = JSON.parse(data);
      if (chunk.error) throw apiError({ kind: 'server', message: chunk.error.message });
      yield chunk;
    }
  }
}
