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
  const { provider, targets, model_groups, cache } = node;
  return {
    ...Object.fromEntries(Object.entries(node).filter(([key]) => !credentialFields.includes(key))),
    ...(provider?.startsWith('@') ? { provider: '@' } : {}),
    ...(targets === undefined ? {} : { targets: targets.map(withoutCredentials) }),
    ...(model_groups === undefined ? {} : { model_groups: groupsWithout(model_groups) }),
    ...(cache?.embedding === undefined ? {} : { cache: { ...cache, embedding: withoutCredentials(cache.embedding) } }),
  };
}

function groupsWithout(groups: NonNullable<Config['model_groups']>): NonNullable<Config['model_groups']> {
  return Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, withoutCredentials(group)]));
}
