import { withChildren } from './children.ts';
import { type Config, providerFields } from './config.ts';

/** Names under which a target's credentials stand. */
export const credentialFields: readonly string[] = [
  'api_key',
  'api_keys',
  'virtual_key',
  ...providerFields.filter((field) => /key|token|secret|json/.test(field)),
];

/** The same config, whoever's keys it uses: what is asked, not who asks. */
export function withoutCredentials(node: Config): Config {
  const { provider, cache, ...rest } = withChildren(node, withoutCredentials);
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => !credentialFields.includes(key))),
    ...(provider === undefined ? {} : { provider: provider.startsWith('@') ? '@' : provider }),
    ...(cache === undefined ? {} : { cache: withoutEmbeddingCredentials(cache) }),
  };
}

function withoutEmbeddingCredentials(cache: NonNullable<Config['cache']>): NonNullable<Config['cache']> {
  const { embedding } = cache;
  return embedding === undefined ? cache : { ...cache, embedding: withoutCredentials(embedding) };
}
