/**
 * What the price list calls our providers. A provider that is not here has no prices in the list: a near name may be another company's,
 * and what a hosted model costs differs from host to host.
 */
const listIds: Readonly<Record<string, string>> = {
  openai: 'openai',
  'azure-openai': 'azure',
  'azure-ai': 'azure',
  anthropic: 'anthropic',
  bedrock: 'aws',
  google: 'google',
  'vertex-ai': 'google',
  cerebras: 'cerebras',
  cohere: 'cohere',
  deepseek: 'deepseek',
  'fireworks-ai': 'fireworks',
  groq: 'groq',
  'mistral-ai': 'mistral',
  moonshot: 'moonshotai',
  'novita-ai': 'novita',
  openrouter: 'openrouter',
  ovhcloud: 'ovhcloud',
  'perplexity-ai': 'perplexity',
  'together-ai': 'together',
  voyage: 'voyageai',
  'workers-ai': 'cloudflare',
  'x-ai': 'x-ai',
  'z-ai': 'zai',
  zhipu: 'zhipuai',
};

/** The price list's ID for one of our providers; undefined when it has none. */
export function listIdOf(provider: string): string | undefined {
  return Object.hasOwn(listIds, provider) ? listIds[provider] : undefined;
}
