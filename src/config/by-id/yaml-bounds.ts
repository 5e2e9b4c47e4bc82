import { Lexer } from 'yaml';

/** Far beyond what a config may have. */
const mostLevels = 100;
const mostTokens = 400_000;

/**
 * The first thing in a YAML text that would keep the parser busy for nothing: lists and maps in brackets nested beyond measure, commas and
 * closing brackets that end nothing (the parser notes each one's mistake), or too much of everything. Undefined when there is none.
 */
export function yamlExcess(text: string): { readonly position: number; readonly what: string } | undefined {
  let depth = 0;
  let tokens = 0;
  let position = 0;
  let before = '';
  for (const token of new Lexer().lex(text)) {
    const what = ++tokens > mostTokens ? `more than ${mostTokens} tokens` : excess(token, before, depth);
    if (what !== undefined) return { position, what };
    if (opening.has(token)) depth++;
    else if (closing.has(token)) depth--;
    if (token.trim() !== '' && !token.startsWith('#')) before = token;
    // Marks of the lexer's own are one character that the text does not hold.
    if (!marks.has(token)) position += token.length;
  }
  return undefined;
}

const opening = new Set(['[', '{']);
const closing = new Set([']', '}']);
/** Byte order mark excepted: beginnings of documents and scalars, and the end of a broken flow. */
const marks = new Set(['\u0002', '\u001f', '\u0018']);

function excess(token: string, before: string, depth: number): string | undefined {
  if (opening.has(token)) return depth >= mostLevels ? `nested more than ${mostLevels} levels deep` : undefined;
  if (closing.has(token)) return depth <= 0 ? 'unexpected token' : undefined;
  return token === ',' && (before === ',' || opening.has(before)) ? 'unexpected token' : undefined;
}
