/**
 * The first mistake in JSON text, a key written twice in one object included; undefined when there is none. `JSON.parse` takes
 * repeated keys silently, and its errors quote the text instead of saying where. Grammar: RFC 8259.
 */
export function jsonMistake(text: string): JsonMistake | undefined {
  const levels: Level[] = [];
  let expected = valueStart;
  let end = 0;
  for (;;) {
    const { kind, start, ...token } = tokenAt(text, end);
    end = token.end;
    if (!expected.includes(kind)) return { position: start, what: 'unexpected token' };
    if (kind === '$') return undefined;
    const isKey = kind === 's' && !expected.includes('v');
    if (isKey && isRepeated(levels.at(-1), text.slice(start, end))) return { position: start, what: 'duplicate key' };
    expected = isKey ? ':' : expectedAfter(kind, levels);
  }
}

/** A mistake and where it begins, in UTF-16 units from the start. */
export interface JsonMistake {
  readonly position: number;
  readonly what: 'unexpected token' | 'duplicate key';
}

/** An object or list that is open, with the keys seen so far. */
interface Level {
  readonly isObject: boolean;
  readonly keys: Set<string>;
}

// Kinds of token, one letter each: a string, another scalar, punctuation as it is, $ for the end, x for none.
const valueStart = 'sv{[';
const stringPattern = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const scalarPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

function tokenAt(text: string, from: number): { readonly kind: string; readonly start: number; readonly end: number } {
  let start = from;
  while (start < text.length && ' \t\n\r'.includes(text.charAt(start))) start += 1;
  if (start === text.length) return { kind: '$', start, end: start };
  if ('{}[],:'.includes(text.charAt(start))) return { kind: text.charAt(start), start, end: start + 1 };
  const string = matchAt(stringPattern, text, start);
  if (string !== undefined) return { kind: isJson(string) ? 's' : 'x', start, end: start + string.length };
  const scalar = matchAt(scalarPattern, text, start);
  return { kind: scalar === undefined ? 'x' : 'v', start, end: start + (scalar?.length ?? 0) };
}

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}

/** Leaves escapes and control characters inside a string to the one who knows the rules. */
function isJson(token: string): boolean {
  try {
    JSON.parse(token);
    return true;
  } catch {
    return false;
  }
}

function expectedAfter(kind: string, levels: Level[]): string {
  if (kind === '{' || kind === '[') {
    levels.push({ isObject: kind === '{', keys: new Set() });
    return kind === '{' ? 's}' : `${valueStart}]`;
  }
  if (kind === ':') return valueStart;
  if (kind === ',') return levels.at(-1)?.isObject === true ? 's' : valueStart;
  if (kind === '}' || kind === ']') levels.pop();
  const level = levels.at(-1);
  if (level === undefined) return '$';
  return level.isObject ? ',}' : ',]';
}

function isRepeated(level: Level | undefined, token: string): boolean {
  // Parsed, because "\u0061" and "a" are the same key.
  const key = JSON.parse(token) as string;
  if (level?.keys.has(key) === true) return true;
  level?.keys.add(key);
  return false;
}
