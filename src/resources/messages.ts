import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import type {
  Message,
  MessageCountTokensParams,
  MessageCreateParams,
  MessageCreateParamsNonStreaming,
  MessageCreateParamsStreaming,
  MessageStreamEvent,
  MessageTokensCount,
} from './message-types.ts';
import { type ReplyFacts, toValue, toWhole } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';
import type { Stream } from './stream.ts';

/** `portkey.messages`: Anthropic's shape in and out, whoever answers. */
export interface Messages {
  create(body: MessageCreateParamsNonStreaming, ...args: CallArguments): ResponsePromise<Message & ReplyFacts>;
  create(body: MessageCreateParamsStreaming, ...args: CallArguments): ResponsePromise<Stream<MessageStreamEvent>>;
  create(
    body: MessageCreateParams,
    ...args: CallArguments
  ): ResponsePromise<(Message & ReplyFacts) | Stream<MessageStreamEvent>>;
  /** Asks a provider that counts, such as Anthropic; others refuse. */
  countTokens(body: MessageCountTokensParams, ...args: CallArguments): ResponsePromise<MessageTokensCount & ReplyFacts>;
}

/** The messages resource of a client. */
export function messages(caller: Caller): Messages {
  const create = (body: MessageCreateParams, ...args: CallArguments) =>
    send(
      caller,
      () => ({ endpoint: 'messages', body: checkBody(body, 'A message', examples) }),
      args,
      toValue<Message, MessageStreamEvent>,
    );
  return {
    create: create as Messages['create'],
    countTokens: (body, ...args) =>
      send(
        caller,
        () => ({ endpoint: 'messages', path: '/messages/count_tokens', body: checkBody(body, 'A count', examples) }),
        args,
        toWhole<MessageTokensCount>,
      ),
  };
}

const examples = { messages: '[{ "role": "user", "content": "Hello" }]' };
