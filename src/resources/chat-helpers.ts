import type { CallOptions } from '../config/client-options.ts';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
  ResponseFormat,
} from '../core/openai/index.ts';
import { type CallArguments, inPlace, requestOptionNames } from './call-arguments.ts';
import type { RequestOptions } from './caller.ts';
import { type ParsedChatCompletion, type ParsedContent, parseChat } from './chat-parse.ts';
import type { RunToolsOptions } from './chat-runner.ts';
import { type ChatCompletionStream, type ChatCompletionStreamParams, chatStream } from './chat-stream.ts';
import type { ReplyFacts } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import {
  type ChatCalls,
  type ChatCompletionRunner,
  type ChatCompletionStreamingRunner,
  type ChatCompletionStreamingToolRunnerParams,
  type ChatCompletionToolRunnerParams,
  runTools,
} from './run-tools.ts';
import type { Stream } from './stream.ts';

/** What of `portkey.chat.completions` is more than one plain call; each call it makes is one of `create`. */
export interface ChatHelpers {
  /** `create`, and the answer parsed as its `response_format` and tools say. */
  parse<Params extends ChatCompletionCreateParamsNonStreaming>(
    body: Params,
    ...args: CallArguments
  ): ResponsePromise<ParsedChatCompletion<ParsedContent<Params>> & ReplyFacts>;
  /** A streamed call that reports by events and puts the answer together. */
  stream<Params extends ChatCompletionStreamParams>(
    body: Params,
    ...args: CallArguments
  ): ChatCompletionStream<ParsedContent<Params>>;
  readonly runTools: RunTools;
}

/** `portkey.chat.completions.runTools` */
export interface RunTools {
  <Arguments extends readonly unknown[], Format extends ResponseFormat | undefined = undefined>(
    body: ChatCompletionStreamingToolRunnerParams<Arguments, Format>,
    ...args: RunArguments
  ): ChatCompletionStreamingRunner<ParsedContent<{ response_format: Format }>>;
  <Arguments extends readonly unknown[], Format extends ResponseFormat | undefined = undefined>(
    body: ChatCompletionToolRunnerParams<Arguments, Format>,
    ...args: RunArguments
  ): ChatCompletionRunner<ParsedContent<{ response_format: Format }>>;
}

/** Further arguments of a run: Portkey's options go to each of its calls. */
export type RunArguments = readonly [
  params?: (CallOptions & RunRequestOptions) | undefined,
  options?: RunRequestOptions | undefined,
];

type RunRequestOptions = RequestOptions & Pick<RunToolsOptions, 'maxChatCompletions'>;

interface Create {
  (body: ChatCompletionCreateParamsNonStreaming, ...args: CallArguments): ResponsePromise<ChatCompletion & ReplyFacts>;
  (body: ChatCompletionCreateParamsStreaming, ...args: CallArguments): ResponsePromise<Stream<ChatCompletionChunk>>;
}

/** The helpers over `create`. */
export function chatHelpers(create: Create): ChatHelpers {
  const callsWith = (params: CallArguments[0], options: RequestOptions | undefined): ChatCalls => ({
    create: (body, signal) => create(body, params, { ...options, signal }),
    createStream: (body, signal) => create(body, params, { ...options, signal }),
  });
  return {
    parse: <Params extends ChatCompletionCreateParamsNonStreaming>(body: Params, ...args: CallArguments) =>
      parseChat(body, (sent) => create(sent, ...args)),
    stream(body, ...args) {
      const [params, options] = inPlace(args);
      return chatStream(body, callsWith(params, options).createStream, options?.signal);
    },
    runTools: ((body: ChatCompletionToolRunnerParams<readonly unknown[]>, ...args: RunArguments) => {
      const [params, options] = inPlace(args, [...requestOptionNames, 'maxChatCompletions']);
      const { maxChatCompletions, ...rest } = options ?? {};
      return runTools(body, callsWith(params, rest), { maxChatCompletions, signal: rest.signal });
    }) as RunTools,
  };
}
