import { isJsonObject } from '../core/json.ts';
import { credentialFields } from './without-credentials.ts';

const secretNames: ReadonlySet<string> = new Set(
  ['authorization', 'api_keys', ...credentialFields.filter((name) => name !== 'virtual_key')].map(fold),
);

/** Every option has several spellings. */
function fold(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** Path of the first secret in a call's options or a config: `config.targets[0].api_key`; undefined when there is none. */
export function holdsSecret(value: unknown, path = ''): string | undefined {
  if (!isJsonObject(value) && !Array.isArray(value)) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const here = Array.isArray(value) ? `${path}[${key}]` : `${path}${path === '' ? '' : '.'}${key}`;
    const found = secretNames.has(fold(key)) && member !== undefined ? here : holdsSecret(member, here);
    if (found !== undefined) return found;
  }
  return undefined;
}
