import { didYouMean } from '../../../core/did-you-mean.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Notes } from './notes.ts';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How a document is read. */
export interface Reading {
  readonly notes: Notes;
  readonly environment: Environment;
  /** The variable that a text stands for, as in `os.environ/NAME`; undefined for a text that is just a text. */
  readonly variableOf: (text: string) => string | undefined;
}

/**
 * An object of a foreign document that knows what was read of it, so that nothing is passed over in silence. What holds null or undefined counts
 * as absent. A value of the wrong kind is refused, and reads as absent.
 */
export interface Section {
  readonly path: string;
  readonly reading: Reading;
  /** All of it, for who makes others of it; nothing counts as read. */
  readonly source: JsonObject;
  /** `$.model_list[0].litellm_params.api_key` */
  pathOf(key: string): string;
  has(key: string): boolean;
  /** The value as it is, variables resolved. */
  any(key: string): unknown;
  text(key: string): string | undefined;
  /** A text that may be written as a number. */
  line(key: string): string | undefined;
  /** A finite number, also written as text. */
  number(key: string, least?: number): number | undefined;
  /** Also written as `"true"` or `"false"`. */
  boolean(key: string): boolean | undefined;
  texts(key: string): readonly string[] | undefined;
  object(key: string): JsonObject | undefined;
  /** The object at `key` as a section of its own: who asks for it sees to the rest of it. */
  section(key: string): Section | undefined;
  /** The objects of a list, each a section. */
  sections(key: string): readonly Section[];
  /** Says what becomes of a key that has no counterpart here; nothing when it is absent. */
  warn(key: string, message: string): void;
  refuse(key: string, message: string): void;
  /** The keys nobody has asked for. */
  unread(): readonly string[];
  /** Warns of every key nobody has asked for. `known`: keys to suggest. */
  finish(known: readonly string[], message?: string): void;
}

/** A section of `object`, which stands at `path`. */
export function sectionOf(object: JsonObject, path: string, reading: Reading): Section {
  const { notes } = reading;
  const read = new Set<string>();
  const pathOf = (key: string) => `${path}${toStep(key)}`;
  const has = (key: string) => Object.hasOwn(object, key) && object[key] !== null && object[key] !== undefined;
  const raw = (key: string): unknown => {
    read.add(key);
    return has(key) ? object[key] : undefined;
  };
  const any = (key: string): unknown => resolved(raw(key), pathOf(key), reading);
  const checked = <Value>(key: string, value: unknown, is: (value: unknown) => Value | undefined, expected: string) => {
    if (value === undefined) return undefined;
    const found = is(value);
    if (found === undefined) notes.refuse(pathOf(key), `Must be ${expected}.`);
    return found;
  };
  const as = <Value>(key: string, is: (value: unknown) => Value | undefined, expected: string): Value | undefined =>
    checked(key, any(key), is, expected);
  // Variables inside are looked up when they are asked for: one that nobody needs may be missing.
  const section = (key: string): Section | undefined => {
    const value = checked(key, raw(key), asObject, 'an object');
    return value === undefined ? undefined : sectionOf(value, pathOf(key), reading);
  };
  return {
    path,
    reading,
    source: object,
    pathOf,
    has,
    any,
    section,
    text: (key) => as(key, (value) => (typeof value === 'string' ? value : undefined), 'a text'),
    line: (key) => as(key, asLine, 'a text'),
    number: (key, least = 0) => as(key, (value) => asNumber(value, least), `a number of at least ${least}`),
    boolean: (key) => as(key, asBoolean, 'true or false'),
    texts: (key) => as(key, asTexts, 'a list of texts'),
    object: (key) => as(key, asObject, 'an object'),
    sections: (key) => {
      const list = checked(key, raw(key), asList, 'a list') ?? [];
      return list.flatMap((item, index) => {
        const at = `${pathOf(key)}[${index}]`;
        if (isJsonObject(item)) return [sectionOf(item, at, reading)];
        notes.refuse(at, 'Must be an object.');
        return [];
      });
    },
    warn(key, message) {
      if (has(key)) notes.warn(pathOf(key), message);
      read.add(key);
    },
    refuse(key, message) {
      read.add(key);
      notes.refuse(pathOf(key), message);
    },
    unread: () => Object.keys(object).filter((key) => has(key) && !read.has(key)),
    finish(known, message = 'Not known: it has no effect here.') {
      for (const key of Object.keys(object)) {
        if (has(key) && !read.has(key)) notes.warn(pathOf(key), `${message}${didYouMean(key, known)}`);
      }
    },
  };
}

/** Keys that are no plain words are quoted. */
export function toStep(key: string): string {
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Values that name a variable are its value, at any depth. */
function resolved(value: unknown, path: string, reading: Reading): unknown {
  if (typeof value === 'string') return resolvedText(value, path, reading);
  if (Array.isArray(value)) return value.map((item, index) => resolved(item, `${path}[${index}]`, reading));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolved(item, `${path}${toStep(key)}`, reading)]),
  );
}

function resolvedText(text: string, path: string, { variableOf, environment, notes }: Reading): string | undefined {
  const variable = variableOf(text);
  if (variable === undefined) return text;
  const found = environment[variable];
  if (found !== undefined && found !== '') return found;
  notes.refuse(path, `The environment variable ${variable} is not set.`);
  return undefined;
}

function asObject(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function asLine(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

function asNumber(value: unknown, least: number): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= least ? number : undefined;
}

function asBoolean(value: unknown): boolean | undefined {
  if (value === 'true' || value === 'True') return true;
  if (value === 'false' || value === 'False') return false;
  return typeof value === 'boolean' ? value : undefined;
}

function asTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}
