import type {
  ChatCompletionContentPart,
  ChatCompletionContentPartRefusal,
  ChatCompletionContentPartText,
} from './content-parts.ts';
import type { Cacheable, ContentBlock, ThinkingBlock } from './extensions.ts';
import type { ChatCompletionMessageToolCall } from './tools.ts';

/** One entry of `messages`, told apart by `role`. */
export type ChatCompletionMessageParam =
  | ChatCompletionDeveloperMessageParam
  | ChatCompletionSystemMessageParam
  | ChatCompletionUserMessageParam
  | ChatCompletionAssistantMessageParam
  | ChatCompletionToolMessageParam
  | ChatCompletionFunctionMessageParam;

/** Who speaks. */
export type ChatCompletionRole = 'developer' | 'system' | 'user' | 'assistant' | 'tool' | 'function';

/** Instructions; what newer OpenAI models take instead of `system`. */
export interface ChatCompletionDeveloperMessageParam extends Cacheable {
  role: 'developer';
  content: string | ChatCompletionContentPartText[];
  name?: string | undefined;
}

/** Instructions. */
export interface ChatCompletionSystemMessageParam extends Cacheable {
  role: 'system';
  content: string | ChatCompletionContentPartText[];
  name?: string | undefined;
}

/** What the user says. */
export interface ChatCompletionUserMessageParam extends Cacheable {
  role: 'user';
  content: string | ChatCompletionContentPart[];
  name?: string | undefined;
}

/** What the model said before. `content` may be absent beside `tool_calls`. */
export interface ChatCompletionAssistantMessageParam extends Cacheable {
  role: 'assistant';
  content?: string | (ChatCompletionContentPartText | ChatCompletionContentPartRefusal)[] | null | undefined;
  name?: string | undefined;
  refusal?: string | null | undefined;
  tool_calls?: ChatCompletionMessageToolCall[] | undefined;
  audio?: { id: string } | null | undefined;
  /** Retired; use `tool_calls`. */
  function_call?: { arguments: string; name: string } | null | undefined;
  /** Reasoning of the answer sent back, for providers that want it. */
  reasoning_content?: string | null | undefined;
  /** Signed reasoning sent back: Anthropic needs it beside tool results. */
  thinking_blocks?: ThinkingBlock[] | null | undefined;
  /** The same in Portkey's form. */
  content_blocks?: ContentBlock[] | null | undefined;
  /** What Google adds to a text, sent back. */
  extra_content?: { [key: string]: unknown } | undefined;
}

/** Result of the tool call `tool_call_id`. */
export interface ChatCompletionToolMessageParam extends Cacheable {
  role: 'tool';
  content: string | ChatCompletionContentPartText[];
  tool_call_id: string;
  /** True: the tool failed. Told to Anthropic, Bedrock and Gemini. */
  is_error?: boolean | undefined;
}

/** Retired; use `tool`. */
export interface ChatCompletionFunctionMessageParam {
  role: 'function';
  content: string | null;
  name: string;
}
