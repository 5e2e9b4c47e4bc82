import { existsSync } from 'node:fs';
import { providerDirectory } from '../../config/vaults.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { findProvider, providerNames } from '../../providers/hosts/index.ts';
import { type Environment, envVault } from '../../vault/env.ts';
import { openVaultFile } from '../../vault/file.ts';
import { maskKey } from '../../vault/vault-entries.ts';
import type { Check } from './check.ts';

const virtualKeyPrefix = 'MODELMUX_VIRTUAL_KEY_';
const passphraseVariable = 'MODELMUX_VAULT_PASSPHRASE';

/** Keys of providers found in the environment, and where; `name` is the provider's. */
export function checkProviderKeys(env: Environment): readonly Check[] {
  const found = providerNames.flatMap((name): readonly Check[] => {
    const variable = keyVariable(name, env);
    if (variable === undefined) return [];
    return [{ area: 'keys', name, status: 'ok', detail: `${maskKey(env[variable] ?? '')} in ${variable}` }];
  });
  if (found.length > 0) return found;
  return [
    {
      area: 'keys',
      name: 'environment',
      status: 'note',
      detail: 'no key of a provider, such as OPENAI_API_KEY, is set: calls need one in their config or request',
    },
  ];
}

/** The variable that holds a provider's key; undefined when none is set. */
export function keyVariable(provider: string, env: Environment): string | undefined {
  return findProvider(provider)?.env.find((variable) => (env[variable] ?? '').trim() !== '');
}

/** Virtual keys in the environment: can they be read? */
export async function checkVirtualKeys(env: Environment): Promise<readonly Check[]> {
  const vault = envVault(env, providerDirectory);
  const slugs = vault.slugs?.() ?? [];
  return Promise.all(
    slugs.map(async (slug): Promise<Check> => {
      const variable = `${virtualKeyPrefix}${slug.toUpperCase().replaceAll('-', '_')}`;
      const about = { area: 'keys', name: `@${slug}` } as const;
      try {
        const found = await vault.get(slug);
        return found === undefined
          ? { ...about, status: 'warning', detail: `${variable} is empty` }
          : { ...about, status: 'ok', detail: `${found.provider} in ${variable}` };
      } catch (error) {
        return { ...about, status: 'failed', detail: messageOf(error) };
      }
    }),
  );
}

/** The vault file, where there is one: can it be opened, and what is in it? */
export async function checkVaultFile(env: Environment): Promise<readonly Check[]> {
  const path = env['MODELMUX_VAULT_FILE'] || 'modelmux.vault';
  const about = { area: 'keys', name: 'vault' } as const;
  if (!existsSync(path)) {
    const isAsked = env['MODELMUX_VAULT_FILE'] !== undefined;
    return isAsked ? [{ ...about, status: 'failed', detail: `${path} does not exist` }] : [];
  }
  const passphrase = env[passphraseVariable];
  if (passphrase === undefined)
    return [{ ...about, status: 'warning', detail: `${path} is there, but ${passphraseVariable} is not set` }];
  try {
    const entries = await (await openVaultFile({ path, passphrase, providers: providerDirectory })).list();
    const told = entries.map(
      ({ slug, provider, key }) => `@${slug} (${provider}${key === undefined ? '' : ` ${key}`})`,
    );
    return [{ ...about, status: told.length > 0 ? 'ok' : 'note', detail: `${path}: ${told.join(', ') || 'empty'}` }];
  } catch (error) {
    return [{ ...about, status: 'failed', detail: messageOf(error) }];
  }
}

function messageOf(error: unknown): string {
  // Nothing was asked of anybody: a status says nothing here.
  if (error instanceof PortkeyError) return error.message.replace(/^\d{3} /, '');
  throw error;
}
