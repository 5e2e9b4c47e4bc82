import type { JsonObject } from '../../core/json.ts';

/** The fields of a query or a form: `include[]` and repeated names are lists, `filter[kind]` is a member of an object, `stream` is a boolean. */
export function toFields(entries: Iterable<readonly [string, FormDataEntryValue]>): JsonObject {
  const fields = new Map<string, unknown>();
  const objects = new Map<string, Record<string, unknown>>();
  for (const [given, value] of entries) {
    const [, name, key] = /^([^[\]]+)\[([^[\]]+)\]$/.exec(given) ?? [];
    if (name === undefined || key === undefined) addValue(fields, given, value);
    else {
      const members = objects.get(name) ?? {};
      Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true });
      objects.set(name, members);
    }
  }
  // `fromEntries` defines own members, so that a field called `__proto__` stays a field.
  return Object.fromEntries([...fields, ...objects]);
}

function addValue(fields: Map<string, unknown>, given: string, value: FormDataEntryValue): void {
  const name = given.replace(/\[\]$/, '');
  const before = fields.get(name);
  if (Array.isArray(before)) before.push(value);
  else if (before !== undefined) fields.set(name, [before, value]);
  else if (given !== name) fields.set(name, [value]);
  else fields.set(name, name === 'stream' ? value === 'true' : value);
}
