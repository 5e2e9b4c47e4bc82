import type { Credentials } from './credentials.ts';

/** Where virtual keys are looked up. */
export interface Vault {
  /** The credentials behind `slug`; undefined when there are none. May answer at once or later; rejects when the lookup itself failed. */
  get(slug: string): Credentials | undefined | Promise<Credentials | undefined>;
  /** Slugs known, for did-you-mean; absent where they cannot be listed. */
  readonly slugs?: () => readonly string[];
  /** Its keys may have terms, now or later; absent where none ever does. */
  readonly mayLimit?: boolean;
}
