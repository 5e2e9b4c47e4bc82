import type { Settings } from '../../core/credentials.ts';
import { TranslationError } from '../../core/errors/reply-errors.ts';

/** The first of `names` that is set, as trimmed text; numbers and booleans are spelled out. Undefined when all are absent or empty. */
export function textSetting(settings: Settings, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = settings[name];
    const text =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).trim() : '';
    if (text !== '') return text;
  }
  return undefined;
}

/** A base URL the user gave in place of the provider's own. */
export function customHostOf(settings: Settings): string | undefined {
  return textSetting(settings, 'customHost');
}

/**
 * Request headers from settings: header name to the setting's names. Absent settings send nothing. Remembered for each settings object: a
 * target keeps its own.
 */
export function headersFrom(
  headers: Readonly<Record<string, readonly string[]>>,
): (settings: Settings) => Readonly<Record<string, string>> {
  const table = Object.entries(headers);
  const known = new WeakMap<Settings, Readonly<Record<string, string>>>();
  return (settings) => {
    const remembered = known.get(settings);
    if (remembered !== undefined) return remembered;
    const found: Record<string, string> = {};
    for (const [header, names] of table) {
      const value = textSetting(settings, ...names);
      if (value !== undefined) found[header] = checkedHeader(value, names[0] ?? header);
    }
    known.set(settings, found);
    return found;
  };
}

function checkedHeader(value: string, setting: string): string {
  if (/^[\x20-\x7e]+$/.test(value)) return value;
  throw new TranslationError(setting, `"${setting}" is sent as a header and must be plain ASCII without line breaks.`);
}
