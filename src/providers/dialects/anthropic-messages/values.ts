import { isJsonObject, type JsonObject } from '../../../core/json.ts';

/** `members` without those that are undefined. */
export function compact(members: JsonObject): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(members)) if (members[name] !== undefined) set(kept, name, members[name]);
  return kept;
}

/** Also the member `__proto__`, which an assignment would not make. */
function set(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  else target[name] = value;
}

/** `source` without the members `names`. */
export function omit(source: JsonObject, names: readonly string[]): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(source)) if (!names.includes(name)) set(kept, name, source[name]);
  return kept;
}

/** The members `names` of `source` that are neither undefined nor null. */
export function pick(source: JsonObject, names: readonly string[]): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const name of names) if (source[name] !== undefined && source[name] !== null) set(kept, name, source[name]);
  return kept;
}

/** The objects in `value`; none when it is not an array. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** `value` when it is a string, else `fallback`. */
export function stringOr(value: unknown, fallback = ''): string {
  return typeof value === 'string' ? value : fallback;
}

/** `value` when it is a finite number, else undefined. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Does `text` hold anything but white space? Anthropic refuses text blocks that do not. */
export function hasInk(text: string): boolean {
  return text.trim() !== '';
}

/** The entry of `table` for `key`; undefined when `key` is no string or no entry, not even one that every object inherits. */
export function lookup<T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}

/** What the JSON `text` says; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
