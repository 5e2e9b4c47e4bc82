import type { Credentials } from '../../core/credentials.ts';
import { TranslationError } from '../../core/errors/reply-errors.ts';

/** The first of the provider fields `names` that holds text, without surrounding space; empty text counts as absent. */
export function textSetting(credentials: Credentials, ...names: readonly string[]): string | undefined {
  const values = names.map((name) => credentials.settings[name]);
  return values.map((value) => (typeof value === 'string' ? value.trim() : '')).find((text) => text !== '');
}

/** The error for a target that lacks `field`, named as in the config; `what` says what to give. */
export function missingField(field: string, what: string): TranslationError {
  return new TranslationError(field, `The target lacks ${field}: give ${what}.`);
}
