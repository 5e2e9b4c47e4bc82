import { createEventHub } from '../../src/core/event-hub.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { assembleChunks } from '../../src/core/openai/assemble.ts';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from '../../src/core/openai/index.ts';
import { systemClock } from '../../src/core/runtime.ts';
import { Portkey } from '../../src/portkey.ts';
import { createTransport } from '../../src/providers/transport/http.ts';
import { createCaller } from '../../src/resources/create-caller.ts';
import type { ReplyBehaviour } from '../../src/simulator/behaviour.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import type { RecordedRequest } from '../../src/simulator/recording.ts';
import type { Run } from './runs.ts';

/** A run's client before its simulated provider, over real HTTP. */
export interface Stage {
  readonly run: Run;
  /** Client and simulator as at the start: the same request is then answered with the same IDs. */
  reset(): void;
  /** Behaviours of the provider's next replies. */
  script(...replies: readonly ReplyBehaviour[]): void;
  create(body: ChatBody): Promise<ChatCompletion>;
  stream(body: ChatBody): Promise<readonly ChatCompletionChunk[]>;
  /** The embeddings endpoint, of the client's own caller. */
  embed(body: JsonObject): Promise<JsonObject>;
  /** The latest request as the provider received it. */
  sent(): RecordedRequest;
}

/** A chat request of the suite, without model. */
export type ChatBody = Omit<ChatCompletionCreateParamsNonStreaming, 'model' | 'stream'>;

/** The simulator of one test file. */
export function simulatorOfFile(): Promise<Simulator> {
  return startSimulator({ seed: 7 });
}

/** Sets up a run. */
export function stageOf(run: Run, simulator: Simulator): Stage {
  const { name } = run.provider;
  const options = {
    config: { provider: name, api_key: 'key-1', custom_host: simulator.baseUrl(name), ...run.fields },
    environment: run.environment,
  };
  const portkey = new Portkey(options);
  const withModel = (body: ChatBody) => ({ ...body, model: run.model });
  return {
    run,
    reset: () => simulator.reset(),
    script: (...replies) => simulator.script(name, replies),
    create: (body) => portkey.chat.completions.create(withModel(body)),
    async stream(body) {
      const chunks: ChatCompletionChunk[] = [];
      for await (const chunk of await portkey.chat.completions.create({ ...withModel(body), stream: true })) {
        chunks.push(chunk);
      }
      return chunks;
    },
    embed: (body) => embed(options, { ...body, model: run.embeddingModel }),
    sent() {
      const request = simulator.requests(name).at(-1);
      if (request === undefined) throw new Error('Nothing was sent');
      return request;
    },
  };
}

async function embed(options: object, body: JsonObject): Promise<JsonObject> {
  const caller = createCaller(options, {
    clock: systemClock,
    random: Math.random,
    requestId: () => 'request-1',
    traceId: () => 'a'.repeat(32),
    transport: createTransport({}),
    events: createEventHub(),
  });
  const { reply } = await caller.call({ endpoint: 'embeddings', body }, undefined, undefined);
  if (reply.body.kind !== 'json') throw new Error(`Embeddings came as ${reply.body.kind}`);
  return reply.body.value;
}

/** The same request answered whole and as a stream, both put into one shape. */
export async function bothWays(
  stage: Stage,
  body: ChatBody,
  reply: ReplyBehaviour,
): Promise<{ readonly whole: ChatCompletion; readonly streamed: ChatCompletion }> {
  stage.reset();
  stage.script(reply);
  const whole = await stage.create(body);
  stage.reset();
  stage.script(reply);
  const streamed = assembleChunks(await stage.stream({ ...body, stream_options: { include_usage: true } }));
  return { whole, streamed };
}

/** A request that says one thing. */
export function saying(text: string): ChatBody & { messages: ChatCompletionMessageParam[] } {
  return { messages: [{ role: 'user', content: text }] };
}
