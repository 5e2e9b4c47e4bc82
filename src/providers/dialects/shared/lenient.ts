import { isJsonObject, type JsonObject } from '../../../core/json.ts';

/** `value` as an object; `{}` when it is something else. For what others sent: a wrong type counts as absent. */
export function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** `value` as a list; `[]` when it is something else. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `value` as a list of objects; members of other types are left out. */
export function asObjects(value: unknown): readonly JsonObject[] {
  return asList(value).filter(isJsonObject);
}

/** `value` when it is a string. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** `value` when it is a finite number. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A copy of `object` without the members that are null or undefined. */
export function present(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));
}

/** {@link present}, or undefined when nothing is left. */
export function presentOrNothing(object: JsonObject): JsonObject | undefined {
  const left = present(object);
  return Object.keys(left).length > 0 ? left : undefined;
}
