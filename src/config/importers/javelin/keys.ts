import type { Section } from '../foreign/section.ts';

/** Keys of providers, as Javelin keeps them: several of one provider carry its load together. */
export interface Keys {
  /** The keys for a model of `provider`: that of the secret it names, else all of the provider's; none where the environment has to say. */
  of(provider: string, secret: string | undefined): readonly string[];
  /** Is there a secret of this name? */
  has(secret: string): boolean;
  /** Where keys stand that no model has asked for. */
  unused(): readonly string[];
}

interface Secret {
  readonly path: string;
  readonly provider: string;
  readonly names: readonly string[];
  readonly key: string;
}

const notes: Readonly<Record<string, string>> = {
  header_key: 'A key goes where its provider wants it.',
  query_param_key: 'A key goes where its provider wants it.',
  api_key_secret_key_javelin: 'Virtual keys are the client’s: "virtualKeys".',
};

/** Reads `secrets`, and the `api_keys` of `providers`. */
export function readKeys(root: Section, providers: readonly Section[]): Keys {
  const secrets: Secret[] = root.sections('secrets').flatMap((section) => {
    const provider = section.text('provider_name');
    const key = section.text('api_key_secret_key');
    const names = [section.text('api_key_secret_name'), section.text('api_key'), section.text('group')];
    const isOff = section.boolean('enabled') === false;
    if (isOff) section.reading.notes.warn(section.path, 'It is not enabled: left out.');
    for (const [name, message] of Object.entries(notes)) section.warn(name, message);
    section.finish(['provider_name', 'api_key_secret_key', 'api_key_secret_name', 'group', 'enabled']);
    if (provider === undefined || provider === '') section.refuse('provider_name', 'Missing: whose key it is.');
    if (key === undefined || key === '') section.refuse('api_key_secret_key', 'Missing: the key itself.');
    if (isOff || provider === undefined || key === undefined) return [];
    return [{ provider, key, path: section.path, names: names.filter((name) => name !== undefined) }];
  });
  const ofProviders: Secret[] = providers.flatMap((section) => {
    const provider = section.text('name') ?? '';
    return (section.texts('api_keys') ?? []).map((key) => ({
      provider,
      key,
      path: section.pathOf('api_keys'),
      names: [],
    }));
  });
  const all = [...secrets, ...ofProviders].filter(({ key }) => key !== '');
  const used = new Set<Secret>();
  return {
    unused: () => all.filter((secret) => !used.has(secret)).map(({ path }) => path),
    has: (secret) => all.some(({ names }) => names.includes(secret)),
    of(provider, secret) {
      const own = all.filter((each) => each.provider === provider);
      const named = secret === undefined ? own : own.filter(({ names }) => names.includes(secret));
      for (const each of named) used.add(each);
      return [...new Set(named.map(({ key }) => key))];
    },
  };
}
