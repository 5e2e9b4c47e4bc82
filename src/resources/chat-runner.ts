import { PortkeyError } from '../core/errors/portkey-error.ts';
import type { ChatCompletion, ChatCompletionMessage } from '../core/openai/chat-reply.ts';
import type { ChatCompletionCreateParamsBase } from '../core/openai/chat-request.ts';
import type { ChatCompletionAssistantMessageParam, ChatCompletionMessageParam } from '../core/openai/messages.ts';
import type { ChatCompletionMessageFunctionToolCall } from '../core/openai/tools.ts';
import type { CompletionUsage } from '../core/openai/usage.ts';
import type { ParsedChatCompletion } from './chat-parse.ts';
import { EventStream, type EventStreamEvents } from './event-stream.ts';
import { requestMessage } from './request-message.ts';
import { callableTools } from './runnable-tools.ts';
import { sumUsage } from './sum-usage.ts';
import { runToolLoop } from './tool-loop.ts';

/** Options of a run of tools. */
export interface RunToolsOptions {
  /** Answers at most; 10 when absent. The last one's calls are still run. */
  readonly maxChatCompletions?: number | undefined;
  readonly signal?: AbortSignal | null | undefined;
}

/** Body of a run of tools: that of a call, whose tools can be called. */
export type RunParams = Omit<ChatCompletionCreateParamsBase, 'tools' | 'stream'> & {
  readonly tools: readonly unknown[];
};

/** What every chat helper reports. */
export interface ChatRunnerEvents extends EventStreamEvents {
  /** An answer is complete. */
  chatCompletion: (completion: ChatCompletion) => void;
  /** A message was added to the conversation: an answer, or a tool's result. */
  message: (message: ChatCompletionMessageParam) => void;
  /** The model asks for a function. */
  functionToolCall: (call: ChatCompletionMessageFunctionToolCall.Function) => void;
  /** A function answered. */
  functionToolCallResult: (content: string) => void;
  finalChatCompletion: (completion: ChatCompletion) => void;
  finalMessage: (message: ChatCompletionMessage) => void;
  /** Not reported when the last answer has no content. */
  finalContent: (content: string) => void;
  finalFunctionToolCall: (call: ChatCompletionMessageFunctionToolCall.Function) => void;
  finalFunctionToolCallResult: (content: string) => void;
  /** Of all answers together; not reported when none says its usage. */
  totalUsage: (usage: CompletionUsage) => void;
}

/** Base of the chat helpers: the conversation, the answers so far, and what is known at the end. */
export class ChatRunner<Events extends ChatRunnerEvents, Parsed> extends EventStream<Events> {
  /** The whole conversation, the given messages first. */
  readonly messages: ChatCompletionMessageParam[] = [];
  readonly #completions: ParsedChatCompletion<Parsed>[] = [];

