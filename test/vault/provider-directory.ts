import { closest } from '../../src/core/did-you-mean.ts';
import type { ProviderDirectory, ProviderFacts } from '../../src/vault/provider-directory.ts';

const providers: readonly (ProviderFacts & { readonly aliases?: readonly string[] })[] = [
  {
    name: 'openai',
    env: ['OPENAI_API_KEY', 'OPENAI_KEY'],
    envSettings: { organization: ['OPENAI_ORG_ID', 'OPENAI_ORGANIZATION'] },
    fieldPrefix: 'openai',
  },
  { name: 'azure-openai', aliases: ['azure'], env: ['AZURE_OPENAI_API_KEY'], fieldPrefix: 'azure' },
  {
    name: 'bedrock',
    env: [],
    envSettings: {
      accessKeyId: ['AWS_ACCESS_KEY_ID'],
      secretAccessKey: ['AWS_SECRET_ACCESS_KEY'],
      region: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    },
    fieldPrefix: 'aws',
  },
  { name: 'ollama', env: [], needsKey: false },
  { name: 'anyscale', env: ['ANYSCALE_API_KEY'], retired: 'Anyscale Endpoints was shut down. Use another provider' },
];

/** A directory of five providers that shows every case a vault must handle. */
export const directory: ProviderDirectory = {
  find: (name) => providers.find((provider) => provider.name === name || provider.aliases?.includes(name)),
  suggest: (name) =>
    closest(
      name,
      providers.map((provider) => provider.name),
    ),
};
