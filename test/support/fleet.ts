import type { PortkeyOptions } from '../../src/config/client-options.ts';
import type { Config } from '../../src/config/config.ts';
import { Portkey } from '../../src/portkey.ts';
import { manualClock } from './manual-clock.ts';

/** How a fake provider answers one call: a status with headers and body (or the body's text), a stream it holds open, or nothing until the caller leaves. */
export type Answer =
  | number
  | 'silent'
  | 'stream'
  | { status: number; headers?: Record<string, string>; body?: unknown; text?: string; afterMs?: number };

// What the first request of a config loads takes real time, in which a manual clock stands still: here it is loaded before.
await new Portkey({
  environment: {},
  config: {
    provider: 'openai',
    api_key: 'k',
    cache: { mode: 'simple' },
    compat: 'litellm',
    input_guardrails: [{ 'default.contains': { operator: 'none', words: ['x'] } }],
  },
  fetch: async () => Response.json(reply('m')),
}).chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });

/** A client on a manual clock whose targets are `http://<name>.test`. `answers` are what each name gives from now on; 200 when absent. */
export function fleet(config: Config, options: Partial<PortkeyOptions> = {}) {
  const clock = manualClock();
  const answers: Record<string, Answer> = {};
  const log: string[] = [];
  const start = clock.now();
  const portkey = new Portkey({
    config,
    clock,
    random: () => 0,
    environment: {},
    fetch: async (input, init) => {
      const name = new URL(input instanceof Request ? input.url : String(input)).hostname.replace('.test', '');
      log.push(name);
      const answer = answers[name] ?? 200;
      if (typeof answer === 'object' && answer.afterMs !== undefined) {
        const { afterMs } = answer;
        await new Promise<void>((resolve) => clock.after(afterMs, resolve));
      }
      return respond(answer, name, init?.signal ?? undefined);
    },
    ...options,
  });
  const body = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };
  return {
    portkey,
    clock,
    answers,
    log,
    /** Milliseconds since the fleet was made. */
    elapsed: () => clock.now() - start,
    /** Sends one call; tells who answered, or how it failed. */
    async ask(params: object = {}, options: object = {}, overrides: object = {}) {
      return portkey.chat.completions.create({ ...body, ...overrides }, params, options).then(
        (reply) => reply.model,
        (error) => ({ status: error.status, name: error.name, retryAfter: error.headers?.['retry-after'] }),
      );
    },
    stream: (params: object = {}) => portkey.chat.completions.create({ ...body, stream: true }, params),
    of: (name: string) => portkey.state().find((target) => target.id === name),
  };
}

/** A target named `name`, with that identity. */
export function target(name: string, fields: Partial<Config> = {}): Config {
  return { id: name, name, provider: 'openai', api_key: 'k', custom_host: `http://${name}.test/v1`, ...fields };
}

/** Lets everything that is due happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

function respond(answer: Answer, name: string, signal: AbortSignal | undefined): Response | Promise<Response> {
  if (answer === 'silent')
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  if (answer === 'stream')
    return new Response(openStream(name, signal), { headers: { 'content-type': 'text/event-stream' } });
  const {
    status,
    headers = {},
    body = status < 400 ? reply(name) : { error: { message: 'failed' } },
    text = JSON.stringify(body),
  } = typeof answer === 'number' ? { status: answer } : answer;
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } });
}

function reply(model: string) {
  const message = { role: 'assistant', content: 'hello' };
  return {
    id: '1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [{ index: 0, message, finish_reason: 'stop' }],
  };
}

/** One content chunk, then silence until the caller leaves. */
function openStream(model: string, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const chunk = {
    id: '1',
    object: 'chat.completion.chunk',
    created: 1,
    model,
    choices: [{ index: 0, delta: { content: 'x' } }],
  };
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`));
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    },
  });
}
