import { isJsonObject } from '../../../src/core/json.ts';

/** A place in a document: keys and indexes from the root. */
export type Place = readonly (string | number)[];

/** Every place of `document` that holds a plain value, an empty list or an empty object. */
export function leavesOf(document: unknown, place: Place = []): readonly Place[] {
  const below = Array.isArray(document)
    ? [...document.entries()]
    : isJsonObject(document)
      ? Object.entries(document)
      : [];
  return below.length === 0 ? [place] : below.flatMap(([key, value]) => leavesOf(value, [...place, key]));
}

/** What stands at `place`. */
export function valueAt(document: unknown, place: Place): unknown {
  return place.reduce<unknown>((at, key) => (at as Readonly<Record<PropertyKey, unknown>>)[key], document);
}

/** A copy of `document` with `value` at `place`. */
export function withValue(document: unknown, place: Place, value: unknown): unknown {
  const [key, ...rest] = place;
  if (key === undefined) return value;
  if (Array.isArray(document))
    return document.map((item, index) => (index === key ? withValue(item, rest, value) : item));
  const object = document as Readonly<Record<string, unknown>>;
  return { ...object, [key]: withValue(object[key], rest, value) };
}

/** `$.a["b.c"][0]` */
export function pathOf(place: Place): string {
  return place.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return /^[\w-]+$/.test(key) ? `${text}.${key}` : `${text}[${JSON.stringify(key)}]`;
  }, '$');
}
