import * as z from 'zod/mini';
import { Credentials } from '../core/credentials.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError, type ConfigIssue } from '../core/errors/config-error.ts';
import { readShape } from '../core/read-shape.ts';
import { readTerms, toTerms, type WrittenTerms, writtenTerms } from './key-terms.ts';
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
      apiKey: z.optional(z.string()),
      settings: z.record(z.string(), z.unknown()),
      createdAt: z.iso.datetime(),
      rotatedAt: z.optional(z.iso.datetime()),
      name: z.optional(z.string()),
      note: z.optional(z.string()),
      terms: z.optional(writtenTerms),
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
  /** For people; absent where it is the slug. */
  readonly name?: string;
  readonly note?: string;
  /** What it may be used for; absent: anything. */
  readonly terms?: WrittenTerms;
}

/** What may be said of a virtual key for people. */
export interface KeyLabels {
  readonly name?: string | null | undefined;
  readonly note?: string | null | undefined;
}

/** What to change of a virtual key: what is absent stays, null takes away. */
export interface KeyChanges extends KeyLabels {
  readonly apiKey?: string | undefined;
  readonly usage_limits?: WrittenTerms['usage_limits'] | null;
  readonly rate_limits?: WrittenTerms['rate_limits'] | null;
  readonly expires_at?: string | null | undefined;
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

/** The entry that keeps `fields`, with their labels, as `slug`. Throws a `ConfigError` that lists all that is wrong with them. */
export function newEntry(
  slug: string,
  { name, note, ...fields }: VirtualKeyFields & KeyLabels,
  createdAt: string,
  providers: ProviderDirectory = anyProvider,
): VaultEntry {
  const { issues, ...reading } = readVirtualKey(fields, pathOf(slug), providers);
  const all = [...issues, ...labelIssues(slug, { name, note })];
  if (reading.credentials === undefined || all.length > 0) throw new ConfigError(all, 'Invalid virtual key');
  const { provider, apiKey, settings } = reading.credentials;
  const entry = { slug, provider, ...(apiKey === undefined ? {} : { apiKey }), settings, createdAt };
  return withLabels(withTerms(entry, reading.written), { name, note });
}

const longestLabel = 1000;

function labelIssues(slug: string, labels: KeyLabels): ConfigIssue[] {
  return Object.entries(labels).flatMap(([name, text]: [string, unknown]) => {
    if (text === undefined || text === null || (typeof text === 'string' && text.length <= longestLabel)) return [];
    return [{ path: `${pathOf(slug)}.${name}`, message: `must be a text of at most ${longestLabel} characters` }];
  });
}

function withTerms({ terms: _, ...entry }: VaultEntry, written: WrittenTerms): VaultEntry {
  const terms = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  return Object.keys(terms).length === 0 ? entry : { ...entry, terms };
}

function withLabels(entry: VaultEntry, { name, note }: KeyLabels): VaultEntry {
  const { name: oldName, note: oldNote, ...rest } = entry;
  const [newName, newNote] = [name === undefined ? oldName : name, note === undefined ? oldNote : note];
  return {
    ...rest,
    ...(newName == null || newName === entry.slug ? {} : { name: newName }),
    ...(newNote == null ? {} : { note: newNote }),
  };
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
  const checked = readShape(apiKeyText, apiKey);
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

/** `entries` with `slug` changed. Throws a `ConfigError` that lists all that is wrong with the changes. */
export function changeEntry(
  entries: readonly VaultEntry[],
  slug: string,
  { apiKey, name, note, ...terms }: KeyChanges,
  now: string,
): readonly VaultEntry[] {
  const before = entryOf(entries, slug);
  const { written, issues } = readTerms({ ...before.terms, ...given(terms) });
  const all = [
    ...issues.map(({ path, message }) => ({ path: `${pathOf(slug)}.${path}`, message })),
    ...labelIssues(slug, { name, note }),
  ];
  if (written === undefined || all.length > 0) throw new ConfigError(all, 'Invalid virtual key');
  const rotated = apiKey === undefined ? entries : rotateEntry(entries, slug, apiKey, now);
  return rotated.map((other) => (other.slug === slug ? withLabels(withTerms(other, written), { name, note }) : other));
}

function given(changes: object): object {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
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
export function maskEntry(entry: VaultEntry): MaskedEntry {
  const { slug, provider, apiKey, settings, createdAt, rotatedAt, name, note, terms } = entry;
  return {
    slug,
    provider,
    ...(apiKey === undefined ? {} : { key: maskKey(apiKey) }),
    fields: Object.keys(settings),
    createdAt,
    ...(rotatedAt === undefined ? {} : { rotatedAt }),
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
    ...(terms === undefined ? {} : { terms }),
  };
}

/** `entry` as what the rest of the library uses. */
export function credentialsOf({ provider, apiKey, settings, terms = {} }: VaultEntry): Credentials {
  return new Credentials({ provider, apiKey, settings, terms: toTerms(terms) });
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
