import type { ChatCompletion } from '../core/openai/chat-reply.ts';
import type { ChatCompletionCreateParamsNonStreaming } from '../core/openai/chat-request.ts';
import type { ChatCompletionMessageParam } from '../core/openai/messages.ts';
import type { ResponseFormat } from '../core/openai/response-format.ts';
import { maybeParseCompletion, type ParsedChatCompletion, type ParsedContent } from './chat-parse.ts';
import { ChatRunner, type ChatRunnerEvents, type RunParams, type RunToolsOptions } from './chat-runner.ts';
import { ChatCompletionStream, type CreateChatStream } from './chat-stream.ts';
import type { RunnableTools } from './runnable-tools.ts';

/** Makes a call that is answered at once. It must end when `signal` aborts. */
export type CreateChat = (
  params: ChatCompletionCreateParamsNonStreaming,
  signal: AbortSignal,
) => PromiseLike<ChatCompletion>;

/** How a run makes its calls. */
export interface ChatCalls {
  readonly create: CreateChat;
  readonly createStream: CreateChatStream;
}

/** Body of `runTools()`: that of a call, whose tools can be called. Annotate the arguments of their functions. */
export type ChatCompletionToolRunnerParams<
  Arguments extends readonly unknown[],
  Format extends ResponseFormat | undefined = undefined,
> = ToolRunnerParams<Arguments, Format, ChatCompletionRunner<unknown>> & { stream?: false | null | undefined };

/** The same for a run whose answers are streamed. */
export type ChatCompletionStreamingToolRunnerParams<
  Arguments extends readonly unknown[],
  Format extends ResponseFormat | undefined = undefined,
> = ToolRunnerParams<Arguments, Format, ChatCompletionStreamingRunner<unknown>> & { stream: true };

type ToolRunnerParams<Arguments extends readonly unknown[], Format, Runner> = Omit<
  RunParams,
  'tools' | 'n' | 'response_format'
> & {
  readonly tools: readonly [...RunnableTools<Arguments, Runner>];
  readonly response_format?: Format;
};

/**
 * Asks, runs the functions the model asks for, and asks again with their results, until it asks for none. The functions
 * of one answer run at the same time, unless `parallel_tool_calls` is false. With `stream: true` every answer is streamed.
 */
export function runTools<Arguments extends readonly unknown[], Format extends ResponseFormat | undefined = undefined>(
  params: ChatCompletionStreamingToolRunnerParams<Arguments, Format>,
  calls: ChatCalls,
  options?: RunToolsOptions,
): ChatCompletionStreamingRunner<ParsedContent<{ response_format: Format }>>;
export function runTools<Arguments extends readonly unknown[], Format extends ResponseFormat | undefined = undefined>(
  params: ChatCompletionToolRunnerParams<Arguments, Format>,
  calls: ChatCalls,
  options?: RunToolsOptions,
): ChatCompletionRunner<ParsedContent<{ response_format: Format }>>;
export function runTools(
  params: RunParams & { stream?: boolean | null | undefined },
  calls: ChatCalls,
  options: RunToolsOptions = {},
): ChatCompletionRunner<unknown> | ChatCompletionStreamingRunner<unknown> {
  return params.stream
    ? ChatCompletionStreamingRunner.runTools(params, calls.createStream, options)
    : ChatCompletionRunner.runTools(params, calls.create, options);
}

/** What a run whose answers come whole reports. */
export interface ChatCompletionRunnerEvents extends ChatRunnerEvents {
  /** The content of an answer that has any. */
  content: (content: string) => void;
}

/** A run whose answers come whole. */
export class ChatCompletionRunner<Parsed = null> extends ChatRunner<ChatCompletionRunnerEvents, Parsed> {
  /** Starts a run; see {@link runTools}. */
  static runTools<Parsed>(
    params: RunParams,
    create: CreateChat,
    options: RunToolsOptions,
  ): ChatCompletionRunner<Parsed> {
    const runner = new ChatCompletionRunner<Parsed>();
    runner.messages.push(...params.messages);
    const work = () =>
      runner.loop(params, options, async (body) => {
        const completion = await create({ ...body, stream: false }, runner.controller.signal);
        runner.throwIfAborted();
        runner.emit('connect');
        return runner.addCompletion(maybeParseCompletion(completion, body) as ParsedChatCompletion<Parsed>);
      });
    runner.run(work, options.signal);
    return runner;
  }

  protected override addMessage(message: ChatCompletionMessageParam): void {
    super.addMessage(message);
    if (message.role === 'assistant' && message.content) this.emit('content', message.content);
  }
}

/** A run whose answers are streamed. */
export class ChatCompletionStreamingRunner<Parsed = null> extends ChatCompletionStream<Parsed> {
  /** Starts a run; see {@link runTools}. */
  static runTools<Parsed>(
    params: RunParams,
    create: CreateChatStream,
    options: RunToolsOptions,
  ): ChatCompletionStreamingRunner<Parsed> {
    const runner = new ChatCompletionStreamingRunner<Parsed>();
    runner.messages.push(...params.messages);
    const work = () => runner.loop(params, options, (body) => runner.complete({ ...body, stream: true }, create));
    runner.run(work, options.signal);
    return runner;
  }
}
