import type { ChatCompletionMessage, ChatFinishReason, ChatLogprobs, ChatModeration } from './chat-reply.ts';
import type { ServiceTier } from './chat-request.ts';
import type { ThinkingBlock, ToolCallExtensions } from './extensions.ts';
import type { CompletionUsage } from './usage.ts';

/** One piece of a streamed chat answer (OpenAI API reference, The chat completion chunk object). */
export interface ChatCompletionChunk {
  /** The same in every chunk of a stream. */
  id: string;
  object: 'chat.completion.chunk';
  /** Seconds since the epoch. */
  created: number;
  model: string;
  /** Empty in the chunk that brings `usage`. */
  choices: ChatCompletionChunk.Choice[];
  /** Of the whole stream; in its last chunk, when `stream_options.include_usage` asked for it. */
  usage?: CompletionUsage | null;
  moderation?: ChatModeration | null;
  /** Random text that hides the length of the payload. */
  obfuscation?: string;
  service_tier?: ServiceTier | null;
  system_fingerprint?: string;
}

export declare namespace ChatCompletionChunk {
  /** What one of `n` answers gained. */
  interface Choice {
    index: number;
    delta: Choice.Delta;
    /** Null until the choice's last chunk. */
    finish_reason: ChatFinishReason | null;
    logprobs?: ChatLogprobs | null;
  }

  namespace Choice {
    type Logprobs = ChatLogprobs;

    /** What is new. Strings are appended to those before. */
    interface Delta {
      role?: 'developer' | 'system' | 'user' | 'assistant' | 'tool';
      content?: string | null;
      refusal?: string | null;
      tool_calls?: Delta.ToolCall[];
      audio?: Delta.Audio;
      /** Retired; use `tool_calls`. */
      function_call?: Delta.FunctionCall;
      /** Sources of what was said so far. */
      annotations?: ChatCompletionMessage.Annotation[];
      /** Reasoning as text. */
      reasoning_content?: string | null;
      /** Whole blocks of signed reasoning; only when `strict_open_ai_compliance` is off. */
      thinking_blocks?: ThinkingBlock[];
      /** Pieces of Portkey's `content_blocks`; only when `strict_open_ai_compliance` is off. */
      content_blocks?: ContentBlockDelta[];
    }

    namespace Delta {
      /** A piece of the tool call at `index`; its first piece has `id` and name. */
      interface ToolCall extends ToolCallExtensions {
        index: number;
        id?: string;
        type?: 'function' | 'custom';
        function?: { arguments?: string; name?: string };
        custom?: { input?: string; name?: string };
      }

      interface FunctionCall {
        arguments?: string;
        name?: string;
      }

      interface Audio {
        id?: string;
        data?: string;
        expires_at?: number;
        transcript?: string;
      }
    }
  }
}

/**
 * A piece of the block at `index`, as Portkey streams `content_blocks`. The first has the block's `type`; text, also that of
 * `partial_json`, is appended to what came before, `citation` is one more of `citations`.
 */
export interface ContentBlockDelta {
  index: number;
  delta: {
    type?: string;
    text?: string;
    thinking?: string;
    signature?: string;
    data?: string;
    partial_json?: string;
    citation?: unknown;
    [key: string]: unknown;
  };
}
