import type { CacheControl, RedactedThinkingBlock } from '../core/openai/index.ts';

// Anthropic's shapes, as far as they are common to all who answer. Members that only Anthropic fills are optional, and
// blocks of its server tools are left open. Source: Claude API reference, "Create a Message", "Count tokens in a Message".

/** Body of `POST /messages`. */
export type MessageCreateParams = MessageCreateParamsNonStreaming | MessageCreateParamsStreaming;

/** A request answered at once, with a {@link Message}. */
export interface MessageCreateParamsNonStreaming extends MessageCreateParamsBase {
  stream?: false | undefined;
}

/** A request answered with a stream of {@link MessageStreamEvent}. */
export interface MessageCreateParamsStreaming extends MessageCreateParamsBase {
  stream: true;
}

/** What both kinds of request share. Further members of Anthropic's are sent as they are. */
export interface MessageCreateParamsBase extends MessageCountTokensParams {
  max_tokens: number;
  container?: unknown;
  inference_geo?: string | null | undefined;
  metadata?: { user_id?: string | null | undefined } | undefined;
  service_tier?: 'auto' | 'standard_only' | undefined;
  stop_sequences?: string[] | undefined;
  stream?: boolean | undefined;
  temperature?: number | undefined;
  top_k?: number | undefined;
  top_p?: number | undefined;
}

/** Body of `POST /messages/count_tokens`. */
export interface MessageCountTokensParams {
  model: string;
  messages: MessageParam[];
  cache_control?: CacheControl | null | undefined;
  output_config?:
    | {
        effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null | undefined;
        format?: { type: 'json_schema'; schema: { [key: string]: unknown } } | null | undefined;
      }
    | undefined;
  speed?: 'standard' | 'fast' | null | undefined;
  system?: string | MessageTextBlockParam[] | undefined;
  thinking?: MessageThinking | undefined;
  tool_choice?: MessageToolChoice | undefined;
  /** Tools of one's own, and Anthropic's by their `type`. */
  tools?: (MessageTool | { type: string; name?: string })[] | undefined;
}

/** How much the model may think. */
export interface MessageThinking {
  type: string;
  /** At least 1024, less than `max_tokens`; goes with `enabled`. */
  budget_tokens?: number | undefined;
  display?: 'summarized' | 'omitted' | null | undefined;
}

/** Which tool the model is to use. */
export type MessageToolChoice =
  | { type: 'auto' | 'any'; disable_parallel_tool_use?: boolean | undefined }
  | { type: 'tool'; name: string; disable_parallel_tool_use?: boolean | undefined }
  | { type: 'none' };

/** A tool of one's own. */
export interface MessageTool {
  name: string;
  input_schema: { type: 'object'; [key: string]: unknown };
  type?: 'custom' | null | undefined;
  description?: string | undefined;
  cache_control?: CacheControl | null | undefined;
  strict?: boolean | undefined;
}

/** One message of the conversation. */
export interface MessageParam {
  role: 'user' | 'assistant' | 'system';
  content: string | MessageBlockParam[];
}

/** A block of a message. Beside those named here, any of Anthropic's. */
export type MessageBlockParam = MessageTextBlockParam | MessageToolResultBlockParam | { type: string };

/** Text to the model. */
export interface MessageTextBlockParam {
  type: 'text';
  text: string;
  cache_control?: CacheControl | null | undefined;
  citations?: unknown[] | null | undefined;
}

/** What a tool gave. */
export interface MessageToolResultBlockParam {
  type: 'tool_result';
  tool_use_id: string;
  content?: string | { type: string }[] | undefined;
  is_error?: boolean | undefined;
  cache_control?: CacheControl | null | undefined;
}

/** An answer. */
export interface Message {
  id: string;
  type: 'message';
  role: 'assistant';
  model: string;
  content: MessageBlock[];
  stop_reason: MessageStopReason | null;
  stop_sequence: string | null;
  usage: MessageUsage;
  container?: { id: string; expires_at: string } | null;
  stop_details?: { type: string; category: string | null; explanation: string | null } | null;
}

/** Why the answer ended. */
export type MessageStopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded';

/** A block of an answer. */
export type MessageBlock =
  | MessageTextBlock
  | MessageToolUseBlock
  | MessageThinkingBlock
  | RedactedThinkingBlock
  | MessageServerBlock;

/** Text of the model. */
export interface MessageTextBlock {
  type: 'text';
  text: string;
  citations?: unknown[] | null;
}

/** A call of a tool. */
export interface MessageToolUseBlock {
  type: 'tool_use';
  id: string;
  name: string;
  input: unknown;
}

/** What the model thought; its signature proves it when it is sent back. Empty where the provider signs nothing. */
export interface MessageThinkingBlock {
  type: 'thinking';
  thinking: string;
  signature: string;
}

/** Calls and results of tools that Anthropic runs. */
export interface MessageServerBlock {
  type:
    | 'server_tool_use'
    | 'web_search_tool_result'
    | 'web_fetch_tool_result'
    | 'code_execution_tool_result'
    | 'bash_code_execution_tool_result'
    | 'text_editor_code_execution_tool_result'
    | 'tool_search_tool_result'
    | 'container_upload';
}

/** Tokens of an answer. `input_tokens` are those neither read from nor written to the cache. */
export interface MessageUsage {
  input_tokens: number;
  output_tokens: number;
  cache_creation_input_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  service_tier?: string | null;
}

/** One event of a streamed answer. Source: Claude docs, "Streaming Messages". */
export type MessageStreamEvent =
  | { type: 'message_start'; message: Message }
  | { type: 'content_block_start'; index: number; content_block: MessageBlock }
  | { type: 'content_block_delta'; index: number; delta: MessageBlockDelta }
  | { type: 'content_block_stop'; index: number }
  | {
      type: 'message_delta';
      delta: { stop_reason: MessageStopReason | null; stop_sequence: string | null };
      usage: { output_tokens: number; input_tokens?: number | null };
    }
  | { type: 'message_stop' }
  | { type: 'ping' };

/** What an event adds to a block. */
export type MessageBlockDelta =
  | { type: 'text_delta'; text: string }
  | { type: 'input_json_delta'; partial_json: string }
  | { type: 'thinking_delta'; thinking: string }
  | { type: 'signature_delta'; signature: string }
  | { type: 'citations_delta'; citation: unknown };

/** How many tokens a request has. */
export interface MessageTokensCount {
  input_tokens: number;
}
