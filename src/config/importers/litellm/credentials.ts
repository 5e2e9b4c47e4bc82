import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Provider } from '../../../core/provider.ts';
import { findProvider } from '../../../providers/hosts/index.ts';
import type { Environment, Section } from '../foreign/section.ts';
import type { ModelId } from './model-id.ts';

/** Whom a deployment asks, where and with which key, as fields of a target. What LiteLLM takes from the provider's environment variables comes from there too. */
export function credentialFields(params: Section, id: ModelId): JsonObject {
  const provider = findProvider(id.provider);
  const apiKey = keyOf(params, provider);
  const address = addressOf(params, id);
  const version = params.line('api_version');
  const cloud = cloudFields(params);
  const isKeyless = apiKey === undefined && Object.keys(cloud).length === 0 && provider?.needsKey !== false;
  const fields = { ...id.fields, ...cloud, ...versionFields(id.provider, version, params) };
  if (isKeyless && address !== undefined && provider?.dialect.name === 'openai' && !id.provider.startsWith('azure')) {
    // A server of one's own, which asks for no key.
    return { provider: 'openai-compatible', custom_host: address, ...fields };
  }
  if (isKeyless)
    params.reading.notes.warn(
      params.pathOf('api_key'),
      `No key: neither here nor in ${provider?.env.join(' or ') ?? 'the environment'}. ${provider?.title ?? id.provider} will refuse.`,
    );
  return {
    provider: id.provider,
    ...(apiKey === undefined ? {} : { api_key: apiKey }),
    ...(address === undefined ? {} : addressFields(id.provider, address)),
    ...fields,
  };
}

function keyOf(params: Section, provider: Provider | undefined): string | undefined {
  const given = params.text('api_key')?.trim();
  if (given !== undefined && given !== '') return given;
  return firstSet(provider?.env ?? [], params.reading.environment);
}

function firstSet(names: readonly string[], environment: Environment): string | undefined {
  return names.map((name) => environment[name]?.trim()).find((value) => value !== undefined && value !== '');
}

/** LiteLLM's names for an address in the environment. Source: LiteLLM docs, "Providers". */
const addressVariables: Readonly<Record<string, readonly string[]>> = {
  'azure-openai': ['AZURE_API_BASE'],
  'azure-ai': ['AZURE_AI_API_BASE'],
  openai: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'],
  huggingface: ['HUGGINGFACE_API_BASE'],
  vllm: ['HOSTED_VLLM_API_BASE'],
  'lm-studio': ['LM_STUDIO_API_BASE'],
  ollama: ['OLLAMA_API_BASE'],
};

function addressOf(params: Section, { provider, needsAddress }: ModelId): string | undefined {
  const key = params.has('api_base') ? 'api_base' : 'base_url';
  if (key === 'api_base') params.warn('base_url', 'Overruled by "api_base".');
  const given = params.text(key)?.trim();
  if (given !== undefined && given !== '') {
    if (/^https?:\/\/[^\s@]+$/.test(given)) return given;
    params.refuse(key, 'Must be a URL such as "http://localhost:8001/v1", without user name and password.');
    return undefined;
  }
  const found = firstSet(addressVariables[provider] ?? [], params.reading.environment);
  if (found === undefined && needsAddress === true)
    params.refuse('api_base', 'Missing: nobody knows the address of this server.');
  return found;
}

/** Azure's resources have names; other addresses stand in place of the provider's own. */
function addressFields(provider: string, address: string): JsonObject {
  const resource = /^https:\/\/([a-z0-9-]+)\.openai\.azure\.com\/?$/i.exec(address)?.[1];
  if (provider === 'azure-openai' && resource !== undefined) return { azure_resource_name: resource };
  if (provider === 'azure-ai') return { azure_foundry_url: address };
  return { custom_host: address };
}

function versionFields(provider: string, version: string | undefined, params: Section): JsonObject {
  if (version === undefined || version === '') return {};
  if (provider === 'azure-openai') return { azure_api_version: version };
  if (provider === 'azure-ai') return { api_version: version };
  if (provider === 'anthropic') return { anthropic_version: version };
  params.warn('api_version', `No effect with ${provider}.`);
  return {};
}

/** LiteLLM's names of clouds' credentials, and ours. */
const cloudNames: Readonly<Record<string, string>> = {
  aws_access_key_id: 'aws_access_key_id',
  aws_secret_access_key: 'aws_secret_access_key',
  aws_session_token: 'aws_session_token',
  aws_region_name: 'aws_region',
  aws_role_name: 'aws_role_arn',
  aws_session_name: 'aws_role_session_name',
  aws_external_id: 'aws_external_id',
  aws_sts_endpoint: 'aws_sts_endpoint',
  vertex_project: 'vertex_project_id',
  vertex_ai_project: 'vertex_project_id',
  vertex_location: 'vertex_region',
  vertex_ai_location: 'vertex_region',
  azure_ad_token: 'azure_ad_token',
  tenant_id: 'azure_entra_tenant_id',
  client_id: 'azure_entra_client_id',
  client_secret: 'azure_entra_client_secret',
  azure_scope: 'azure_entra_scope',
};

function cloudFields(params: Section): JsonObject {
  const named = Object.entries(cloudNames).flatMap(([theirs, ours]) => {
    const value = params.line(theirs);
    return value === undefined || value === '' ? [] : [[ours, value] as const];
  });
  const endpoint = params.text('aws_bedrock_runtime_endpoint');
  return {
    ...Object.fromEntries(named),
    ...serviceAccount(params),
    ...(endpoint === undefined ? {} : { custom_host: endpoint }),
  };
}

function serviceAccount(params: Section): JsonObject {
  const key = params.has('vertex_credentials') ? 'vertex_credentials' : 'vertex_ai_credentials';
  const given = params.any(key);
  if (given === undefined || given === '') return {};
  if (isJsonObject(given)) return { vertex_service_account_json: given };
  if (typeof given === 'string' && given.trimStart().startsWith('{')) return { vertex_service_account_json: given };
  params.refuse(key, 'Give the JSON of the service account itself: a file is not read here.');
  return {};
}
