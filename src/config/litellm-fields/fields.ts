import type { ErrorKind } from '../../core/errors/kind.ts';
import { isJsonObject } from '../../core/json.ts';
import type { FallbackMap, FallbackStep } from '../../core/model-groups.ts';
import { toFallbackMap } from '../../routing/strategies/index.ts';
import { type Draft, FieldProblem, type ReadField } from './draft.ts';
import { readFallbacks } from './fallback-lists.ts';
import { toBoolean, toCount, toMilliseconds, toText, toTexts } from './values.ts';

const mostTries = 100;

/** The body fields that LiteLLM reads, and what each changes for the single request. Source: LiteLLM docs, "Reliability", "Caching", "Proxy". */
export const fields: ReadonlyMap<string, ReadField> = new Map<string, ReadField>([
  ['fallbacks', readGeneral],
  ['context_window_fallbacks', typed('contextWindow')],
  ['content_policy_fallbacks', typed('contentPolicy')],
  ['disable_fallbacks', (value, { call }) => set(call, 'disableFallbacks', toBoolean(value))],
  ['max_fallbacks', (value, { groups }) => set(groups, 'maxFallbacks', toCount(value, mostTries))],
  ['num_retries', (value, { call }) => set(call, 'retries', toCount(value, mostTries))],
  ['timeout', (value, { call }) => set(call, 'totalTimeoutMs', toMilliseconds(value))],
  ['request_timeout', (value, { call }) => set(call, 'requestTimeoutMs', toMilliseconds(value))],
  ['stream_timeout', (value, { call }) => set(call, 'firstTokenTimeoutMs', toMilliseconds(value))],
  ['priority', (value, { call }) => set(call, 'priority', toPriority(value))],
  ['tags', (value, { call }) => set(call, 'tags', toTexts(value))],
  ['drop_params', (value, { call }) => set(call, 'strictParams', !toBoolean(value))],
  ['cache', readCache],
  ['caching', (value, { call }) => set(call, 'cacheSkip', !toBoolean(value))],
  ['litellm_metadata', readMetadata],
  ['litellm_call_id', (value, { metadata }) => set(metadata, 'litellm_call_id', toText(value))],
  ['litellm_session_id', (value, { metadata }) => set(metadata, 'litellm_session_id', toText(value))],
  ['litellm_trace_id', (value, { metadata }) => set(metadata, 'litellm_trace_id', toText(value))],
  ['mock_testing_fallbacks', failing('server')],
  ['mock_testing_context_fallbacks', failing('context_window')],
  ['mock_testing_context_window_fallbacks', failing('context_window')],
  ['mock_testing_content_policy_fallbacks', failing('content_policy')],
  ['mock_testing_rate_limit_error', failing('rate_limit')],
  ...Object.entries({
    api_base: 'A request cannot choose the address that a key is sent to.',
    base_url: 'A request cannot choose the address that a key is sent to.',
    api_key: 'A request cannot bring a key of its own. Use virtual keys.',
    api_version: 'A request cannot choose the version of a target’s API.',
    custom_llm_provider: 'The model’s group says whom to ask.',
    model_list: 'A request cannot bring deployments of its own.',
    specific_deployment: 'Give a deployment a group of its own instead.',
    guardrails: 'Checks stand in the config: "input_guardrails" and "output_guardrails".',
    mock_response: 'No answer is made up here. Use the simulator for tests.',
    mock_timeout: 'No answer is made up here. Use the simulator for tests.',
    mock_tool_calls: 'No answer is made up here. Use the simulator for tests.',
  }).map(([field, why]): [string, ReadField] => [field, refuse(why)]),
]);

/** `metadata` where the endpoint has none of its own. */
export function readMetadata(value: unknown, { metadata, call }: Draft): void {
  if (!isJsonObject(value)) throw new FieldProblem('Must be an object such as {"user_id": "u-1"}.');
  for (const [name, item] of Object.entries(value)) {
    if (name === 'tags' && Array.isArray(item)) call.tags ??= toTexts(item);
    if (item !== undefined) metadata[name] = typeof item === 'string' ? item : (JSON.stringify(item) ?? String(item));
  }
}

function set<Fields, Key extends keyof Fields>(fields: Fields, key: Key, value: Fields[Key]): void {
  fields[key] = value;
}

function toPriority(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new FieldProblem('Must be a number; lower is more urgent.');
}

function refuse(why: string): ReadField {
  return () => {
    throw new FieldProblem(`Not taken from a request. ${why}`);
  };
}

function failing(kind: ErrorKind): ReadField {
  return (value, { groups }) => {
    if (toBoolean(value)) groups.failWith = kind;
  };
}

function readGeneral(value: unknown, draft: Draft): void {
  const { own, map } = readChecked(value, draft);
  if (own.length > 0) draft.groups.own = own;
  if (map.size > 0) draft.groups.general = map;
}

/** A plain list is meant for the model that the request names. */
function typed(cause: 'contextWindow' | 'contentPolicy'): ReadField {
  return (value, draft) => {
    const { own, map } = readChecked(value, draft);
    const joined = own.length === 0 ? map : new Map([...map, [draft.model, own] as const]);
    if (joined.size > 0) draft.groups[cause] = joined;
  };
}

function readChecked(
  value: unknown,
  { resolve }: Draft,
): { readonly own: readonly FallbackStep[]; readonly map: FallbackMap } {
  if (resolve === undefined) throw new FieldProblem('This config has no model groups to fall back to.');
  const { own, map, problems } = readFallbacks(value, (model) =>
    resolve(model) === undefined ? `There is no model ${JSON.stringify(model.slice(0, 200))} here.` : undefined,
  );
  const [problem] = problems;
  if (problem !== undefined) throw new FieldProblem(problem.message, problem.path);
  const misplaced = [...own, ...[...map.values()].flat()]
    .flatMap(({ params = {} }) => Object.keys(params))
    .find((name) => name === 'metadata' || fields.has(name));
  if (misplaced !== undefined)
    throw new FieldProblem(`"${misplaced}" holds for the whole request, not for one fallback.`);
  return { own, map: toFallbackMap(map, resolve) };
}

const cacheControls: Readonly<Record<string, ReadField>> = {
  ttl: (value, { call }) => set(call, 'cacheKeepMs', toMilliseconds(value)),
  's-maxage': (value, { call }) => set(call, 'cacheMaxAgeMs', toMilliseconds(value)),
  's-max-age': (value, { call }) => set(call, 'cacheMaxAgeMs', toMilliseconds(value)),
  'no-cache': (value, { call }) => set(call, 'cacheForceRefresh', toBoolean(value)),
  'no-store': (value, { call }) => set(call, 'cacheNoStore', toBoolean(value)),
  'use-cache': (value, { call }) => set(call, 'cacheSkip', !toBoolean(value)),
  namespace: (value, { call }) => set(call, 'cacheNamespace', toText(value)),
};

function readCache(value: unknown, draft: Draft): void {
  if (!isJsonObject(value)) throw new FieldProblem('Must be an object such as {"ttl": 60, "no-cache": true}.');
  for (const [name, item] of Object.entries(value)) {
    const read = Object.hasOwn(cacheControls, name) ? cacheControls[name] : undefined;
    if (read === undefined)
      throw new FieldProblem(`Valid are ${Object.keys(cacheControls).join(', ')}.`, `[${JSON.stringify(name)}]`);
    if (item === null || item === undefined) continue;
    try {
      read(item, draft);
    } catch (error) {
      throw error instanceof FieldProblem ? new FieldProblem(error.message, `[${JSON.stringify(name)}]`) : error;
    }
  }
}
