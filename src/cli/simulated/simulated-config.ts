import { childrenOf, withChildren } from '../../config/children.ts';
import { type Config, providerFields } from '../../config/config.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';

/**
 * A config whose targets all ask simulated providers, with the same tree, weights, limits and models. Keys go; a virtual key, which
 * is not looked up, is simulated as OpenAI. `baseUrl` gives a simulated provider's address.
 */
export function simulatedConfig(config: Config, baseUrl: (provider: string) => string): Config {
  const { custom_host: _host, ...node } = config;
  const rest = { ...node, ...plainModels(node) };
  if (childrenOf(node).length > 0) return withChildren(rest, (child) => simulatedConfig(child, baseUrl));
  const given = node.provider;
  const provider = given === undefined || given.startsWith('@') ? 'openai' : given;
  const secretless = Object.entries(rest).filter(([key]) => !credentials.has(key));
  return {
    ...Object.fromEntries(secretless),
    provider,
    api_key: 'simulated',
    custom_host: baseUrl(provider),
    ...(needed[provider] ?? {}),
  };
}

const credentials: ReadonlySet<string> = new Set(['virtual_key', 'api_key', 'api_keys', ...providerFields]);

/** What these cannot be addressed or signed without. */
const needed: Readonly<Record<string, JsonObject>> = {
  'azure-openai': { resource_name: 'simulated', deployment_id: 'simulated' },
  bedrock: { aws_access_key_id: 'simulated', aws_secret_access_key: 'simulated', aws_region: 'us-east-1' },
  'vertex-ai': { vertex_project_id: 'simulated', vertex_region: 'us-central1' },
};

/** `@slug/model` would ask a virtual key. */
function plainModels({ override_params, default_params }: Config): Pick<Config, 'override_params' | 'default_params'> {
  return {
    ...(override_params === undefined ? {} : { override_params: plainModel(override_params) }),
    ...(default_params === undefined ? {} : { default_params: plainModel(default_params) }),
  };
}

function plainModel(params: JsonObject): JsonObject {
  const { model } = isJsonObject(params) ? params : {};
  return typeof model === 'string' ? { ...params, model: model.replace(/^@[^/]+\//, '') } : params;
}
