import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { compact, lookup, numberIn, omit, pick } from '../../anthropic-messages/values.ts';
import { type BridgeScope, cacheMark, reportingOnce } from './bridge-scope.ts';
import { toChatMessages } from './chat-messages.ts';
import { toChatTools } from './chat-tools.ts';

/**
 * A body of Anthropic's Messages API as an OpenAI chat body. What OpenAI's shape has no place for is reported. Source:
 * Claude API reference, "Create a Message"; OpenAI API reference, "Create chat completion".
 */
export function toChatBody(body: JsonObject, bridge: BridgeScope): JsonObject {
  const { keepsExtras } = bridge;
  const scope = reportingOnce(bridge.scope);
  const once: BridgeScope = { scope, keepsExtras };
  reportOthers(body, once);
  return compact({
    ...pick(body, ['model', 'temperature', 'top_p', ...(keepsExtras ? keptParams : [])]),
    messages: toChatMessages(body, once),
    max_completion_tokens: numberIn(body['max_tokens']),
    stop: nonEmpty(body['stop_sequences']),
    ...toChatTools(body, once),
    response_format: responseFormat(body['output_config']),
    reasoning_effort: reasoningEffort(body, once),
    user: isJsonObject(body['metadata']) ? (body['metadata']['user_id'] ?? undefined) : undefined,
    service_tier: lookup(serviceTiers, body['service_tier']),
    ...(scope.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...cacheMark(body, once),
  });
}

/** Anthropic's parameters that other dialects of ours understand in a chat body. */
const keptParams = ['top_k', 'thinking'];

const serviceTiers: Readonly<Record<string, string>> = { auto: 'auto', standard_only: 'default' };

const translated = [
  ...['model', 'messages', 'system', 'max_tokens', 'temperature', 'top_p', 'stop_sequences', 'stream', 'cache_control'],
  ...['tools', 'tool_choice', 'output_config', 'thinking', 'metadata', 'service_tier'],
];

function reportOthers(body: JsonObject, { scope, keepsExtras }: BridgeScope): void {
  const others = omit(body, keepsExtras ? [...translated, ...keptParams] : translated);
  for (const name of Object.keys(pick(others, Object.keys(others)))) {
    scope.drop(name, 'Only Anthropic’s own API has such a parameter');
  }
}

function nonEmpty(list: unknown): unknown {
  return Array.isArray(list) && list.length > 0 ? list : undefined;
}

function responseFormat(config: unknown): JsonObject | undefined {
  const format = isJsonObject(config) ? config['format'] : undefined;
  if (!isJsonObject(format) || !isJsonObject(format['schema'])) return undefined;
  return { type: 'json_schema', json_schema: { name: 'response', schema: format['schema'], strict: true } };
}

// The reverse of the budgets that stand for an effort with Claude models; a budget between two counts as the lower.
const effortOfBudget = [
  { budget: 16_384, effort: 'high' },
  { budget: 8192, effort: 'medium' },
  { budget: 0, effort: 'low' },
] as const;

function reasoningEffort(body: JsonObject, { scope, keepsExtras }: BridgeScope): string | undefined {
  const { output_config: config, thinking } = body;
  if (isJsonObject(config) && typeof config['effort'] === 'string') return config['effort'];
  if (!isJsonObject(thinking) || keepsExtras) return undefined;
  const budget = numberIn(thinking['budget_tokens']);
  if (thinking['type'] === 'enabled' && budget !== undefined) {
    return effortOfBudget.find((step) => budget >= step.budget)?.effort;
  }
  // Adaptive thinking is what models that reason do unasked.
  if (thinking['type'] !== 'adaptive')
    scope.drop('thinking', 'Whether the provider’s model reasons is up to the model');
  return undefined;
}
