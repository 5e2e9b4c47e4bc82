import type { Credentials } from '../../core/credentials.ts';
import type { KeyTerms } from '../../core/key-terms.ts';
import type { Clock } from '../../core/runtime.ts';
import type { Vault } from '../../core/vault.ts';

/** What virtual keys may be used for, as last looked up. */
export interface KeyRules {
  /** The same vault; what it answers is noted. */
  readonly vault: Vault;
  /** Undefined where nothing is limited, or nothing known yet. Looks it up anew about once a second, behind whoever asks. */
  of(slug: string): KeyTerms | undefined;
}

interface Noted {
  terms: KeyTerms | undefined;
  lookedAt: number;
}

const lookEveryMs = 1000;
const mostSlugs = 1000;

/** Nothing looked up yet. */
export function createKeyRules(vault: Vault, clock: Pick<Clock, 'now'>): KeyRules {
  const known = new Map<string, Noted>();

  function entryOf(slug: string): Noted {
    const entry = known.get(slug);
    if (entry !== undefined) return entry;
    if (known.size >= mostSlugs) known.delete(known.keys().next().value ?? '');
    const made = { terms: undefined, lookedAt: Number.NEGATIVE_INFINITY };
    known.set(slug, made);
    return made;
  }

  function note(slug: string, credentials: Credentials | undefined): Credentials | undefined {
    const entry = entryOf(slug);
    entry.lookedAt = clock.now();
    entry.terms = credentials?.terms;
    return credentials;
  }

  function get(slug: string): ReturnType<Vault['get']> {
    const found = vault.get(slug);
    return found instanceof Promise ? found.then((late) => note(slug, late)) : note(slug, found);
  }

  /** Who is picked by limits that have changed meanwhile may never be asked again: they are looked at by themselves. */
  function look(slug: string, entry: Noted): void {
    entry.lookedAt = clock.now();
    try {
      const found = get(slug);
      // The call itself tells what is wrong with its key.
      if (found instanceof Promise) found.catch(() => undefined);
    } catch {
      // See above.
    }
  }

  return {
    vault: { ...vault, get },
    of(slug) {
      if (slug === '') return undefined;
      const entry = entryOf(slug);
      if (clock.now() - entry.lookedAt >= lookEveryMs) look(slug, entry);
      return entry.terms;
    },
  };
}
