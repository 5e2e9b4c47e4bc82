import type { Credentials } from '../core/credentials.ts';
import { ConfigError, type ConfigIssue } from '../core/errors/config-error.ts';
import { isJsonObject } from '../core/json.ts';
import type { Vault } from '../core/vault.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import { slugProblem } from './slug.ts';
import { example, readVirtualKey, type VirtualKeyFields } from './virtual-key-fields.ts';

/**
 * The vault behind the option `virtualKeys`: slug to {@link VirtualKeyFields}. Everything is checked here, once; a
 * `ConfigError` lists all that is wrong, at paths such as `virtualKeys["openai-prod"].api_key`.
 */
export function staticVault(virtualKeys: StaticVirtualKeys, providers: ProviderDirectory): Vault {
  const issues: ConfigIssue[] = [];
  const credentials = new Map<string, Credentials>();
  for (const [slug, input] of entriesOf(virtualKeys)) {
    const reading = readEntry(slug, input, providers);
    issues.push(...reading.issues);
    if (reading.credentials !== undefined) credentials.set(slug, reading.credentials);
  }
  if (issues.length > 0) throw new ConfigError(issues, 'Invalid virtual keys');
  return {
    get: (slug) => credentials.get(slug),
    mayLimit: [...credentials.values()].some(({ terms }) => terms !== undefined),
    slugs: () => [...credentials.keys()],
  };
}

/** The option `virtualKeys`. */
export type StaticVirtualKeys = Readonly<Record<string, VirtualKeyFields>>;

function entriesOf(virtualKeys: unknown): [string, unknown][] {
  if (isJsonObject(virtualKeys)) return Object.entries(virtualKeys);
  const message = `must be an object of slugs, such as { "openai-prod": ${example('openai')} }`;
  throw new ConfigError([{ path: 'virtualKeys', message }], 'Invalid virtual keys');
}

function readEntry(slug: string, input: unknown, providers: ProviderDirectory) {
  const path = `virtualKeys[${JSON.stringify(slug)}]`;
  const problem = slugProblem(slug);
  if (problem !== undefined) return { issues: [{ path, message: `The slug ${problem}` }] };
  if (typeof input === 'string') return { issues: [{ path, message: stringRefusal(slug, providers) }] };
  return readVirtualKey(input, path, providers);
}

/** A bare key does not say whose it is. The slug may hint at it, but a hint is no place to send a secret. */
function stringRefusal(slug: string, providers: ProviderDirectory): string {
  const words = slug.split('-');
  const prefixes = words.map((_, index) => words.slice(0, words.length - index).join('-'));
  const provider = prefixes.map((prefix) => providers.find(prefix)?.name).find((name) => name !== undefined);
  return `is a string, which does not say whose key it is. Write ${example(provider ?? 'openai')}`;
}
