import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Attempt } from '../../src/core/attempt.ts';
import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
} from '../../src/core/openai/index.ts';
import { type Clock, systemClock } from '../../src/core/runtime.ts';
import { Portkey, type PortkeyOptions } from '../../src/index.ts';
import { type RecordedRequest, type Simulator, startSimulator } from '../../src/simulator/index.ts';

/** A simulator for a whole test file, as new before each test. */
export function simulated(): Simulated {
  let running: Simulator | undefined;
  const simulator = () => {
    if (running === undefined) throw new Error('The simulator runs only while tests do.');
    return running;
  };
  beforeAll(async () => {
    running = await startSimulator({ clock: everLater() });
  });
  beforeEach(() => simulator().reset());
  afterAll(() => running?.stop());
  return {
    target: (provider, more = {}) => ({
      provider,
      api_key: `key-of-${provider}`,
      custom_host: simulator().baseUrl(provider),
      ...(provider === 'azure-openai' ? { resource_name: 'r', deployment_id: 'd' } : {}),
      ...more,
    }),
    baseUrl: (provider) => simulator().baseUrl(provider),
    behave: (provider, behaviour) => simulator().behave(provider, behaviour),
    script: (provider, replies) => simulator().script(provider, replies),
    requests: (provider) => simulator().requests(provider),
    bodies: (provider) => simulator().requests(provider).map(bodyOf),
    called: () =>
      simulator()
        .requests()
        .map((request) => request.provider),
    client: (config, options = {}) => new Portkey({ environment: {}, config, ...options }),
  };
}

/** The system's clock, no two readings of which are equal: requests are then recorded in their order. */
function everLater(): Clock {
  let last = 0;
  return {
    ...systemClock,
    now() {
      last = Math.max(last + 0.001, Date.now());
      return last;
    },
  };
}

/** See {@link simulated}. */
export interface Simulated extends Pick<Simulator, 'baseUrl' | 'behave' | 'script' | 'requests'> {
  /** A target of the simulator. */
  target(provider: string, more?: Record<string, unknown>): Record<string, unknown>;
  /** The bodies that reached the provider, in order. */
  bodies(provider?: string): readonly Record<string, unknown>[];
  /** Who was asked, in order. */
  called(): readonly string[];
  /** A client for this config that sees no environment variables. */
  client(config: PortkeyOptions['config'], options?: PortkeyOptions): Portkey;
}

function bodyOf({ body }: RecordedRequest): Record<string, unknown> {
  return body as Record<string, unknown>;
}

/** What every test asks. */
export const hello: ChatCompletionCreateParamsNonStreaming = {
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Hello' }],
};

/** {@link hello}, streamed. */
export const helloStream: ChatCompletionCreateParamsStreaming = { ...hello, stream: true };

/** A fallback over these targets. */
export function fallback(targets: readonly object[], strategy: object = {}, node: object = {}) {
  return { strategy: { mode: 'fallback' as const, ...strategy }, targets, ...node };
}

/** The text of a stream of chat chunks, read to its end. */
export async function textOf(stream: AsyncIterable<ChatChunk>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
}

interface ChatChunk {
  readonly choices: readonly { readonly delta: { readonly content?: string | null } }[];
}

/** The error a promise rejects with, as the class expected. */
export async function errorOf<Expected extends Error>(
  promise: PromiseLike<unknown>,
  Class: new (...given: never[]) => Expected,
): Promise<Expected> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Class) return error;
    throw error;
  }
  throw new Error(`Expected a ${Class.name}, but the promise was fulfilled.`);
}

/** Attempts in short: `targets[0] openai failure 500 server`. */
export function inShort(attempts: readonly Readonly<Attempt>[]): readonly string[] {
  return attempts.map(({ path, provider, outcome, status, errorKind }) =>
    [path.replace(/^config\.?/, '') || '$', provider, outcome, status ?? '-', errorKind].filter(Boolean).join(' '),
  );
}
