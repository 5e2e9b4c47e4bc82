import type { JsonObject } from '../../../core/json.ts';
import type { Config, Cooldown } from '../../config.ts';
import type { Section } from '../foreign/section.ts';
import { deploymentCooldown } from './cooldowns.ts';
import { credentialFields } from './credentials.ts';
import { limitFields, type Rates, readRates } from './limit-fields.ts';
import { readModelId } from './model-id.ts';
import { moneyFields } from './money-fields.ts';
import { requestParams } from './request-params.ts';
import type { Routing } from './routing-strategy.ts';

/** One entry of `model_list`, read. */
export interface Deployment {
  /** Its `model_name`: the group it belongs to. */
  readonly group: string;
  /** Where it stands, for messages. */
  readonly path: string;
  /** `litellm_params.model` as written. */
  readonly model: string;
  readonly target: Config;
  readonly rates: Rates;
  readonly weight: number | undefined;
  /** Of several tiers the lowest is asked first. */
  readonly order: number | undefined;
  readonly retries: number | undefined;
  /** Models to ask in place of its own when the prompt is too long. */
  readonly longer: JsonObject | undefined;
}

/** What holds for every deployment. */
export interface DeploymentScope {
  readonly routing: (group: string) => Routing;
  readonly cooldown: Cooldown | undefined;
  /** Requests in flight where a deployment says nothing of its rates. */
  readonly maxParallel: number | undefined;
  /** `litellm_credential_name` to what it stands for. */
  readonly credentials: ReadonlyMap<string, Section>;
  readonly usesTags: boolean;
}

/** Reads an entry. None where it is left out or cannot be used, several where it names several organizations. */
export function readDeployment(entry: Section, scope: DeploymentScope): readonly Deployment[] {
  const group = entry.line('model_name');
  if (group === undefined || group === '') entry.refuse('model_name', 'Missing: the model that requests ask for.');
  const params = entry.section('litellm_params');
  if (params === undefined && !entry.has('litellm_params'))
    entry.refuse('litellm_params', 'Missing: it says whom to ask, as in {"model": "azure/my-deployment"}.');
  const info = entry.section('model_info');
  if (group === undefined || group === '' || params === undefined) return [];
  const model = params.text('model');
  const id = model === undefined ? undefined : readModelId(model, params.text('custom_llm_provider'));
  if (model === undefined) params.refuse('model', 'Missing: it says whom to ask, as in "azure/my-deployment".');
  else if (id !== undefined && 'problem' in id) params.refuse('model', id.problem);
  if (model === undefined || id === undefined || 'problem' in id) return [];
  const rates = withDefault(readRates(entry, params, info), scope.maxParallel);
  const fixed = {
    group,
    path: entry.path,
    model,
    rates,
    weight: params.number('weight'),
    order: params.number('order', Number.NEGATIVE_INFINITY),
    retries: params.number('num_retries'),
    longer: params.object('context_window_fallback_dict'),
  };
  const target = {
    name: model,
    ...credentialFields(withCredential(params, scope), id),
    ...limitFields(rates, id.provider, scope.routing(group)),
    ...factFields(params, info, scope),
    ...moneyFields(params, info),
    ...reliabilityFields(params, scope),
    override_params: { model: id.model },
  };
  const blocked = info?.boolean('blocked') === true;
  if (blocked) entry.reading.notes.warn(entry.path, 'It is "blocked": the deployment is left out.');
  const organizations = organizationsOf(params);
  warnOf(params, info);
  const defaults = requestParams(params);
  info?.finish(['id', 'max_input_tokens', 'base_model'], 'Facts of LiteLLM’s own: it has no effect here.');
  entry.finish(['model_name', 'litellm_params', 'model_info', 'rpm', 'tpm']);
  if (blocked) return [];
  const whole = Object.keys(defaults).length === 0 ? target : { ...target, default_params: defaults };
  return organizations.map((organization, index) => ({
    ...fixed,
    target: organization === undefined ? whole : inOrganization(whole, organization, index),
  }));
}

function withDefault(rates: Rates, maxParallel: number | undefined): Rates {
  const isSilent = [rates.maxParallel, rates.rpm, rates.tpm].every((rate) => rate === undefined);
  return isSilent && maxParallel !== undefined ? { ...rates, maxParallel } : rates;
}

/** The params with what a named credential brings beside them. */
function withCredential(params: Section, { credentials }: DeploymentScope): Section {
  const name = params.text('litellm_credential_name');
  if (name === undefined) return params;
  const credential = credentials.get(name);
  if (credential === undefined) {
    params.refuse('litellm_credential_name', `There is no credential "${name}" in "credential_list".`);
    return params;
  }
  const pick = (key: string) => (params.has(key) ? params : credential);
  return {
    ...params,
    has: (key) => params.has(key) || credential.has(key),
    text: (key) => pick(key).text(key),
    line: (key) => pick(key).line(key),
    any: (key) => pick(key).any(key),
  };
}

