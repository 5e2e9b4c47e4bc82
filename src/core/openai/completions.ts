import type { ChatCompletionStreamOptions } from './chat-request.ts';
import type { CompletionUsage } from './usage.ts';

/** Body of the legacy `POST /completions` (OpenAI API reference, Create completion). */
export type CompletionCreateParams = CompletionCreateParamsNonStreaming | CompletionCreateParamsStreaming;

/** A request answered at once, with a `Completion`. */
export interface CompletionCreateParamsNonStreaming extends CompletionCreateParamsBase {
  stream?: false | null | undefined;
}

/** A request answered with a stream of `Completion`, each with the text that is new. */
export interface CompletionCreateParamsStreaming extends CompletionCreateParamsBase {
  stream: true;
}

/** What both kinds of request share. */
export interface CompletionCreateParamsBase {
  model: string;
  /** Text, texts, or the same as token IDs. */
  prompt: string | string[] | number[] | number[][] | null;
  best_of?: number | null | undefined;
  echo?: boolean | null | undefined;
  frequency_penalty?: number | null | undefined;
  logit_bias?: { [key: string]: number } | null | undefined;
  logprobs?: number | null | undefined;
  max_tokens?: number | null | undefined;
  n?: number | null | undefined;
  presence_penalty?: number | null | undefined;
  seed?: number | null | undefined;
  stop?: string | string[] | null | undefined;
  stream?: boolean | null | undefined;
  stream_options?: ChatCompletionStreamOptions | null | undefined;
  /** What comes after the text to be filled in. */
  suffix?: string | null | undefined;
  temperature?: number | null | undefined;
  top_p?: number | null | undefined;
  user?: string | undefined;
}

/** A whole legacy completion, or a piece of a streamed one. */
export interface Completion {
  id: string;
  object: 'text_completion';
  /** Seconds since the epoch. */
  created: number;
  model: string;
  choices: CompletionChoice[];
  system_fingerprint?: string;
  usage?: CompletionUsage;
}

/** One text. */
export interface CompletionChoice {
  index: number;
  text: string;
  finish_reason: 'stop' | 'length' | 'content_filter';
  logprobs: {
    text_offset?: number[];
    token_logprobs?: number[];
    tokens?: string[];
    top_logprobs?: { [key: string]: number }[];
  } | null;
}
