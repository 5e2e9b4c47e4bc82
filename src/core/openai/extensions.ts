/**
 * Fields beyond OpenAI's that a chat request may carry and that dialects translate where the provider knows them.
 * The parameters have no index signature: it would let `temprature` compile, and would keep values typed by the
 * `openai` package from being accepted. A field not listed here is still sent as it is; name it in the type of the
 * body, as in `ChatCompletionCreateParamsNonStreaming & { guided_choice: string[] }`.
 */
export interface ChatCompletionExtensions {
  /** Samples among the `top_k` likeliest tokens: Anthropic, Bedrock, Gemini, Cohere, many hosts of open models. */
  top_k?: number | null | undefined;
  /** Drops tokens less likely than this share of the likeliest: vLLM, Together, Fireworks. */
  min_p?: number | null | undefined;
  /** 1 is neutral, more discourages repeats: vLLM, Together, Fireworks. */
  repetition_penalty?: number | null | undefined;
  /** Extended thinking in Anthropic's words; translated for Bedrock, Gemini and Cohere. */
  thinking?: ThinkingConfig | null | undefined;
  /** Reasoning in OpenRouter's words. */
  reasoning?: ReasoningConfig | null | undefined;
  /** Anthropic's beta features, sent as the header `anthropic-beta`; Bedrock has them, too. */
  anthropic_beta?: string | string[] | null | undefined;
  /** Anthropic's own: effort and form of the answer. */
  output_config?: Opaque;
  /** Anthropic's own: what is cleared from a long context. */
  context_management?: Opaque;
  /** Anthropic's own: tools of servers that speak the Model Context Protocol. */
  mcp_servers?: { [key: string]: unknown }[] | null | undefined;
  /** Gemini's harm filters. */
  safety_settings?: SafetySetting[] | null | undefined;
  /** Name of a Gemini context cache: `cachedContents/…`. */
  cached_content?: string | null | undefined;
  /** Bedrock's own: which guardrail applies. */
  guardrail_config?: Opaque;
  /** Bedrock's own: latency. */
  performance_config?: Opaque;
  /** Bedrock's own: parameters that only the model knows. */
  additional_model_request_fields?: Opaque;
  /** Cohere's own: texts to answer from. */
  documents?: (string | { [key: string]: unknown })[] | null | undefined;
  /** Cohere's own: how the answer cites them. */
  citation_options?: Opaque;
  /** Cohere's own: `CONTEXTUAL`, `STRICT` or `OFF`. */
  safety_mode?: string | null | undefined;
}

/** An object only its provider understands, sent as it is. */
type Opaque = { [key: string]: unknown } | null | undefined;

/** How much a model may think before it answers, in Anthropic's words (Messages API, extended thinking). */
export interface ThinkingConfig {
  type: 'enabled' | 'disabled' | 'adaptive';
  /** Tokens; required by Anthropic where `type` is `enabled`. */
  budget_tokens?: number | undefined;
  /** Gemini: whether thoughts are part of the reply. */
  include_thoughts?: boolean | undefined;
}

/** How much a model may reason, in OpenRouter's words. */
export interface ReasoningConfig {
  effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null | undefined;
  max_tokens?: number | null | undefined;
  exclude?: boolean | undefined;
  enabled?: boolean | undefined;
}

/** One harm category and the level from which Gemini blocks it (Gemini API, SafetySetting). */
export interface SafetySetting {
  category: string;
  threshold: string;
  method?: string | undefined;
}

/** Marks the end of a prefix worth caching (Anthropic, prompt caching; also understood for Bedrock). */
export interface CacheControl {
  type: 'ephemeral';
  ttl?: '5m' | '1h' | undefined;
}

/** May be marked as the end of a prefix worth caching. */
export interface Cacheable {
  cache_control?: CacheControl | null | undefined;
}

/** One block of reasoning as the provider made it. Sent back unchanged, its signature proves it to the provider. */
export type ThinkingBlock = ThoughtBlock | RedactedThinkingBlock;

/** Readable reasoning (Anthropic's `thinking`, Bedrock's `reasoningText`, Gemini's thought part). */
export interface ThoughtBlock {
  type: 'thinking';
  thinking: string;
  signature?: string;
  cache_control?: CacheControl | null;
}

/** Reasoning that only the provider can read. */
export interface RedactedThinkingBlock {
  type: 'redacted_thinking';
  data: string;
  cache_control?: CacheControl | null;
}

/** One block of an answer in Portkey's `content_blocks`: Anthropic's blocks, and Gemini's and Cohere's in that form. */
export type ContentBlock = ThinkingBlock | TextBlock | OtherContentBlock;

/** Text and where it comes from. */
export interface TextBlock {
  type: 'text';
  text: string;
  citations?: { [key: string]: unknown }[] | null;
}

/** A block passed on as it is. That of a tool call marks its place; its input stands in `tool_calls`. */
export interface OtherContentBlock {
  type: `${string}_use` | `${string}_result` | 'container_upload' | 'compaction';
  [key: string]: unknown;
}

/** What a provider adds to an assistant message; understood when it is sent back. */
export interface MessageExtensions {
  /** The reasoning as text, as DeepSeek, vLLM and LiteLLM name it. */
  reasoning_content?: string | null;
  /** Signed reasoning, as LiteLLM names it. Only when `strict_open_ai_compliance` is off. */
  thinking_blocks?: ThinkingBlock[] | null;
  /** The whole answer block by block, as Portkey names it. Only when `strict_open_ai_compliance` is off. */
  content_blocks?: ContentBlock[] | null;
  /** The provider's own citations. Only when `strict_open_ai_compliance` is off. */
  citations?: unknown[] | null;
  /** Opaque to others; Google keeps the thought signature of a text here. */
  extra_content?: { [key: string]: unknown };
}

/** What a provider adds to a tool call; sent back unchanged. */
export interface ToolCallExtensions {
  /** Opaque to others: Google keeps its thought signature in `google.thought_signature` (Gemini, OpenAI compatibility). */
  extra_content?: { [key: string]: unknown };
}
