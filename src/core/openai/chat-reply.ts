import type { Metadata, ServiceTier } from './chat-request.ts';
import type { MessageExtensions } from './extensions.ts';
import type { ChatCompletionMessageToolCall } from './tools.ts';
import type { CompletionUsage } from './usage.ts';

/** A whole chat answer (OpenAI API reference, The chat completion object). */
export interface ChatCompletion {
  id: string;
  object: 'chat.completion';
  /** Seconds since the epoch. */
  created: number;
  model: string;
  choices: ChatCompletion.Choice[];
  usage?: CompletionUsage;
  metadata?: Metadata | null;
  moderation?: ChatModeration | null;
  service_tier?: ServiceTier | null;
  system_fingerprint?: string;
}

export declare namespace ChatCompletion {
  /** One of `n` answers. */
  interface Choice {
    index: number;
    finish_reason: ChatFinishReason;
    message: ChatCompletionMessage;
    logprobs: ChatLogprobs | null;
  }

  namespace Choice {
    type Logprobs = ChatLogprobs;
  }
}

/** Why the model stopped: done, token limit, wants tools called, filtered. */
export type ChatFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call';

/** What the model said. */
export interface ChatCompletionMessage extends MessageExtensions {
  role: 'assistant';
  /** Null when there are only tool calls, or a refusal. */
  content: string | null;
  refusal: string | null;
  tool_calls?: ChatCompletionMessageToolCall[];
  annotations?: ChatCompletionMessage.Annotation[];
  audio?: ChatCompletionAudio | null;
  /** Retired; use `tool_calls`. */
  function_call?: ChatCompletionMessage.FunctionCall | null;
}

export declare namespace ChatCompletionMessage {
  /** A source on the web and the part of `content` that rests on it. */
  interface Annotation {
    type: 'url_citation';
    url_citation: Annotation.URLCitation;
  }

  namespace Annotation {
    /** Indices count characters of `content`. */
    interface URLCitation {
      start_index: number;
      end_index: number;
      title: string;
      url: string;
    }
  }

  interface FunctionCall {
    arguments: string;
    name: string;
  }
}

/** A spoken answer. */
export interface ChatCompletionAudio {
  id: string;
  /** Base64, in the format asked for. */
  data: string;
  /** Seconds since the epoch; until then `id` may be sent back in place of the sound. */
  expires_at: number;
  transcript: string;
}

/** Log probabilities of a choice's tokens. */
export interface ChatLogprobs {
  content: ChatCompletionTokenLogprob[] | null;
  refusal: ChatCompletionTokenLogprob[] | null;
}

/** A token, its log probability and the likeliest others in its place. */
export interface ChatCompletionTokenLogprob extends ChatCompletionTokenLogprob.TopLogprob {
  top_logprobs: ChatCompletionTokenLogprob.TopLogprob[];
}

export declare namespace ChatCompletionTokenLogprob {
  /** `bytes` is the token in UTF-8: a character may span several tokens. */
  interface TopLogprob {
    token: string;
    bytes: number[] | null;
    logprob: number;
  }
}

/** What a moderation model made of prompt and answer. */
export interface ChatModeration {
  input: ChatModerationResults | ChatModerationError;
  output: ChatModerationResults | ChatModerationError;
}

/** Scores, one entry per text judged. */
export interface ChatModerationResults {
  type: 'moderation_results';
  model: string;
  results: {
    type: 'moderation_result';
    model: string;
    flagged: boolean;
    categories: { [key: string]: boolean };
    category_applied_input_types: { [key: string]: ('text' | 'image')[] };
    category_scores: { [key: string]: number };
  }[];
}

/** The moderation itself failed. */
export interface ChatModerationError {
  type: 'error';
  code: string;
  message: string;
}

/** A stored completion was deleted. */
export interface ChatCompletionDeleted {
  id: string;
  deleted: boolean;
  object: 'chat.completion.deleted';
}
