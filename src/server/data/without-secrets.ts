import { isJsonObject, type JsonObject } from '../../core/json.ts';

const secretNames = /key|token|secret|passw|credential|json$|authorization/i;
/** Names of that look that hold no secret. */
const harmless = /^(?:virtual_?key|max_.*tokens?|.*_tokens|by|tokenizer)$/i;

/** A document to be shown: the values of what may hold a key are `***`, and every text of a provider's key form too. */
export function withoutSecrets(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, shown(name, value)]));
}

function shown(name: string, value: unknown): unknown {
  const isSecret = isSecretName(name);
  if (isSecret && (typeof value === 'string' || Array.isArray(value))) return '***';
  if (Array.isArray(value)) return value.map((item) => shown(name, item));
  return isJsonObject(value) ? withoutSecrets(value) : value;
}

/** May a member of this name hold a key? */
export function isSecretName(name: string): boolean {
  return secretNames.test(name) && !harmless.test(name);
}
