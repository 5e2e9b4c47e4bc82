import { isJsonObject, type JsonObject } from '../../../core/json.ts';

/** `members` without those that are undefined. */
export function compact(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** `source` without the members `names`. */
export function omit(source: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(source).filter(([name]) => !names.includes(name)));
}

/** The members `names` of `source` that are neither undefined nor null. */
export function pick(source: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => source[name] !== undefined && source[name] !== null).map((name) => [name, source[name]]),
  );
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
