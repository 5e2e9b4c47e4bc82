/** A regular expression taken apart. `start` and `end` are places in its source. */
export type PatternNode =
  | { readonly kind: 'set'; readonly source: string; readonly start: number; readonly end: number }
  | { readonly kind: 'edge'; readonly source: string; readonly start: number; readonly end: number }
  | { readonly kind: 'look'; readonly body: PatternNode; readonly start: number; readonly end: number }
  | { readonly kind: 'group'; readonly body: PatternNode; readonly start: number; readonly end: number }
  | PatternRepeat
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[]; readonly start: number; readonly end: number }
  | {
      readonly kind: 'choice';
      readonly branches: readonly PatternNode[];
      readonly start: number;
      readonly end: number;
    };

/** `body`, `min` to `max` times. */
export interface PatternRepeat {
  readonly kind: 'repeat';
  readonly body: PatternNode;
  readonly min: number;
  readonly max: number;
  readonly start: number;
  readonly end: number;
}

/** What a pattern holds whose cost nobody can foresee. */
export class PatternProblem extends Error {}

/** The parts of `source`, which `RegExp` has accepted. Throws `PatternProblem` for references back and flags inside the pattern. */
export function parsePattern(source: string): PatternNode {
  return readChoice({ source, at: 0 });
}

interface Reader {
  readonly source: string;
  at: number;
}

function readChoice(reader: Reader): PatternNode {
  const start = reader.at;
  const branches = [readSequence(reader)];
  while (reader.source[reader.at] === '|') {
    reader.at++;
    branches.push(readSequence(reader));
  }
  const [only] = branches;
  return branches.length === 1 && only !== undefined ? only : { kind: 'choice', branches, start, end: reader.at };
}

function readSequence(reader: Reader): PatternNode {
  const start = reader.at;
  const items: PatternNode[] = [];
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at] ?? ''))
    items.push(readItem(reader));
  return { kind: 'sequence', items, start, end: reader.at };
}

function readItem(reader: Reader): PatternNode {
  const start = reader.at;
  const body = readAtom(reader);
  const times = readTimes(reader);
  return times === undefined ? body : { kind: 'repeat', body, ...times, start, end: reader.at };
}

const timesPattern = /[*+?]|\{(\d+)(,(\d*))?\}/y;

/** `{` that begins no count is a character like any other. */
function readTimes(reader: Reader): { readonly min: number; readonly max: number } | undefined {
  timesPattern.lastIndex = reader.at;
  const found = timesPattern.exec(reader.source);
  if (found === null) return undefined;
  reader.at = timesPattern.lastIndex;
  if (reader.source[reader.at] === '?') reader.at++;
  const [sign, least, comma, most] = found;
  if (least === undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
  if (comma === undefined) return { min: Number(least), max: Number(least) };
  return { min: Number(least), max: most === '' ? Number.POSITIVE_INFINITY : Number(most) };
}

function readAtom(reader: Reader): PatternNode {
  const { source, at: start } = reader;
  const character = source[start] ?? '';
  if (character === '(') return readGroup(reader);
  if (character === '[') return takeSet(reader, endOfClass(source, start));
  if (character === '\\') return readEscape(reader);
  if (character !== '^' && character !== '$') return takeSet(reader, start + sizeAt(source, start));
  reader.at++;
  return { kind: 'edge', source: character, start, end: reader.at };
}

/** A character beyond U+FFFF is two units. Without the flag `u` they are two sets in a row, which costs the same. */
function sizeAt(source: string, at: number): number {
  return (source.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function takeSet(reader: Reader, end: number): PatternNode {
  const start = reader.at;
  reader.at = end;
  return { kind: 'set', source: reader.source.slice(start, end), start, end };
}

function endOfClass(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
  return at + 1;
}

const escapePattern = /\\(?:u\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|[pP]\{[^}]*\}|[\s\S])/iy;

function readEscape(reader: Reader): PatternNode {
  const { source, at: start } = reader;
  const next = source[start + 1] ?? '';
  if (/[1-9k]/.test(next)) throw new PatternProblem('refers back to what it has matched, which takes unbounded time');
  if (next === 'b' || next === 'B') {
    reader.at += 2;
    return { kind: 'edge', source: `\\${next}`, start, end: reader.at };
  }
  escapePattern.lastIndex = start;
  return takeSet(reader, start + (escapePattern.exec(source)?.[0].length ?? 1));
}

const groupPattern = /\((?:\?(?:<?[=!]|:|<[^>]*>))?/y;

function readGroup(reader: Reader): PatternNode {
  const start = reader.at;
  groupPattern.lastIndex = start;
  const opening = groupPattern.exec(reader.source)?.[0] ?? '(';
  reader.at += opening.length;
  if (opening === '(' && reader.source[reader.at] === '?')
    throw new PatternProblem('switches flags inside, as "(?i:" does, which not every runtime knows');
  const body = readChoice(reader);
  reader.at++;
  return { kind: /[=!]$/.test(opening) ? 'look' : 'group', body, start, end: reader.at };
}
