import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Section } from '../foreign/section.ts';

/** Parameters of requests, OpenAI's and providers' own, that LiteLLM hands on. */
const known: ReadonlySet<string> = new Set([
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'n',
  'stop',
  'max_tokens',
  'max_completion_tokens',
  'presence_penalty',
  'frequency_penalty',
  'repetition_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'seed',
  'user',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'response_format',
  'reasoning_effort',
  'reasoning',
  'thinking',
  'verbosity',
  'stream',
  'stream_options',
  'modalities',
  'audio',
  'prediction',
  'service_tier',
  'store',
  'web_search_options',
  'safety_settings',
  'safe_prompt',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'dimensions',
  'encoding_format',
  'input_type',
  'size',
  'quality',
  'style',
  'voice',
  'speed',
  'language',
  'prompt',
  'messages',
  'keep_alive',
  'num_ctx',
  'provider',
  'transforms',
  'route',
  'models',
]);

/** Parameters that every request to a deployment gets unless it brings its own: all that is left of its params. What is not known is handed on all the same, with a warning. */
export function requestParams(params: Section): JsonObject {
  const found: Record<string, unknown> = {};
  const extra = params.any('extra_body');
  if (isJsonObject(extra)) Object.assign(found, extra);
  else if (extra !== undefined) params.refuse('extra_body', 'Must be an object.');
  for (const key of params.unread()) {
    if (!known.has(key)) params.warn(key, 'Not known: handed on with every request, as a parameter of the provider.');
    found[key] = params.any(key);
  }
  return found;
}
