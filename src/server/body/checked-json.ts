import { jsonMistake } from '../../config/by-id/json-mistake.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { withoutTrailingCommas } from './trailing-commas.ts';

/** JSON text of a caller as the object it must be. `what` begins its error messages: `The body`. */
export interface JsonReading {
  readonly param: string;
  readonly what: string;
  /** Levels of objects and lists, the outermost included. */
  readonly maxDepth: number;
  /** Commas before a closing bracket are passed over. */
  readonly allowsTrailingCommas?: boolean;
}

/**
 * A caller's JSON object. Throws `InvalidRequestError` for text that is not JSON (with the position, never quoting the text), is no
 * object, nests deeper than `maxDepth`, or has a member `__proto__`: copied by assignment it would become a prototype.
 */
export function checkedJson(text: string, reading: JsonReading): JsonObject {
  const value = parse(text, reading);
  if (!isJsonObject(value)) throw new InvalidRequestError(reading.param, `${reading.what} must be a JSON object.`);
  const problem = problemOf(value, reading.maxDepth);
  if (problem !== undefined) throw new InvalidRequestError(reading.param, `${reading.what} ${problem}.`);
  return value;
}

function parse(text: string, { param, what, allowsTrailingCommas = false }: JsonReading): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const mended = allowsTrailingCommas ? withoutTrailingCommas(text) : text;
    if (mended.length < text.length) return parse(mended, { param, what, maxDepth: 0 });
    throw new InvalidRequestError(param, `${what} is not valid JSON: ${placeOf(text)}.`);
  }
}

function placeOf(text: string): string {
  const mistake = jsonMistake(text);
  const position = mistake?.position ?? text.length;
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  return `${mistake?.what ?? 'unexpected token'} at position ${position} (line ${line}, column ${column})`;
}

/** Walks without recursion: the depth is the caller's to choose. */
function problemOf(root: object, maxDepth: number): string | undefined {
  let level: object[] = [root];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > maxDepth) return `nests deeper than ${maxDepth} levels`;
    const below: object[] = [];
    for (const value of level) if (!collect(value, below)) return 'has a member "__proto__", which is not accepted';
    level = below;
  }
  return undefined;
}

/** Adds the objects and lists inside `value` to `below`. False when it has a member `__proto__`. */
function collect(value: object, below: object[]): boolean {
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null) below.push(item);
    return true;
  }
  for (const name of Object.keys(value)) {
    if (name === '__proto__') return false;
    const member: unknown = (value as Record<string, unknown>)[name];
    if (typeof member === 'object' && member !== null) below.push(member);
  }
  return true;
}
