import type { ChatCompletionChunk } from '../core/openai/chat-chunk.ts';
import type { ChatCompletionTokenLogprob } from '../core/openai/chat-reply.ts';
import type { ChatCompletionSnapshot } from '../core/openai/chat-snapshot.ts';
import type { ChatRunnerEvents } from './chat-runner.ts';

/** What a chat stream reports beside what every chat helper does. */
export interface ChatCompletionStreamEvents<Parsed = null> extends ChatRunnerEvents {
  /** A chunk came; `snapshot` is the answer so far, the same object all along. */
  chunk: (chunk: ChatCompletionChunk, snapshot: ChatCompletionSnapshot) => void;
  /** Content came: what is new, and all of it. */
  content: (delta: string, snapshot: string) => void;
  'content.delta': (event: ContentDeltaEvent) => void;
  'content.done': (event: ContentDoneEvent<Parsed>) => void;
  'refusal.delta': (event: RefusalDeltaEvent) => void;
  'refusal.done': (event: RefusalDoneEvent) => void;
  'tool_calls.function.arguments.delta': (event: FunctionToolCallArgumentsDeltaEvent) => void;
  /** Also reported when another call begins: of calls whose pieces alternate, more than once. */
  'tool_calls.function.arguments.done': (event: FunctionToolCallArgumentsDoneEvent) => void;
  'logprobs.content.delta': (event: LogProbsContentDeltaEvent) => void;
  'logprobs.content.done': (event: LogProbsContentDoneEvent) => void;
  'logprobs.refusal.delta': (event: LogProbsRefusalDeltaEvent) => void;
  'logprobs.refusal.done': (event: LogProbsRefusalDoneEvent) => void;
}

/** Content came. */
export interface ContentDeltaEvent {
  delta: string;
  snapshot: string;
  /** What the JSON so far stands for; null before it says anything, undefined where no schema was asked for. Parsed when read. */
  readonly parsed: unknown;
}

/** The content is whole. */
export interface ContentDoneEvent<Parsed = null> {
  content: string;
  /** Null where no schema was asked for. Parsed when read: throws `UnparsableContentError`. */
  readonly parsed: Parsed | null;
}

/** A refusal came. */
export interface RefusalDeltaEvent {
  delta: string;
  snapshot: string;
}

/** The refusal is whole. */
export interface RefusalDoneEvent {
  refusal: string;
}

/** Arguments came. */
export interface FunctionToolCallArgumentsDeltaEvent {
  name: string;
  index: number;
  /** All of them so far. */
  arguments: string;
  arguments_delta: string;
  /** What the JSON so far stands for; undefined before its first character and where the function is not strict. Parsed when read. */
  readonly parsed_arguments: unknown;
}

/** A call is whole. */
export interface FunctionToolCallArgumentsDoneEvent {
  name: string;
  index: number;
  arguments: string;
  /** Null where the function is not strict. Parsed when read: throws `UnparsableContentError`. */
  readonly parsed_arguments: unknown;
}

/** Log probabilities of content came: the new ones, and all. */
export interface LogProbsContentDeltaEvent {
  content: ChatCompletionTokenLogprob[];
  snapshot: ChatCompletionTokenLogprob[];
}

/** All log probabilities of the content. */
export interface LogProbsContentDoneEvent {
  content: ChatCompletionTokenLogprob[];
}

/** Log probabilities of a refusal came: the new ones, and all. */
export interface LogProbsRefusalDeltaEvent {
  refusal: ChatCompletionTokenLogprob[];
  snapshot: ChatCompletionTokenLogprob[];
}

/** All log probabilities of the refusal. */
export interface LogProbsRefusalDoneEvent {
  refusal: ChatCompletionTokenLogprob[];
}
