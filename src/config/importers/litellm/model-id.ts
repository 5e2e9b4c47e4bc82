import { didYouMean } from '../../../core/did-you-mean.ts';
import { findProvider, providerNames } from '../../../providers/hosts/index.ts';

/** Whom a LiteLLM model name asks, and for what. */
export interface ModelId {
  /** Our name of the provider. */
  readonly provider: string;
  /** The model as that provider calls it; may hold `*`. */
  readonly model: string;
  /** Fields of the target that the name says too: a region. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The provider is any server that speaks OpenAI's format: `api_base` must say where. */
  readonly needsAddress?: boolean;
}

/** Why a name says nobody. */
export interface ModelIdProblem {
  readonly problem: string;
}

/** Reads `provider/model`, or a bare name whose provider is known. `provider`: LiteLLM's `custom_llm_provider`, beats both. */
export function readModelId(name: string, provider?: string): ModelId | ModelIdProblem {
  if (provider !== undefined) {
    const bare = name.startsWith(`${provider}/`) ? name.slice(provider.length + 1) : name;
    return withPrefix(provider, bare) ?? { problem: unknownProvider(provider) };
  }
  const slash = name.indexOf('/');
  const found = slash > 0 ? withPrefix(name.slice(0, slash), name.slice(slash + 1)) : undefined;
  if (found !== undefined) return found;
  const inferred = families.find(({ pattern }) => pattern.test(name))?.provider;
  if (inferred !== undefined) return { provider: inferred, model: name };
  return {
    problem:
      slash > 0
        ? unknownProvider(name.slice(0, slash))
        : `Nobody is known to serve "${name}". Write the provider before it, as in "openai/${name}".`,
  };
}

function unknownProvider(provider: string): string {
  const hint = didYouMean(provider, [...providerNames, ...prefixes.keys()]);
  return `Unknown provider "${provider}".${hint} A server that speaks OpenAI's format is "openai_like/…" with an api_base.`;
}

/** LiteLLM's prefixes that are not names of ours. Source: LiteLLM docs, "Supported Models & Providers". */
const prefixes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'text-completion-openai': 'openai',
    azure_text: 'azure-openai',
    anthropic_text: 'anthropic',
    codestral: 'mistral-ai',
    'text-completion-codestral': 'mistral-ai',
    text_completion_inference_net: 'inference-net',
    litellm_proxy: 'openai-compatible',
    xinference: 'openai-compatible',
    databricks: 'openai-compatible',
    oobabooga: 'openai-compatible',
    docker_model_runner: 'openai-compatible',
    infinity: 'openai-compatible',
    volcengine: 'openai-compatible',
    friendliai: 'openai-compatible',
    baseten: 'openai-compatible',
    aiohttp_openai: 'openai',
  }),
);

function withPrefix(prefix: string, rest: string): ModelId | undefined {
  const provider = prefixes.get(prefix) ?? findProvider(prefix)?.name;
  if (provider === undefined || rest === '') return undefined;
  if (provider === 'openai-compatible') return { provider, model: rest, needsAddress: true };
  return { provider, ...(readers[provider]?.(rest) ?? { model: rest }) };
}

type Rest = Pick<ModelId, 'model' | 'fields'>;

/** What LiteLLM writes between provider and model. */
const readers: Readonly<Record<string, (rest: string) => Rest>> = {
  'azure-openai': (rest) => ({ model: rest.replace(/^(?:o_series|gpt5_series|responses)\//, '') }),
  openai: (rest) => ({ model: rest.replace(/^(?:responses|chat\/completions)\//, '') }),
  bedrock(rest) {
    const model = rest.replace(/^(?:converse|invoke|converse_like)\//, '');
    const [, region, name = ''] = /^([a-z]{2}(?:-[a-z]+)+-\d)\/(.+)$/.exec(model) ?? [];
    return region === undefined ? { model } : { model: name, fields: { aws_region: region } };
  },
  // `huggingface/<inference provider>/<organization>/<model>` is `<organization>/<model>:<inference provider>` on the router.
  huggingface(rest) {
    const [, host, model] = /^([a-z0-9-]+)\/([^/]+\/[^/]+)$/.exec(rest) ?? [];
    return { model: model === undefined ? rest : `${model}:${host}` };
  },
  'fireworks-ai': (rest) => ({ model: /^(?:accounts\/|\*)/.test(rest) ? rest : `accounts/fireworks/models/${rest}` }),
};

/** Bare names. The first that matches counts. */
const families: readonly { readonly pattern: RegExp; readonly provider: string }[] = [
  {
    pattern:
      /^(?:ft:)?(?:gpt-|chatgpt-|o\d|codex-|computer-use|text-embedding-|text-davinci|text-curie|text-babbage|text-ada|davinci|babbage|curie|ada$|dall-e|whisper|tts-|omni-moderation|text-moderation|gpt\d)/,
    provider: 'openai',
  },
  { pattern: /^claude/, provider: 'anthropic' },
  { pattern: /^(?:gemini|gemma|learnlm|text-embedding-00)/, provider: 'google' },
  { pattern: /^(?:command|embed-|c4ai-|rerank-)/, provider: 'cohere' },
  { pattern: /^(?:mistral-|open-mi|codestral|ministral|magistral|pixtral|devstral)/, provider: 'mistral-ai' },
  { pattern: /^deepseek-/, provider: 'deepseek' },
  { pattern: /^grok-/, provider: 'x-ai' },
  { pattern: /^(?:jamba|j2-)/, provider: 'ai21' },
  { pattern: /^sonar/, provider: 'perplexity-ai' },
  {
    pattern: /^(?:(?:us|eu|apac|global)\.)?(?:amazon|anthropic|meta|cohere|mistral|ai21|stability|deepseek)\./,
    provider: 'bedrock',
  },
  { pattern: /^(?:chat-bison|text-bison|code-bison|codechat-bison|text-unicorn)/, provider: 'palm' },
];
