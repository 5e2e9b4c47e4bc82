import type { Vault } from '../../core/vault.ts';

/** Whom virtual keys ask, as far as that was looked up. */
export interface KeyProviders {
  /** Undefined while it is not known. */
  of(slug: string): string | undefined;
  /** A call has shown it. */
  note(slug: string, provider: string | undefined): void;
  /** Looks it up; undefined when that took no time. Never rejects: the call itself tells what is wrong with its key. */
  lookUp(slug: string): Promise<unknown> | undefined;
}

const mostSlugs = 1000;

/** Nothing looked up yet. */
export function createKeyProviders(vault: Vault): KeyProviders {
  const known = new Map<string, string>();
  function note(slug: string, provider: string | undefined): void {
    if (provider === undefined) return;
    if (known.size >= mostSlugs && !known.has(slug)) known.delete(known.keys().next().value ?? '');
    known.set(slug, provider);
  }
  return {
    of: (slug) => known.get(slug),
    note,
    lookUp(slug) {
      try {
        const found = vault.get(slug);
        if (found instanceof Promise)
          return found.then((credentials) => note(slug, credentials?.provider)).catch(() => undefined);
        note(slug, found?.provider);
      } catch {
        // See above.
      }
      return undefined;
    },
  };
}