function factFields(params: Section, info: Section | undefined, { usesTags }: DeploymentScope): JsonObject {
  const id = info?.line('id');
  const region = params.text('region_name');
  const input = info?.number('max_input_tokens', 1) ?? info?.number('max_tokens', 1);
  const output = info?.number('max_output_tokens', 1);
  if (!usesTags) params.warn('tags', 'No effect without "enable_tag_filtering".');
  const tags = usesTags ? params.texts('tags') : undefined;
  return {
    ...(id === undefined ? {} : { id }),
    ...(region === undefined ? {} : { region }),
    ...(tags === undefined ? {} : { tags }),
    ...(input === undefined ? {} : { max_input_tokens: input }),
    ...(output === undefined ? {} : { max_output_tokens: output }),
  };
}

function reliabilityFields(params: Section, { cooldown }: DeploymentScope): JsonObject {
  const timeoutKey = params.has('timeout') ? 'timeout' : 'request_timeout';
  if (timeoutKey === 'timeout') params.warn('request_timeout', 'Overruled by "timeout".');
  const timeout = params.number(timeoutKey);
  const streamTimeout = params.number('stream_timeout');
  const sdkRetries = params.number('max_retries');
  const own = deploymentCooldown(params, cooldown);
  const strict = params.boolean('drop_params');
  const dropped = params.texts('additional_drop_params');
  return {
    ...(timeout === undefined ? {} : { request_timeout: timeout * 1000 }),
    ...(streamTimeout === undefined ? {} : { first_token_timeout: streamTimeout * 1000 }),
    ...(sdkRetries === undefined ? {} : { retry: { attempts: Math.min(100, Math.floor(sdkRetries)) } }),
    ...(own === undefined ? {} : { cooldown: own }),
    ...(strict === undefined ? {} : { strict_params: !strict }),
    ...(dropped === undefined || dropped.length === 0 ? {} : { drop_params: dropped }),
  };
}

/** One target for each organization named; undefined where none is. */
function organizationsOf(params: Section): readonly (string | undefined)[] {
  const given = params.any('organization');
  if (given === undefined) return [undefined];
  const list = Array.isArray(given) ? given : [given];
  if (list.length > 0 && list.every((item) => typeof item === 'string')) return list;
  params.refuse('organization', 'Must be the ID of an organization, or a list of them.');
  return [undefined];
}

function inOrganization(target: Config, organization: string, index: number): Config {
  return {
    ...target,
    ...(target.id === undefined || index === 0 ? {} : { id: `${target.id}-${index + 1}` }),
    openai_organization: organization,
  };
}

const withoutCounterpart: Readonly<Record<string, string>> = {
  silent_model: 'Requests are not mirrored.',
  keepalive_seconds: 'Streams send no keep-alive comments.',
  use_in_pass_through: 'Ask a provider’s own paths with "portkey.post(…)".',
  configurable_clientside_auth_params: 'A request cannot bring keys or addresses of its own.',
  use_litellm_proxy: 'Give the proxy’s address as "api_base" of "litellm_proxy/…".',
  tag_regex: 'Tags are compared whole.',
  merge_reasoning_content_in_choices: 'Reasoning stays in a field of its own.',
  allowed_openai_params: 'Parameters of OpenAI are handed on wherever the provider knows them.',
  metadata: 'Requests bring their own metadata.',
  model_info: 'It belongs beside "litellm_params".',
  fallbacks: 'Fallbacks stand in "litellm_settings" or "router_settings".',
  extra_headers: 'Headers of the call are handed on by their names, with "forward_headers".',
  headers: 'Headers of the call are handed on by their names, with "forward_headers".',
  cache: 'The cache stands in "litellm_settings".',
  caching: 'The cache stands in "litellm_settings".',
  guardrails: 'Checks stand in the config: "input_guardrails" and "output_guardrails".',
  azure_username: 'Give an Entra ID token, or a client with its secret.',
  azure_password: 'Give an Entra ID token, or a client with its secret.',
  aws_profile_name: 'Profiles are files, which are not read here. Give access keys.',
  aws_web_identity_token: 'Give access keys and a role.',
  ...Object.fromEntries(
    [
      'hf_model_name',
      'supports_system_message',
      'ensure_alternating_roles',
      'user_continue_message',
      'assistant_continue_message',
      'roles',
      'bos_token',
      'eos_token',
      'final_prompt_value',
      'force_timeout',
      'verbose',
      'logger_fn',
      'cache_key',
      'preset_cache_key',
      'ttl',
      'no-log',
      'fastest_response',
      'model_config',
      'allowed_model_region',
      'retry_policy',
      'retry_strategy',
      'complete_response',
      'prompt_id',
      'prompt_label',
      'prompt_variables',
      'azure_ad_token_provider',
    ].map((key) => [key, 'LiteLLM’s own: it has no effect here.']),
  ),
  input_cost_per_second: 'Prices are per token or per request.',
  output_cost_per_second: 'Prices are per token or per request.',
};

function warnOf(params: Section, info: Section | undefined): void {
  if (params.has('mock_response'))
    params.refuse('mock_response', 'No answer is made up here: the provider would be asked. Use the simulator.');
  for (const [key, message] of Object.entries(withoutCounterpart)) {
    params.warn(key, message);
    if (key.includes('_per_second')) info?.warn(key, message);
  }
}
