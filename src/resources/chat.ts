import type { CallOptions } from '../config/client-options.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParams,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
} from '../core/openai/index.ts';
import type { Caller, RequestOptions } from './caller.ts';
import { attachHeaders, type ReplyFacts } from './reply-value.ts';
import { ResponsePromise } from './response-promise.ts';
import type { ServedReply } from './served-reply.ts';
import { type Stream, streamOf } from './stream.ts';

/** `portkey.chat` */
export interface Chat {
  readonly completions: Completions;
}

/** `portkey.chat.completions`, with the `openai` package's signatures and Portkey's options as second argument. */
export interface Completions {
  create(
    body: ChatCompletionCreateParamsNonStreaming,
    params?: CallOptions,
    options?: RequestOptions,
  ): ResponsePromise<ChatCompletion & ReplyFacts>;
  create(
    body: ChatCompletionCreateParamsStreaming,
    params?: CallOptions,
    options?: RequestOptions,
  ): ResponsePromise<Stream<ChatCompletionChunk>>;
  create(
    body: ChatCompletionCreateParams,
    params?: CallOptions,
    options?: RequestOptions,
  ): ResponsePromise<(ChatCompletion & ReplyFacts) | Stream<ChatCompletionChunk>>;
}

/** The chat resource of a client. */
export function chat(caller: Caller): Chat {
  function create(body: ChatCompletionCreateParams, params?: CallOptions, options?: RequestOptions) {
    const served = send(caller, body, params, options);
    return new ResponsePromise(served, toValue<ChatCompletion, ChatCompletionChunk>);
  }
  return { completions: { create: create as Completions['create'] } };
}

async function send(
  caller: Caller,
  body: unknown,
  params?: CallOptions,
  options?: RequestOptions,
): Promise<ServedReply> {
  if (!isJsonObject(body) || !Array.isArray(body.messages)) {
    throw new InvalidRequestError(
      'messages',
      'A chat completion needs "messages", a list such as [{ "role": "user", "content": "Hello" }].',
    );
  }
  return caller.call({ endpoint: 'chat/completions', body }, params, options);
}

/** What the caller of an OpenAI-shaped endpoint gets: the reply object, or a stream of its chunks. */
function toValue<Whole extends object, Chunk>(served: ServedReply): (Whole & ReplyFacts) | Stream<Chunk> {
  const { body } = served.reply;
  if (body.kind === 'stream') return streamOf<Chunk>(served);
  return attachHeaders((body.kind === 'json' ? body.value : { bytes: body.bytes }) as JsonObject as Whole, served);
}
