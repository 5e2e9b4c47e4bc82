import type { ChatCompletion, ChatCompletionAudio, ChatFinishReason, ChatLogprobs } from './chat-reply.ts';
import type { ContentBlock, MessageExtensions } from './extensions.ts';
import type { ChatCompletionRole } from './messages.ts';
import type { ChatCompletionMessageCustomToolCall, ChatCompletionMessageFunctionToolCall } from './tools.ts';

/** A chat answer as far as its chunks have come: a `ChatCompletion` whose choices may still lack things. */
export interface ChatCompletionSnapshot extends Omit<ChatCompletion, 'choices'> {
  /** By `index`, without gaps. */
  choices: ChatCompletionSnapshot.Choice[];
}

export declare namespace ChatCompletionSnapshot {
  /** One of `n` answers so far. */
  interface Choice {
    index: number;
    message: Choice.Message;
    /** Null until the choice is done. */
    finish_reason: ChatFinishReason | null;
    logprobs: ChatLogprobs | null;
  }

  namespace Choice {
    /** What was said so far. A member is absent until the first chunk that has it. */
    interface Message extends MessageExtensions {
      role?: ChatCompletionRole;
      content?: string | null;
      refusal?: string | null;
      tool_calls?: Message.ToolCall[];
      function_call?: { arguments: string; name: string };
      audio?: Partial<ChatCompletionAudio>;
      content_blocks?: ContentBlock[];
    }

    namespace Message {
      /** A tool call so far: `id` and names may still be empty. */
      type ToolCall = ChatCompletionMessageFunctionToolCall | ChatCompletionMessageCustomToolCall;
    }
  }
}
