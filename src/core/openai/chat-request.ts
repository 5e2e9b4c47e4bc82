import type { ChatCompletionContentPartText } from './content-parts.ts';
import type { ChatCompletionExtensions } from './extensions.ts';
import type { ChatCompletionMessageParam } from './messages.ts';
import type { ResponseFormat } from './response-format.ts';
import type {
  ChatCompletionFunctionCallOption,
  ChatCompletionTool,
  ChatCompletionToolChoiceOption,
  FunctionParameters,
} from './tools.ts';

/** Body of `POST /chat/completions` (OpenAI API reference, Create chat completion). `stream` decides what comes back. */
export type ChatCompletionCreateParams = ChatCompletionCreateParamsNonStreaming | ChatCompletionCreateParamsStreaming;

/** A request answered at once, with a `ChatCompletion`. */
export interface ChatCompletionCreateParamsNonStreaming extends ChatCompletionCreateParamsBase {
  stream?: false | null | undefined;
}

/** A request answered with a stream of `ChatCompletionChunk`. */
export interface ChatCompletionCreateParamsStreaming extends ChatCompletionCreateParamsBase {
  stream: true;
}

/**
 * What both kinds of request share. Optional members also take an explicit `undefined`, which counts as absent. Arrays
 * are not `readonly`, so that values go to and from functions typed by the `openai` package.
 */
export interface ChatCompletionCreateParamsBase extends ChatCompletionExtensions {
  messages: ChatCompletionMessageParam[];
  /** A model's name, or `@slug/model` where the slug names a virtual key. */
  model: string;
  audio?: ChatCompletionAudioParam | null | undefined;
  /** -2 to 2. */
  frequency_penalty?: number | null | undefined;
  /** Retired; use `tool_choice`. */
  function_call?: 'none' | 'auto' | ChatCompletionFunctionCallOption | undefined;
  /** Retired; use `tools`. */
  functions?: ChatCompletionCreateParams.Function[] | undefined;
  /** Token ID to a bias of -100 to 100. */
  logit_bias?: { [key: string]: number } | null | undefined;
  logprobs?: boolean | null | undefined;
  /** Limit of the answer, reasoning included. */
  max_completion_tokens?: number | null | undefined;
  /** Older name of `max_completion_tokens`; still the one most providers know. */
  max_tokens?: number | null | undefined;
  metadata?: Metadata | null | undefined;
  modalities?: ChatCompletionModality[] | null | undefined;
  moderation?: ChatCompletionCreateParams.Moderation | null | undefined;
  /** How many choices. */
  n?: number | null | undefined;
  parallel_tool_calls?: boolean | undefined;
  prediction?: ChatCompletionPredictionContent | null | undefined;
  /** -2 to 2. */
  presence_penalty?: number | null | undefined;
  prompt_cache_key?: string | null | undefined;
  prompt_cache_options?: ChatCompletionCreateParams.PromptCacheOptions | undefined;
  prompt_cache_retention?: 'in_memory' | '24h' | null | undefined;
  reasoning_effort?: ChatCompletionReasoningEffort | undefined;
  response_format?: ResponseFormat | undefined;
  safety_identifier?: string | null | undefined;
  seed?: number | null | undefined;
  service_tier?: ServiceTier | null | undefined;
  stop?: string | string[] | null | undefined;
  store?: boolean | null | undefined;
  stream?: boolean | null | undefined;
  stream_options?: ChatCompletionStreamOptions | null | undefined;
  /** 0 to 2. */
  temperature?: number | null | undefined;
  tool_choice?: ChatCompletionToolChoiceOption | undefined;
  tools?: ChatCompletionTool[] | undefined;
  /** 0 to 20; needs `logprobs`. */
  top_logprobs?: number | null | undefined;
  /** 0 to 1. */
  top_p?: number | null | undefined;
  user?: string | undefined;
  verbosity?: 'low' | 'medium' | 'high' | null | undefined;
  web_search_options?: ChatCompletionCreateParams.WebSearchOptions | undefined;
}

export declare namespace ChatCompletionCreateParams {
  /** Retired; use `tools`. */
  interface Function {
    name: string;
    description?: string | undefined;
    parameters?: FunctionParameters | undefined;
  }

  /** Has prompt and answer scored, or blocked, by a moderation model. */
  interface Moderation {
    model: string;
    policy?:
      | {
          input?: { mode: 'score' | 'block' } | null | undefined;
          output?: { mode: 'score' | 'block' } | null | undefined;
        }
      | null
      | undefined;
  }

  /** Where OpenAI puts prompt cache breakpoints and how long they live. */
  interface PromptCacheOptions {
    mode?: 'implicit' | 'explicit' | undefined;
    ttl?: '30m' | undefined;
  }

  /** Lets search models look at the web. */
  interface WebSearchOptions {
    search_context_size?: 'low' | 'medium' | 'high' | undefined;
    user_location?: { type: 'approximate'; approximate: ApproximateLocation } | null | undefined;
  }
}

/** Where the user roughly is. */
export interface ApproximateLocation {
  city?: string | undefined;
  /** Two letters, ISO 3166-1. */
  country?: string | undefined;
  region?: string | undefined;
  /** IANA name. */
  timezone?: string | undefined;
}

/** Voice and encoding of a spoken answer. */
export interface ChatCompletionAudioParam {
  format: 'wav' | 'aac' | 'mp3' | 'flac' | 'opus' | 'pcm16';
  /** `alloy`, `ash`, …, or a custom voice by ID. */
  voice: string | { id: string };
}

/** Text or sound. */
export type ChatCompletionModality = 'text' | 'audio';

/** Text that much of the answer is expected to repeat. */
export interface ChatCompletionPredictionContent {
  type: 'content';
  content: string | ChatCompletionContentPartText[];
}

/** Options of a stream. */
export interface ChatCompletionStreamOptions {
  include_obfuscation?: boolean | undefined;
  /** True: the last chunk has no choice and the usage of the whole stream. */
  include_usage?: boolean | undefined;
}

/** How hard a reasoning model thinks. */
export type ChatCompletionReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;

/** Up to 16 pairs kept with the stored completion. */
export type Metadata = { [key: string]: string };

/** OpenAI's processing tiers. */
export type ServiceTier = 'auto' | 'default' | 'flex' | 'scale' | 'priority' | 'fast';
