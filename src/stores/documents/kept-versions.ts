import type { KeepVersions } from '../../core/document-store.ts';

/** How many versions of a document a store keeps where nobody says. */
export const defaultKeepVersions = 100;

/** What is left of `versions`, the latest first, the newest just written. */
export function keptVersions<Version extends { readonly number: number }>(
  versions: readonly Version[],
  keep: KeepVersions | undefined,
  most: number,
): readonly Version[] {
  if (keep === 'all') return versions;
  if (keep === undefined) return versions.slice(0, most);
  const kept = new Set(keep);
  return versions.filter(({ number }, index) => index === 0 || kept.has(number));
}

/** Can so many versions be kept? */
export function isKeepVersions(given: unknown): given is number {
  return Number.isInteger(given) && (given as number) >= 1;
}
