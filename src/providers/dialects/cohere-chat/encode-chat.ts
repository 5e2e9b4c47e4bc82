import { TranslationError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope, WireRequest } from '../../../core/provider.ts';
import { asObject, present } from '../shared/lenient.ts';
import { reportUnknown } from '../shared/report-unknown.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeTools } from './encode-tools.ts';

/** A chat body as a call of `/v2/chat`. A parameter without counterpart is reported. Source: "Chat", Cohere API v2 reference. */
export function encodeChat(body: JsonObject, scope: CodecScope): WireRequest {
  reportUnknown(body, { provider: 'Cohere', known }, scope);
  if (scope.model === '') throw new TranslationError('model', 'Name a model, such as "command-a-03-2025".');
  return {
    path: '/v2/chat',
    body: present({
      model: scope.model,
      messages: encodeMessages(body.messages, scope),
      ...encodeTools(body, scope),
      ...Object.fromEntries(samePlaces.map((field) => [field, body[field]])),
      max_tokens: body.max_completion_tokens ?? body.max_tokens,
      stop_sequences: typeof body.stop === 'string' ? [body.stop] : (body.stop ?? body.stop_sequences),
      p: body.top_p ?? body.p,
      k: body.top_k ?? body.k,
      logprobs: body.logprobs === true ? true : undefined,
      response_format: responseFormat(body.response_format),
      thinking: thinkingOf(body, scope),
      stream: scope.stream ? true : undefined,
    }),
  };
}

/** Fields of the same name and meaning on both sides, and Cohere's own. */
const samePlaces = [
  'temperature',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'documents',
  'citation_options',
  'safety_mode',
  'priority',
  'raw_prompting',
];
const known = new Set([
  ...samePlaces,
  ...['model', 'messages', 'stream', 'stream_options', 'max_tokens', 'max_completion_tokens', 'stop', 'stop_sequences'],
  ...['top_p', 'p', 'top_k', 'k', 'logprobs', 'response_format', 'thinking', 'reasoning_effort'],
  ...['tools', 'tool_choice', 'strict_tools', 'functions'],
]);

function responseFormat(format: unknown): JsonObject | undefined {
  if (format === undefined || format === null) return undefined;
  const { type, json_schema, ...own } = asObject(format);
  if (type === 'text') return undefined;
  if (type === 'json_object') return present({ type, json_schema, ...own });
  if (type !== 'json_schema') {
    throw new TranslationError('response_format.type', 'Cohere takes "text", "json_object" and "json_schema".');
  }
  const { schema } = asObject(json_schema);
  if (schema === undefined) {
    throw new TranslationError('response_format.json_schema.schema', 'Give the JSON schema of the reply.');
  }
  return { type: 'json_object', json_schema: schema };
}

/**
 * `thinking` in Cohere's words or Anthropic's. Cohere takes no effort: any but `none` switches thinking on, and those
 * below `high` are reported. Source: "Reasoning" and "Compatibility API", Cohere docs.
 */
function thinkingOf(body: JsonObject, scope: CodecScope): JsonObject | undefined {
  const { type, budget_tokens, token_budget } = asObject(body.thinking);
  const effort = body.reasoning_effort;
  if (type !== undefined) {
    if (effort !== undefined && effort !== null) scope.drop('reasoning_effort', 'thinking is set as well and wins');
    return present({ type: type === 'adaptive' ? 'enabled' : type, token_budget: token_budget ?? budget_tokens });
  }
  if (effort === undefined || effort === null) return undefined;
  if (effort === 'none') return { type: 'disabled' };
  if (effort !== 'high' && effort !== 'xhigh') {
    scope.drop(
      'reasoning_effort',
      'Cohere knows no efforts: thinking is switched on; give thinking.token_budget to limit it',
    );
  }
  return { type: 'enabled' };
}
