import { PortkeyError } from '../core/errors/portkey-error.ts';
import { VirtualKeyError } from '../core/errors/vault-errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Vault } from '../core/vault.ts';
import { findProvider, suggestProvider } from '../providers/hosts/index.ts';
import { publicReason } from '../vault/bounded.ts';
import { chainVaults } from '../vault/chain.ts';
import { envVault } from '../vault/env.ts';
import type { ProviderDirectory } from '../vault/provider-directory.ts';
import { resolverVault } from '../vault/resolver.ts';
import { staticVault } from '../vault/static.ts';
import type { PortkeyOptions } from './client-options.ts';
import { withoutBudgets } from './money/client-money.ts';
import { openOnce } from './open-once.ts';
import type { CanonicalOptions } from './option-names.ts';
import { processEnvironment } from './process-environment.ts';

/** Where a client finds keys. */
export interface ClientVaults {
  /** Virtual keys: `virtualKeys`, then `vault`, then the environment. */
  readonly vault: Vault;
  /** Providers' own environment variables, by provider name. */
  readonly environment: Vault;
}

/** The providers as a vault sees them. */
export const providerDirectory: ProviderDirectory = { find: findProvider, suggest: suggestProvider };

/** The vaults that a client's options make. Throws `ConfigError` for virtual keys that cannot be used. */
export function clientVaults({ virtualKeys, vault, environment }: CanonicalOptions, runtime: Runtime): ClientVaults {
  const variables = envVault(environment ?? processEnvironment(), providerDirectory);
  return {
    environment: variables,
    vault: chainVaults([
      ...(virtualKeys === undefined ? [] : [staticVault(withoutBudgets(virtualKeys), providerDirectory)]),
      ...(vault === undefined ? [] : [givenVault(vault, runtime)]),
      variables,
    ]),
  };
}

function givenVault(vault: NonNullable<PortkeyOptions['vault']>, { clock, events }: Runtime): Vault {
  if (typeof vault === 'function') return resolverVault(vault, { clock, events, providers: providerDirectory });
  return 'file' in vault ? fileVault(vault.file, vault.passphrase, { clock, events }) : foreignVault(vault);
}

/** What a vault of the user's throws may hold anything: no more of it is told than is safe. */
function foreignVault(vault: Vault): Vault {
  const refuse = (slug: string, error: unknown): never => {
    if (error instanceof PortkeyError) throw error;
    throw new VirtualKeyError(`Virtual key "${slug}": the vault failed: ${publicReason(error)}.`, error);
  };
  return {
    get(slug) {
      try {
        const found = vault.get(slug);
        return found instanceof Promise ? found.catch((error) => refuse(slug, error)) : found;
      } catch (error) {
        return refuse(slug, error);
      }
    },
    slugs: () => vault.slugs?.() ?? [],
  };
}

/** Opened by the first lookup: a file needs Node, the rest of the entry does not. */
function fileVault(path: string, passphrase: string | undefined, runtime: Pick<Runtime, 'clock' | 'events'>): Vault {
  const file = openOnce<Vault>(async () => {
    const { openVaultFile } = await import('../vault/file.ts');
    return openVaultFile({ path, passphrase, providers: providerDirectory, ...runtime });
  });
  return {
    get: (slug) => (file.known === undefined ? file.get().then((vault) => vault.get(slug)) : file.known.get(slug)),
    slugs: () => file.known?.slugs?.() ?? [],
  };
}
