import type { KeyChanges, KeyLabels, MaskedEntry } from './vault-entries.ts';
import type { VirtualKeyFields } from './virtual-key-fields.ts';

/** A vault whose keys can be changed. Keys go in and never come out again, but to be sent. */
export interface WritableVault {
  /** All virtual keys, as they may be shown. */
  list(): Promise<readonly MaskedEntry[]>;
  /** Keeps a new virtual key. Rejects with `ConfigError` for unusable fields. */
  add(slug: string, fields: VirtualKeyFields & KeyLabels): Promise<void>;
  /** Replaces the API key of `slug`. */
  rotate(slug: string, apiKey: string): Promise<void>;
  remove(slug: string): Promise<void>;
  /**
   * Changes what is said of `slug`, and its key. Rejects with `ConfigError` for changes that cannot be meant. Absent: this vault keeps
   * neither limits nor notes.
   */
  update?(slug: string, changes: KeyChanges): Promise<void>;
}

/** Can this vault be changed? */
export function isWritable(vault: object): vault is WritableVault {
  const methods: readonly (keyof WritableVault)[] = ['list', 'add', 'rotate', 'remove'];
  return methods.every((name) => typeof (vault as Partial<WritableVault>)[name] === 'function');
}
