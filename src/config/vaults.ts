import { PortkeyError } from '../core/errors/portkey-error.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { VirtualKeyError } from '../core/errors/vault-errors.ts';
import { openOnce } from '../core/open-once.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Vault } from '../core/vault.ts';
import { findProvider, suggestProvider } from '../providers/hosts/index.ts';
import { publicReason } from '../vault/bounded.ts';
import { chainVaults } from '../vault/chain.ts';
import { envVault } from '../vault/env.ts';
import type { ProviderDirectory } from '../vault/provider-directory.ts';
import { resolverVault } from '../vault/resolver.ts';
import { staticVault } from '../vault/static.ts';
import { isWritable, type WritableVault } from '../vault/writable.ts';
import type { PortkeyOptions } from './client-options.ts';
import { withoutBudgets } from './money/client-money.ts';
import type { CanonicalOptions } from './option-names.ts';
import { processEnvironment } from './process-environment.ts';

/** Where a client finds keys. */
export interface ClientVaults {
  /** Virtual keys: `virtualKeys`, then `vault`, then the environment. */
  readonly vault: Vault;
  /** Providers' own environment variables, by provider name. */
  readonly environment: Vault;
  /** The vault of the option, to be changed. Rejects with `InvalidRequestError` where that cannot be. */
  writable(): Promise<WritableVault>;
}

/** The providers as a vault sees them. */
export const providerDirectory: ProviderDirectory = { find: findProvider, suggest: suggestProvider };

/** The vaults that a client's options make. Throws `ConfigError` for virtual keys that cannot be used. */
export function clientVaults({ virtualKeys, vault, environment }: CanonicalOptions, runtime: Runtime): ClientVaults {
  const variables = envVault(environment ?? processEnvironment(), providerDirectory);
  const given = vault === undefined ? undefined : givenVault(vault, runtime);
  return {
    environment: variables,
    vault: chainVaults([
      ...(virtualKeys === undefined ? [] : [staticVault(withoutBudgets(virtualKeys), providerDirectory)]),
      ...(given === undefined ? [] : [given.vault]),
      variables,
    ]),
    writable: given?.writable ?? readOnly,
  };
}

/** A vault, and where it can be changed that. */
interface GivenVault {
  readonly vault: Vault;
  readonly writable?: () => Promise<WritableVault>;
}

async function readOnly(): Promise<never> {
  throw new InvalidRequestError(
    'virtualKeys',
    'The virtual keys of this client are only looked up. To change them here, keep them in a file: vault: { file }.',
  );
}

function givenVault(vault: NonNullable<PortkeyOptions['vault']>, { clock, events }: Runtime): GivenVault {
  if (typeof vault === 'function')
    return { vault: resolverVault(vault, { clock, events, providers: providerDirectory }) };
  if ('file' in vault) return fileVault(vault.file, vault.passphrase, { clock, events });
  return { vault: foreignVault(vault), ...(isWritable(vault) ? { writable: async () => vault } : {}) };
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
    mayLimit: vault.mayLimit === true,
  };
}

/** Opened by the first lookup: a file needs Node, the rest of the entry does not. */
function fileVault(
  path: string,
  passphrase: string | undefined,
  runtime: Pick<Runtime, 'clock' | 'events'>,
): GivenVault {
  const open = async (create: boolean) => {
    const { openVaultFile } = await import('../vault/file.ts');
    return openVaultFile({ path, passphrase, create, providers: providerDirectory, ...runtime });
  };
  const file = openOnce(() => open(false));
  const vault: Vault = {
    get: (slug) => (file.known === undefined ? file.get().then((opened) => opened.get(slug)) : file.known.get(slug)),
    slugs: () => file.known?.slugs() ?? [],
    mayLimit: true,
  };
  // The first key that is made makes the file.
  const writable = () =>
    file.get().catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'not_found') return open(true);
      throw error;
    });
  return { vault, writable };
}