  /** The answers so far, in order. */
  allChatCompletions(): ParsedChatCompletion<Parsed>[] {
    return [...this.#completions];
  }

  /** The last answer, when all is done. Rejects when the run failed, or gave no answer. */
  async finalChatCompletion(): Promise<ParsedChatCompletion<Parsed>> {
    await this.done();
    return this.#completions.at(-1) ?? noAnswer();
  }

  /** The last answer's message, when all is done. */
  async finalMessage(): Promise<ChatCompletionMessage> {
    await this.done();
    return this.#finalMessage();
  }

  /** The last answer's content, when all is done. */
  async finalContent(): Promise<string | null> {
    return (await this.finalMessage()).content;
  }

  /** The last function asked for, when all is done. */
  async finalFunctionToolCall(): Promise<ChatCompletionMessageFunctionToolCall.Function | undefined> {
    await this.done();
    return this.#finalCall();
  }

  /** The last result of a function, when all is done. */
  async finalFunctionToolCallResult(): Promise<string | undefined> {
    await this.done();
    return this.#finalResult();
  }

  /** The usage of all answers together, when all is done. */
  async totalUsage(): Promise<CompletionUsage> {
    await this.done();
    return sumUsage(this.#completions);
  }

  /** Adds an answer to the conversation and reports it. Calls without an ID, as some providers send them, get one. */
  protected addCompletion(completion: ParsedChatCompletion<Parsed>): ParsedChatCompletion<Parsed> {
    for (const { message } of completion.choices) {
      for (const [index, call] of (message.tool_calls ?? []).entries())
        call.id ||= `call_${this.messages.length}_${index}`;
    }
    this.#completions.push(completion);
    this.emit('chatCompletion', completion);
    const message = completion.choices[0]?.message;
    if (message) this.addMessage(message);
    return completion;
  }

  /** Adds a message to the conversation and reports it. */
  protected addMessage(message: ChatCompletionMessageParam): void {
    this.messages.push(message);
    this.emit('message', message);
    if (message.role === 'tool') this.emit('functionToolCallResult', message.content);
    if (message.role === 'assistant') {
      for (const call of message.tool_calls ?? []) {
        if (call.type === 'function') this.emit('functionToolCall', call.function);
      }
    }
  }

  /** Asks with `ask`, which adds the answer, runs the functions the model asks for, and asks again, until it asks for none. */
  protected async loop(
    params: RunParams,
    options: RunToolsOptions,
    ask: (body: ChatCompletionCreateParamsBase) => Promise<ParsedChatCompletion<Parsed>>,
  ): Promise<void> {
    const tools = callableTools<this>(params.tools);
    await runToolLoop<this>({
      runner: this,
      tools,
      toolChoice: params.tool_choice,
      parallel: params.parallel_tool_calls !== false,
      maxChatCompletions: options.maxChatCompletions ?? 10,
      ask: async () => {
        const messages = this.messages.map(requestMessage);
        return ask({ ...params, messages, tools: tools.map(({ tool }) => tool) });
      },
      addResult: (message) => this.addMessage(message),
      throwIfAborted: () => this.throwIfAborted(),
    });
  }

  protected override emitFinal(): void {
    const completion = this.#completions.at(-1);
    const message = this.#finalMessage();
    const finals: readonly [keyof ChatRunnerEvents, unknown][] = [
      ['finalChatCompletion', completion],
      ['finalMessage', message],
      ['finalContent', message.content || undefined],
      ['finalFunctionToolCall', this.#finalCall()],
      ['finalFunctionToolCallResult', this.#finalResult()],
      ['totalUsage', this.#completions.some(({ usage }) => usage) ? sumUsage(this.#completions) : undefined],
    ];
    for (const [event, value] of finals) if (value !== undefined) this.emit(event, value);
  }

  #finalMessage(): ChatCompletionMessage {
    const message = this.messages.findLast(isAssistant) ?? noAnswer();
    return {
      ...(message as ChatCompletionMessage),
      content: (message.content ?? null) as string | null,
      refusal: message.refusal ?? null,
    };
  }

  #finalCall(): ChatCompletionMessageFunctionToolCall.Function | undefined {
    const calls = this.messages.findLast((message) => callsOf(message).length > 0);
    return calls && callsOf(calls).at(-1)?.function;
  }

  #finalResult(): string | undefined {
    const ids = new Set(this.messages.flatMap(callsOf).map(({ id }) => id));
    for (const message of this.messages.toReversed()) {
      const { content } = message;
      if (message.role === 'tool' && typeof content === 'string' && ids.has(message.tool_call_id)) return content;
    }
    return undefined;
  }
}

function isAssistant(message: ChatCompletionMessageParam): message is ChatCompletionAssistantMessageParam {
  return message.role === 'assistant';
}

function callsOf(message: ChatCompletionMessageParam): ChatCompletionMessageFunctionToolCall[] {
  const calls = isAssistant(message) ? (message.tool_calls ?? []) : [];
  return calls.filter((call) => call.type === 'function');
}

function noAnswer(): never {
  throw new PortkeyError('truncated', 'The run ended without an answer of the model.');
}
