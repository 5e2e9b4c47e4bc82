/**
 * The value that `text`, the beginning of a JSON text, stands for so far: open strings, arrays and objects are closed,
 * a half-written `true`, `false` or `null` is completed, a half-written number or key is left out. Null when there is
 * nothing yet, or no JSON.
 */
export function parsePartialJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseClosed(text);
  }
}

function parseClosed(text: string): unknown {
  try {
    return JSON.parse(closeJson(text));
  } catch {
    return null;
  }
}

const token = /\s*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+)/suy;
/** As much of an unfinished string as has no half-written escape at its end. */
const openString = /\s*"(?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*/suy;
const literals = ['true', 'false', 'null'];

/** `text` up to its last complete value, string under way or opening bracket, with all that is open closed. */
function closeJson(text: string): string {
  let state: State = { closers: '', keyNext: false };
  let safe = '';
  let at = 0;
  for (let found = match(token, text, at); found; found = match(token, text, at)) {
    const [whole, word = ''] = found;
    at += whole.length;
    if (at === text.length && isBare(word)) return closeBare(text, word, state) ?? safe;
    state = stateAfter(word, state);
    const isKey = state.keyNext && word.startsWith('"');
    if (word !== ',' && word !== ':' && !isKey) safe = text.slice(0, at) + state.closers;
  }
  const open = state.keyNext ? null : match(openString, text, at);
  return open ? `${text.slice(0, at)}${open[0]}"${state.closers}` : safe;
}

interface State {
  /** What closes all that is open, innermost first. */
  readonly closers: string;
  /** Is the next string a key? */
  readonly keyNext: boolean;
}

function stateAfter(word: string, { closers, keyNext }: State): State {
  if (word === '{') return { closers: `}${closers}`, keyNext: true };
  if (word === '[') return { closers: `]${closers}`, keyNext: false };
  if (word === '}' || word === ']') return { closers: closers.slice(1), keyNext: false };
  if (word === ',') return { closers, keyNext: closers.startsWith('}') };
  return { closers, keyNext: keyNext && word !== ':' };
}

/** A number or literal: at the end of the text it may go on. */
function isBare(word: string): boolean {
  return !'{}[],:'.includes(word) && !word.startsWith('"');
}

function closeBare(text: string, word: string, { closers }: State): string | undefined {
  const literal = literals.find((each) => each.startsWith(word));
  return literal === undefined ? undefined : text.slice(0, -word.length) + literal + closers;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
