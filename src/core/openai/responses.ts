import type { ChatCompletionReasoningEffort, Metadata, ServiceTier } from './chat-request.ts';
import type { ResponseFormatJSONObject, ResponseFormatText } from './response-format.ts';
import type { ResponseInputContent, ResponseInputItem, ResponseOutputItem } from './response-items.ts';
import type { ResponseTool, ResponseToolChoice } from './response-tools.ts';

/** Body of `POST /responses` (OpenAI API reference, Create a model response). */
export type ResponseCreateParams = ResponseCreateParamsNonStreaming | ResponseCreateParamsStreaming;

/** A request answered at once, with a {@link ResponseObject}. */
export interface ResponseCreateParamsNonStreaming extends ResponseCreateParamsBase {
  stream?: false | null | undefined;
}

/** A request answered with a stream of `ResponseStreamEvent`. */
export interface ResponseCreateParamsStreaming extends ResponseCreateParamsBase {
  stream: true;
}

/** What both kinds of request share. */
export interface ResponseCreateParamsBase {
  input?: string | ResponseInputItem[] | undefined;
  model?: string | undefined;
  access_programs?: { cyber?: CyberProgram | undefined } | undefined;
  background?: boolean | null | undefined;
  context_management?: { type: string; compact_threshold?: number | null | undefined }[] | null | undefined;
  conversation?: string | { id: string } | null | undefined;
  image?: { context_compression?: 'auto' | 'enabled' | 'disabled' | undefined } | undefined;
  include?: ResponseIncludable[] | null | undefined;
  instructions?: string | null | undefined;
  /** Reasoning included. */
  max_output_tokens?: number | null | undefined;
  max_tool_calls?: number | null | undefined;
  metadata?: Metadata | null | undefined;
  moderation?:
    | {
        model: string;
        policy?:
          | {
              input?: { mode: 'score' | 'block' } | null | undefined;
              output?: { mode: 'score' | 'block' } | null | undefined;
            }
          | null
          | undefined;
      }
    | null
    | undefined;
  parallel_tool_calls?: boolean | null | undefined;
  previous_response_id?: string | null | undefined;
  prompt?: ResponsePrompt | null | undefined;
  prompt_cache_key?: string | null | undefined;
  prompt_cache_options?:
    | {
        comparison_response_id?: string | null | undefined;
        mode?: 'implicit' | 'explicit' | undefined;
        prewarm?: boolean | undefined;
        ttl?: '30m' | '12h' | undefined;
      }
    | undefined;
  prompt_cache_retention?: 'in_memory' | '24h' | null | undefined;
  reasoning?: Reasoning | null | undefined;
  safety_identifier?: string | null | undefined;
  service_tier?: ServiceTier | 'ultrafast' | null | undefined;
  store?: boolean | null | undefined;
  stream?: boolean | null | undefined;
  stream_options?: { include_obfuscation?: boolean | undefined } | null | undefined;
  temperature?: number | null | undefined;
  text?: ResponseTextConfig | undefined;
  tool_choice?: ResponseToolChoice | undefined;
  tools?: ResponseTool[] | undefined;
  /** 0 to 20. */
  top_logprobs?: number | null | undefined;
  top_p?: number | null | undefined;
  truncation?: 'auto' | 'disabled' | null | undefined;
  user?: string | undefined;
}

/** Extra parts of the output to send. */
export type ResponseIncludable =
  | 'file_search_call.results'
  | 'web_search_call.results'
  | 'web_search_call.action.sources'
  | 'message.input_image.image_url'
  | 'computer_call_output.output.image_url'
  | 'code_interpreter_call.outputs'
  | 'reasoning.encrypted_content'
  | 'message.output_text.logprobs';

/** How much and how openly a model reasons. */
export interface Reasoning {
  context?: 'auto' | 'current_turn' | 'all_turns' | null | undefined;
  effort?: ChatCompletionReasoningEffort | undefined;
  /** Older name of `summary`. */
  generate_summary?: 'auto' | 'concise' | 'detailed' | null | undefined;
  mode?: string | undefined;
  summary?: 'auto' | 'concise' | 'detailed' | null | undefined;
}

/** Form and length of the text. */
export interface ResponseTextConfig {
  format?: ResponseFormatText | ResponseFormatTextJSONSchemaConfig | ResponseFormatJSONObject | undefined;
  verbosity?: 'low' | 'medium' | 'high' | null | undefined;
}

/** JSON that fits a schema. */
export interface ResponseFormatTextJSONSchemaConfig {
  type: 'json_schema';
  name: string;
  schema: { [key: string]: unknown };
  description?: string | undefined;
  strict?: boolean | null | undefined;
}

/** A stored prompt and its variables. */
export interface ResponsePrompt {
  id: string;
  variables?: { [key: string]: string | ResponseInputContent } | null | undefined;
  version?: string | null | undefined;
}

/** The response object. Named `Response` in the `openai` package. */
export interface ResponseObject {
  id: string;
  object: 'response';
  /** Seconds since the epoch. */
  created_at: number;
  model: string;
  output: ResponseOutputItem[];
  /** All text of `output`, joined. Not on the wire: clients add it. */
  output_text: string;
  error: ResponseError | null;
  incomplete_details: { reason?: 'max_output_tokens' | 'max_messages' | 'content_filter' | 'steered' } | null;
  instructions: string | ResponseInputItem[] | null;
  metadata: Metadata | null;
  parallel_tool_calls: boolean;
  temperature: number | null;
  tool_choice: ResponseToolChoice;
  tools: ResponseTool[];
  top_p: number | null;
  access_programs?: { cyber: CyberProgram } | null;
  background?: boolean | null;
  /** Seconds since the epoch. */
  completed_at?: number | null;
  conversation?: { id: string } | null;
  max_output_tokens?: number | null;
  max_tool_calls?: number | null;
  previous_response_id?: string | null;
  prompt?: ResponsePrompt | null;
  prompt_cache_key?: string | null;
  prompt_cache_retention?: 'in_memory' | '24h' | null;
  reasoning?: Reasoning | null;
  safety_identifier?: string | null;
  service_tier?: ServiceTier | 'ultrafast' | null;
  status?: ResponseStatus;
  text?: ResponseTextConfig;
  top_logprobs?: number | null;
  truncation?: 'auto' | 'disabled' | null;
  usage?: ResponseUsage;
  user?: string;
}

type CyberProgram = 'standard' | 'daybreak_blue' | 'daybreak_red';

/** Where a response is in its life. */
export type ResponseStatus = 'completed' | 'failed' | 'in_progress' | 'cancelled' | 'queued' | 'incomplete';

/** Why a response failed. */
export interface ResponseError {
  /** `server_error`, `rate_limit_exceeded`, `invalid_prompt`, … */
  code: string;
  message: string;
  param?: string | null;
  type?: string | null;
}

/** Tokens of a response. */
export interface ResponseUsage {
  input_tokens: number;
  input_tokens_details: {
    cache_write_tokens: number;
    cached_tokens: number;
    cache_write_tokens_details?: { ttl_12h_tokens: number; ttl_30m_tokens: number };
  };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
}

/** What deleting a response answers. */
export interface ResponseDeleted {
  id: string;
  object: 'response';
  deleted: boolean;
}
