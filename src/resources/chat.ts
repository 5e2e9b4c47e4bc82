import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { isJsonObject } from '../core/json.ts';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParams,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
} from '../core/openai/index.ts';
import type { Caller } from './caller.ts';
import { type ChatHelpers, chatHelpers } from './chat-helpers.ts';
import { type ReplyFacts, toValue } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';
import type { Stream } from './stream.ts';

/** `portkey.chat` */
export interface Chat {
  readonly completions: Completions;
}

/** `portkey.chat.completions`, with the `openai` package's signatures and Portkey's options as second argument. */
export interface Completions extends ChatHelpers {
  readonly create: CreateChatCompletion;
}

/** `portkey.chat.completions.create` */
export interface CreateChatCompletion {
  (body: ChatCompletionCreateParamsNonStreaming, ...args: CallArguments): ResponsePromise<ChatCompletion & ReplyFacts>;
  (body: ChatCompletionCreateParamsStreaming, ...args: CallArguments): ResponsePromise<Stream<ChatCompletionChunk>>;
  (
    body: ChatCompletionCreateParams,
    ...args: CallArguments
  ): ResponsePromise<(ChatCompletion & ReplyFacts) | Stream<ChatCompletionChunk>>;
}

/** The chat resource of a client. */
export function chat(caller: Caller): Chat {
  const create = ((body: ChatCompletionCreateParams, ...args: CallArguments) =>
    send(
      caller,
      () => ({ endpoint: 'chat/completions', body: checked(body) }),
      args,
      toValue<ChatCompletion, ChatCompletionChunk>,
    )) as CreateChatCompletion;
  return { completions: { create, ...chatHelpers(create) } };
}

function checked(body: unknown) {
  if (isJsonObject(body) && Array.isArray(body.messages)) return body;
  throw new InvalidRequestError(
    'messages',
    'A chat completion needs "messages", a list such as [{ "role": "user", "content": "Hello" }].',
  );
}
