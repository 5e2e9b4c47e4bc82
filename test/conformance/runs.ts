import { endpointsOf } from '../../src/core/dialect-parts.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Provider } from '../../src/core/provider.ts';
import { providers } from '../../src/providers/hosts/index.ts';

/** One run of the suite: a provider, or one of the ways to ask it. */
export interface Run {
  readonly provider: Provider;
  /** The provider's name, followed by the way where there are several. */
  readonly title: string;
  readonly model: string;
  /** The target's fields beside provider, key and address. */
  readonly fields: JsonObject;
  /** Variables the client finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whose words are on the wire. */
  readonly format: FormatName;
  /** The wire bears no IDs of tool calls: results are paired by their order. */
  readonly pairsByOrder: boolean;
  /** Reasoning before a tool call is signed, and the signature must come back. */
  readonly signs: boolean;
  /** Whose errors come back. */
  readonly failureFormat: FailureFormatName;
  /** The model asked for embeddings; undefined where the simulator cannot answer them. */
  readonly embeddingModel: string | undefined;
  /** The provider's reply to these texts, where the simulator does not speak its format. */
  readonly embeddingReply: ((texts: readonly string[]) => JsonObject) | undefined;
}

/** Wire formats, as far as requests, finish reasons and errors differ. */
export type FormatName = 'openai' | 'azure' | 'anthropic' | 'gemini' | 'bedrock' | 'cohere';

/** Formats of errors: Vertex AI answers in Google's words, for Claude in Anthropic's but where the key is wrong. */
export type FailureFormatName = FormatName | 'vertex' | 'vertex-claude';

/** Files `<family>.test.ts` of this folder, and which providers each runs. */
export const families = [
  'openai-compatible-a-to-h',
  'openai-compatible-i-to-o',
  'openai-compatible-p-to-z',
  'azure',
  'anthropic',
  'google',
  'bedrock',
  'cohere',
  'embeddings-only',
  'retired',
] as const;

/** One of {@link families}. */
export type Family = (typeof families)[number];

/** The runs of one family, in the registry's order. */
export function runsOf(family: Family): readonly Run[] {
  return providers.filter((provider) => familyOf(provider) === family).flatMap(runsOfProvider);
}

/** The family of a provider; undefined for one of a wire format that no family speaks. */
export function familyOf(provider: Provider): Family | undefined {
  if (provider.retired !== undefined) return 'retired';
  if (!serves(provider, 'chat/completions')) return serves(provider, 'embeddings') ? 'embeddings-only' : undefined;
  if (provider.name.startsWith('azure-')) return 'azure';
  if (provider.dialect.name === 'openai') return byInitial(provider.name);
  return familyOfDialect[provider.dialect.name];
}

/** Does `provider` serve `endpoint` in a wire format of its own? */
export function serves({ endpoints, dialect }: Provider, endpoint: Endpoint): boolean {
  return endpointsOf(dialect).includes(endpoint) && (endpoints?.includes(endpoint) ?? true);
}

const familyOfDialect: Readonly<Record<string, Family>> = {
  'anthropic-messages': 'anthropic',
  gemini: 'google',
  'vertex-ai': 'google',
  'bedrock-converse': 'bedrock',
  'cohere-chat': 'cohere',
};

function byInitial(name: string): Family {
  if (name < 'i') return 'openai-compatible-a-to-h';
  return name < 'p' ? 'openai-compatible-i-to-o' : 'openai-compatible-p-to-z';
}

/** How this way differs from the provider's others, and what differs from the usual run. */
type Way = { readonly by?: string } & Partial<Omit<Run, 'provider' | 'title'>>;

const vertex = { vertex_project_id: 'project-1', vertex_region: 'us-central1' };
const accessKeys = { aws_access_key_id: 'AKIAEXAMPLE', aws_secret_access_key: 'secret-1', aws_auth_type: 'accessKey' };

/** Providers that need more than a key, or are asked in several ways. */
export const ways: Readonly<Record<string, readonly Way[]>> = {
  'azure-openai': [
    { by: 'deployment', fields: { resource_name: 'resource-1', deployment_id: 'deployment-1' } },
    { by: 'v1', fields: { resource_name: 'resource-1', api_version: 'v1', deployment_id: 'deployment-1' } },
  ],
  anthropic: [
    { by: 'Claude Sonnet 4.5', model: 'claude-sonnet-4-5' },
    { by: 'Claude 3.5 Haiku', model: 'claude-3-5-haiku-latest' },
  ],
  google: [
    { by: 'Gemini 2.5', model: 'gemini-2.5-flash', embeddingModel: 'gemini-embedding-001' },
    { by: 'Gemini 3', model: 'gemini-3-pro-preview' },
  ],
  'vertex-ai': [
    {
      by: 'Gemini',
      model: 'gemini-2.5-flash',
      fields: vertex,
      failureFormat: 'vertex',
      pairsByOrder: true,
      embeddingModel: 'gemini-embedding-001',
    },
    {
      by: 'Claude',
      model: 'claude-sonnet-4-5@20250929',
      fields: vertex,
      format: 'anthropic',
      failureFormat: 'vertex-claude',
    },
    {
      by: 'Llama',
      model: 'meta/llama-3.3-70b-instruct-maas',
      fields: vertex,
      format: 'openai',
      failureFormat: 'vertex',
    },
  ],
  bedrock: [
    { by: 'Claude', model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', fields: { aws_region: 'us-east-1' } },
    { by: 'Nova', model: 'amazon.nova-pro-v1:0', fields: { aws_region: 'us-east-1', ...accessKeys }, signs: false },
  ],
  cohere: [{ model: 'command-a-03-2025', embeddingModel: 'embed-v4.0' }],
  // Source: Nomic Atlas API reference, "Embed text".
  nomic: [{ embeddingReply: (texts) => ({ embeddings: texts.map((text) => [text.length, text.charCodeAt(0)]) }) }],
  'workers-ai': [{ fields: { workers_ai_account_id: 'account-1' } }],
  predibase: [{ model: 'deployment-1:adapter-1/2', environment: { PREDIBASE_TENANT_ID: 'tenant-1' } }],
};

const formatOfFamily: Readonly<Partial<Record<Family, FormatName>>> = {
  azure: 'azure',
  anthropic: 'anthropic',
  google: 'gemini',
  bedrock: 'bedrock',
  cohere: 'cohere',
};

function runsOfProvider(provider: Provider): readonly Run[] {
  const family = familyOf(provider);
  const usual = (family === undefined ? undefined : formatOfFamily[family]) ?? 'openai';
  return (ways[provider.name] ?? [{}]).map(({ by, ...way }) => {
    // Azure AI Foundry's models answer in OpenAI's words, without Azure OpenAI's gateway in front.
    const format = way.format ?? (provider.name === 'azure-ai' ? 'openai' : usual);
    const embeds = ['openai', 'azure'].includes(usual) && serves(provider, 'embeddings');
    return {
      provider,
      title: by === undefined ? provider.name : `${provider.name} (${by})`,
      model: 'model-1',
      fields: {},
      environment: {},
      failureFormat: format,
      pairsByOrder: false,
      signs: ['anthropic', 'gemini', 'bedrock'].includes(format),
      embeddingModel: embeds ? 'model-1' : undefined,
      embeddingReply: undefined,
      ...way,
      format,
    };
  });
}
