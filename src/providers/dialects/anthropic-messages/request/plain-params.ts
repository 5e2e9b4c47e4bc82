import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { hasInk, lookup, omit, pick, stringOr } from '../values.ts';

/**
 * The parameters that need no knowledge of the model: `stop`, `user`, `service_tier`, and all that is Anthropic's own and
 * passes as it is. What Anthropic has no counterpart for is reported. Source: OpenAI API reference, "Create chat
 * completion"; Claude API reference, "Create a Message"; Claude docs, "Service tiers".
 */
export function encodePlainParams(body: JsonObject, scope: CodecScope): JsonObject {
  reportUnsupported(body, scope);
  const names = Object.keys(body).filter((name) => !translated.has(name) && !Object.hasOwn(unsupported, name));
  return {
    ...pick(body, names),
    ...stopSequences(body, scope),
    ...userId(body, scope),
    ...serviceTier(body['service_tier'], scope),
  };
}

/** Headers that Anthropic's own body members stand for, as in its SDKs: `betas`, `user_profile_id`, `workspace_id`. */
export function encodeHeaders(body: JsonObject): Readonly<Record<string, string>> {
  if (!headerMembers.some((name) => body[name] !== undefined)) return noHeaders;
  const betas = [body['betas'], body['anthropic_beta']]
    .flat()
    .filter((beta) => typeof beta === 'string' && hasInk(beta));
  return {
    ...(betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') }),
    ...textHeader('anthropic-user-profile-id', body['user_profile_id']),
    ...textHeader('anthropic-workspace-id', body['workspace_id']),
  };
}

/** `body` without the members that {@link encodeHeaders} turns into headers. */
export function withoutHeaderMembers(body: JsonObject): JsonObject {
  return omit(body, headerMembers);
}

const noHeaders: Readonly<Record<string, string>> = {};

const headerMembers = ['betas', 'anthropic_beta', 'user_profile_id', 'workspace_id'];

/** Translated here or by another module of this folder. */
const translated = new Set([
  ...headerMembers,
  ...['model', 'messages', 'system', 'stream', 'stream_options', 'max_tokens', 'max_completion_tokens'],
  ...['temperature', 'top_p', 'top_k', 'stop', 'stop_sequences', 'n', 'user', 'safety_identifier', 'metadata'],
  ...['tools', 'functions', 'tool_choice', 'function_call', 'parallel_tool_calls', 'web_search_options'],
  ...['thinking', 'reasoning_effort', 'output_config', 'response_format', 'service_tier'],
]);

const noCounterpart = 'Anthropic has no such parameter';

/** Why a parameter is dropped, and the values that ask for nothing. */
const unsupported: Readonly<Record<string, { readonly why: string; readonly neutral?: readonly unknown[] }>> = {
  seed: { why: 'Claude models do not sample from a seed' },
  frequency_penalty: { why: noCounterpart, neutral: [0] },
  presence_penalty: { why: noCounterpart, neutral: [0] },
  logit_bias: { why: noCounterpart },
  logprobs: { why: 'Anthropic returns no log probabilities', neutral: [false] },
  top_logprobs: { why: 'Anthropic returns no log probabilities', neutral: [0] },
  modalities: { why: 'Claude models answer in text only' },
  audio: { why: 'Claude models answer in text only' },
  prediction: { why: noCounterpart },
  store: { why: 'Anthropic does not store replies', neutral: [false] },
  verbosity: { why: noCounterpart, neutral: ['medium'] },
  moderation: { why: noCounterpart },
  prompt_cache_key: { why: 'Anthropic finds a cached prefix by its content' },
  prompt_cache_retention: { why: 'Anthropic sets the lifetime in cache_control of a block' },
  prompt_cache_options: { why: 'Anthropic sets the lifetime in cache_control of a block' },
};

const unsupportedList = Object.entries(unsupported);

function reportUnsupported(body: JsonObject, scope: CodecScope): void {
  if (typeof body['n'] === 'number' && body['n'] > 1) scope.drop('n', 'Anthropic returns one choice');
  for (const [name, { why, neutral }] of unsupportedList) {
    const value = body[name];
    if (value !== undefined && value !== null && !asksForNothing(value, neutral)) scope.drop(name, why);
  }
}

function asksForNothing(value: unknown, neutral: readonly unknown[] = []): boolean {
  if (Array.isArray(value)) return value.every((item) => item === 'text');
  return neutral.includes(value) || (isJsonObject(value) && Object.keys(value).length === 0);
}

function stopSequences(body: JsonObject, scope: CodecScope): JsonObject {
  const given = [body['stop'], body['stop_sequences']].flat().filter((text) => typeof text === 'string');
  const usable = given.filter(hasInk);
  if (usable.length < given.length) scope.drop('stop', 'Anthropic takes no stop sequence of white space only');
  return usable.length === 0 ? {} : { stop_sequences: usable };
}

// OpenAI's metadata is for its own dashboards; only a user ID means something to Anthropic.
function userId(body: JsonObject, scope: CodecScope): JsonObject {
  const metadata = isJsonObject(body['metadata']) ? body['metadata'] : {};
  if (Object.keys(omit(metadata, ['user_id'])).length > 0) {
    scope.drop('metadata', 'Anthropic keeps no metadata but user_id');
  }
  const safetyId = stringOr(body['safety_identifier']);
  const id = stringOr(body['user'], stringOr(body['safety_identifier'], stringOr(metadata['user_id'])));
  if (safetyId !== '' && safetyId !== id) {
    scope.drop('safety_identifier', 'Anthropic takes one user ID, and user beats it');
  }
  return id === '' ? {} : { metadata: { user_id: id } };
}

const serviceTiers: Readonly<Record<string, string>> = {
  auto: 'auto',
  priority: 'auto',
  default: 'standard_only',
  standard_only: 'standard_only',
};

function serviceTier(tier: unknown, scope: CodecScope): JsonObject {
  if (typeof tier !== 'string') return {};
  const ours = lookup(serviceTiers, tier);
  if (ours !== undefined) return { service_tier: ours };
  scope.drop('service_tier', `Anthropic has no tier ${tier}; its tiers are auto and standard_only`);
  return {};
}

function textHeader(name: string, value: unknown): Readonly<Record<string, string>> {
  return typeof value === 'string' ? { [name]: value } : {};
}
