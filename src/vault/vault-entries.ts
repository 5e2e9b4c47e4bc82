import * as z from 'zod';
import { Credentials } from '../core/credentials.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors/config-error.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import type { Bytes } from './sealed-box.ts';
import { slugProblem } from './slug.ts';
import { VaultFileError } from './vault-file-error.ts';
import { apiKeyText, readVirtualKey, type VirtualKeyFields } from './virtual-key-fields.ts';

/** The content of a vault file: JSON, UTF-8. Times are ISO 8601 in UTC. */
const content = z.object({
  entries: z.array(
    z.object({
      slug: z.string(),
      provider: z.string(),
      apiKey: z.string().optional(),
      settings: z.record(z.string(), z.unknown()),
      createdAt: z.iso.datetime(),
      rotatedAt: z.iso.datetime().optional(),
    }),
  ),
});

/** One virtual key as a vault file keeps it. Holds the secret in clear: never to be printed. */
export type VaultEntry = z.infer<typeof content>['entries'][number];

/** One virtual key as it may be shown. */
export interface MaskedEntry {
  readonly slug: string;
  readonly provider: string;
  /** `…` and the last four characters of a key longer than 12; `…` for a shorter one; absent when there is none. */
  readonly key?: string;
  /** Names of the provider fields. Their values may be secrets as well. */
  readonly fields: readonly string[];
  readonly createdAt: string;
  readonly rotatedAt?: string;
}

/** Reads the content of a vault file. Undefined when it is none that this version can read. */
export function parseEntries(bytes: Bytes): readonly VaultEntry[] | undefined {
  try {
    return content.parse(JSON.parse(new TextDecoder().decode(bytes))).entries;
  } catch {
    // The error would quote the content.
    return undefined;
  }
}

/** The content of a vault file. */
export function formatEntries(entries: readonly VaultEntry[]): Bytes {
  return new TextEncoder().encode(JSON.stringify({ entries }));
}

/** The entry that keeps `fields` as `slug`. Throws a `ConfigError` that lists all that is wrong with them. */
export function newEntry(
  slug: string,
  fields: VirtualKeyFields,
  createdAt: string,
  providers: ProviderDirectory = anyProvider,
): VaultEntry {
  const { credentials, issues } = readVirtualKey(fields, pathOf(slug), providers);
  if (credentials === undefined) throw new ConfigError(issues, 'Invalid virtual key');
  const { provider, apiKey, settings } = credentials;
  return { slug, provider, ...(apiKey === undefined ? {} : { apiKey }), settings, createdAt };
}

const anyProvider: ProviderDirectory = {
  find: (name) => ({ name, env: [], needsKey: false }),
  suggest: () => undefined,
};

/** `entries` with one more. A slug that is taken is refused: `rotate` replaces a key. */
export function addEntry(entries: readonly VaultEntry[], entry: VaultEntry): readonly VaultEntry[] {
  const problem = slugProblem(entry.slug);
  if (problem !== undefined) throw new VaultFileError('invalid', `The slug ${problem}.`);
  if (entries.some(({ slug }) => slug === entry.slug)) {
    throw new VaultFileError('slug_exists', `Virtual key "${entry.slug}" exists. Rotate it, or remove it first.`);
  }
  return [...entries, entry];
}

/** `entries` with a new key for `slug`; its provider fields stay. */
export function rotateEntry(
  entries: readonly VaultEntry[],
  slug: string,
  apiKey: string,
  rotatedAt: string,
): readonly VaultEntry[] {
  const entry = entryOf(entries, slug);
  const checked = apiKeyText.safeParse(apiKey);
  if (!checked.success) {
    throw new ConfigError(
      checked.error.issues.map(({ message }) => ({ path: `${pathOf(slug)}.api_key`, message })),
      'Invalid virtual key',
    );
  }
  if (entry.apiKey === undefined) {
    const fields = Object.keys(entry.settings).join(', ');
    throw new VaultFileError(
      'invalid',
      `Virtual key "${slug}" holds no API key, only ${fields || 'a provider'}. Remove it and add it anew.`,
    );
  }
  return entries.map((other) => (other === entry ? { ...entry, apiKey, rotatedAt } : other));
}

/** `entries` without `slug`. */
export function removeEntry(entries: readonly VaultEntry[], slug: string): readonly VaultEntry[] {
  const entry = entryOf(entries, slug);
  return entries.filter((other) => other !== entry);
}

/** What may be shown of a key: its end, if it is long. */
export function maskKey(apiKey: string): string {
  return apiKey.length > 12 ? `…${apiKey.slice(-4)}` : '…';
}

/** What may be shown of `entry`. */
export function maskEntry({ slug, provider, apiKey, settings, createdAt, rotatedAt }: VaultEntry): MaskedEntry {
  return {
    slug,
    provider,
    ...(apiKey === undefined ? {} : { key: maskKey(apiKey) }),
    fields: Object.keys(settings),
    createdAt,
    ...(rotatedAt === undefined ? {} : { rotatedAt }),
  };
}

/** `entry` as what the rest of the library uses. */
export function credentialsOf({ provider, apiKey, settings }: VaultEntry): Credentials {
  return new Credentials({ provider, apiKey, settings });
}

function entryOf(entries: readonly VaultEntry[], slug: string): VaultEntry {
  const entry = entries.find((other) => other.slug === slug);
  if (entry !== undefined) return entry;
  const slugs = entries.map((other) => other.slug);
  throw new VaultFileError('slug_unknown', `There is no virtual key "${slug}".${didYouMean(slug, slugs)}`);
}

function pathOf(slug: string): string {
  return `virtualKeys[${JSON.stringify(slug)}]`;
}
