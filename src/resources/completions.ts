import type {
  Completion,
  CompletionCreateParams,
  CompletionCreateParamsNonStreaming,
  CompletionCreateParamsStreaming,
} from '../core/openai/index.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { type ReplyFacts, toValue } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';
import type { Stream } from './stream.ts';

/** `portkey.completions`: the older endpoint that goes on with a text. */
export interface TextCompletions {
  create(body: CompletionCreateParamsNonStreaming, ...args: CallArguments): ResponsePromise<Completion & ReplyFacts>;
  create(body: CompletionCreateParamsStreaming, ...args: CallArguments): ResponsePromise<Stream<Completion>>;
  create(
    body: CompletionCreateParams,
    ...args: CallArguments
  ): ResponsePromise<(Completion & ReplyFacts) | Stream<Completion>>;
}

/** The completions resource of a client. */
export function completions(caller: Caller): TextCompletions {
  const create = (body: CompletionCreateParams, ...args: CallArguments) =>
    send(
      caller,
      () => ({ endpoint: 'completions', body: checkBody(body, 'A completion', examples) }),
      args,
      toValue<Completion, Completion>,
    );
  return { create: create as TextCompletions['create'] };
}

const examples = { prompt: '"Once upon a time"' };
