import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { asList, asObject, present } from '../../shared/lenient.ts';
import { nativeField, snakeCase } from '../native-fields.ts';
import type { Encoding } from './encoding.ts';

const passed = [
  'guardrailConfig',
  'performanceConfig',
  'promptVariables',
  'additionalModelResponseFieldPaths',
] as const;

/**
 * Converse's own fields, in camelCase or snake_case, as they are; OpenAI's `metadata` as `requestMetadata`, its
 * `service_tier` as `serviceTier`. Source: Bedrock API reference, "Converse".
 */
export function nativeFields(body: JsonObject, scope: CodecScope): JsonObject {
  const metadata = { ...asObject(body.metadata), ...asObject(nativeField(body, 'requestMetadata')) };
  return present({
    ...Object.fromEntries(passed.map((name) => [name, nativeField(body, name)])),
    requestMetadata: Object.keys(metadata).length > 0 ? metadata : undefined,
    serviceTier: serviceTier(body, scope),
  });
}

/** Fields that only some models know, for `additionalModelRequestFields`; the caller's own come last and win. */
export function modelFields(body: JsonObject, { traits, scope }: Encoding): JsonObject {
  const betas =
    typeof body.anthropic_beta === 'string' ? body.anthropic_beta.split(/\s*,\s*/) : asList(body.anthropic_beta);
  const isClaude = traits.claude !== undefined;
  if (body.user != null && !isClaude) scope.drop('user', 'This model takes no user on Bedrock');
  return present({
    anthropic_beta: betas.length > 0 ? betas : undefined,
    anthropic_version: body.anthropic_version,
    metadata: isClaude && typeof body.user === 'string' ? { user_id: body.user } : undefined,
    ...asObject(nativeField(body, 'additionalModelRequestFields')),
  });
}

function serviceTier(body: JsonObject, scope: CodecScope): JsonObject | undefined {
  const native = body.serviceTier;
  if (isJsonObject(native)) return native;
  const tier = body.service_tier ?? 'auto';
  if (tier === 'auto') return undefined;
  if (tier === 'default' || tier === 'flex' || tier === 'priority' || tier === 'reserved') return { type: tier };
  scope.drop('service_tier', 'Bedrock has the tiers default, flex, priority and reserved');
  return undefined;
}

const converseParams = [...passed, 'requestMetadata', 'additionalModelRequestFields', 'outputConfig', 'serviceTier'];

/** Every parameter that Converse, or the model behind it, has a place for. */
export const honoured: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'stream', 'stream_options', 'metadata', 'user', 'service_tier'],
  ...['max_tokens', 'max_completion_tokens', 'temperature', 'top_p', 'top_k', 'stop'],
  ...['tools', 'tool_choice', 'parallel_tool_calls', 'response_format', 'reasoning_effort'],
  ...['thinking', 'anthropic_beta', 'anthropic_version'],
  ...converseParams.flatMap((name) => [name, snakeCase(name)]),
]);
