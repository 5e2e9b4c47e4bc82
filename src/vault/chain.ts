import type { Vault } from '../core/vault.ts';

/**
 * Several vaults as one: the first that knows a slug answers. When a lookup fails the chain fails, rather than
 * answer with a later vault's key of the same name. Answers at once as long as the vaults asked do.
 */
export function chainVaults(vaults: readonly Vault[]): Vault {
  return {
    get: (slug) => firstKnown(vaults, slug),
    mayLimit: vaults.some(({ mayLimit }) => mayLimit === true),
    slugs: () => [...new Set(vaults.flatMap((vault) => vault.slugs?.() ?? []))],
  };
}

function firstKnown(vaults: readonly Vault[], slug: string): ReturnType<Vault['get']> {
  for (const [index, vault] of vaults.entries()) {
    const found = vault.get(slug);
    if (found instanceof Promise) return found.then((late) => late ?? firstKnown(vaults.slice(index + 1), slug));
    if (found !== undefined) return found;
  }
  return undefined;
}
