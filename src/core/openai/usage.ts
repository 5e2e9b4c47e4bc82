/** Tokens of one completion. */
export interface CompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  /** `prompt_tokens + completion_tokens`. */
  total_tokens: number;
  prompt_tokens_details?: CompletionUsage.PromptTokensDetails;
  completion_tokens_details?: CompletionUsage.CompletionTokensDetails;
  /** Anthropic's: tokens read from a prompt cache, part of `prompt_tokens`. Only when `strict_open_ai_compliance` is off. */
  cache_read_input_tokens?: number;
  /** Anthropic's: tokens written to a prompt cache, part of `prompt_tokens`. Only when `strict_open_ai_compliance` is off. */
  cache_creation_input_tokens?: number;
}

export declare namespace CompletionUsage {
  /** Parts of `prompt_tokens`. */
  interface PromptTokensDetails {
    audio_tokens?: number;
    cache_write_tokens?: number;
    cached_tokens?: number;
    image_tokens?: number;
    text_tokens?: number;
  }

  /** Parts of `completion_tokens`. */
  interface CompletionTokensDetails {
    accepted_prediction_tokens?: number;
    audio_tokens?: number;
    reasoning_tokens?: number;
    rejected_prediction_tokens?: number;
    text_tokens?: number;
  }
}
