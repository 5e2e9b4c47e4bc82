import { type PatternNode, PatternProblem, parsePattern } from './parse-pattern.ts';
import { advice, patternGrowth } from './pattern-growth.ts';

/** A regular expression whose running time is bounded, whatever the text. */
export interface SafePattern {
  /** Does the text match? Undefined when that could take too long. */
  test(text: string): boolean | undefined;
  /** The text with every match replaced, and whether there was one; undefined when that could take too long. */
  replace(text: string, replacement: string): { readonly text: string; readonly hasMatch: boolean } | undefined;
  /** UTF-16 units that can be looked at in one go. */
  readonly maxLength: number;
}

const longestSource = 1000;
/** Steps of one run; V8 takes about 3 ns for each. */
const mostSteps = 100_000_000;
const longestText = 10_000_000;
/** A text too short to be of use. */
const leastUseful = 100;

/**
 * Compiles a pattern that somebody else wrote. `use` says what for: `test` only asks whether a text matches, so that repetitions at the ends
 * of the pattern, which cost the most, need not run. A text longer than can be looked at in bounded time is looked at piece by piece where
 * no match can reach from one into the next. Returns a sentence instead where the pattern is wrong, can take exponential time (`(a+)+$`),
 * refers back (`\1`), or is too long.
 */
export function safePattern(source: string, flags: string, use: 'test' | 'replace'): SafePattern | string {
  const shown = JSON.stringify(source.length > 80 ? `${source.slice(0, 80)}…` : source);
  if (source.length > longestSource)
    return `The regular expression ${shown} is longer than ${longestSource} characters.`;
  // These escapes mean characters of Unicode only with the flag.
  const allFlags = /\\[pPu]\{/.test(source) ? `${flags}u` : flags;
  try {
    const regex = new RegExp(source, use === 'replace' ? `${allFlags}g` : allFlags);
    // What is found is not given back: a repetition at the end never costs more than what it takes.
    const needed = trimmed(source, use === 'test');
    const maxLength = longestFor(needed, allFlags);
    return compiled(use === 'test' ? new RegExp(needed, allFlags) : regex, maxLength, separatorOf(source, allFlags));
  } catch (error) {
    if (error instanceof PatternProblem) return `The regular expression ${shown} ${error.message}.`;
    return `Bad regular expression ${shown}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function longestFor(source: string, flags: string): number {
  const { degree, factor } = patternGrowth(parsePattern(source), flags);
  const maxLength = Math.min(longestText, Math.floor((mostSteps / factor) ** (1 / degree)));
  if (maxLength < leastUseful) throw new PatternProblem(`takes too long even for short texts: ${advice}`);
  return maxLength;
}

function compiled(regex: RegExp, maxLength: number, separator: RegExp | undefined): SafePattern {
  /** The text in pieces and what stands between them, alternately; undefined when a piece is too long. */
  const piecesOf = (text: string): readonly string[] | undefined => {
    if (text.length <= maxLength) return [text];
    const pieces = separator === undefined || text.length > longestText ? undefined : text.split(separator);
    return pieces?.every((piece, index) => index % 2 === 1 || piece.length <= maxLength) ? pieces : undefined;
  };
  return {
    maxLength,
    test: (text) => piecesOf(text)?.some((piece, index) => index % 2 === 0 && regex.test(piece)),
    replace(text, replacement) {
      const pieces = piecesOf(text);
      if (pieces === undefined) return undefined;
      let hasMatch = false;
      const replaced = pieces.map((piece, index) => {
        if (index % 2 === 1 || piece.search(regex) < 0) return piece;
        hasMatch = true;
        return piece.replace(regex, replacement);
      });
      return { text: replaced.join(''), hasMatch };
    },
  };
}

const spaces = ' \\t\\n\\r\\f\\v\\u00a0\\u2028\\u3000';
const lineEnds = '\\n\\r\\u2028';

/** Characters that no match can hold, where a text may be cut: white space, else line ends. They are no word characters, so that `\b` holds beside a cut as before. */
function separatorOf(source: string, flags: string): RegExp | undefined {
  const sets: string[] = [];
  if (!mayBeCut(parsePattern(source), sets)) return undefined;
  for (const characters of [spaces, lineEnds]) {
    const all = [...(JSON.parse(`"${characters.replace('\\v', '\\u000b')}"`) as string)];
    const isHeld = sets.some((set) => all.some((character) => new RegExp(`^(?:${set})$`, flags).test(character)));
    if (!isHeld) return new RegExp(`([${characters}]+)`);
  }
  return undefined;
}

/** Collects the sets of a pattern; false when it asks for what stands around a match. */
function mayBeCut(node: PatternNode, sets: string[]): boolean {
  switch (node.kind) {
    case 'set':
      sets.push(node.source);
      return true;
    case 'edge':
      return node.source === '\\b';
    case 'look':
      return false;
    case 'sequence':
      return node.items.every((item) => mayBeCut(item, sets));
    case 'choice':
      return node.branches.every((branch) => mayBeCut(branch, sets));
    default:
      return mayBeCut(node.body, sets);
  }
}

/** The same pattern with the repetitions at the end of each branch, for `bothEnds` also at its beginning, cut down to what they need at least. */
function trimmed(source: string, bothEnds: boolean): string {
  const root = parsePattern(source);
  const branches = root.kind === 'choice' ? root.branches : [root];
  return branches
    .map((branch) => (branch.kind === 'sequence' ? trimEnds(branch.items, source, bothEnds) : ''))
    .join('|');
}

function trimEnds(items: readonly PatternNode[], source: string, bothEnds: boolean): string {
  const texts = items.map(({ start, end }) => source.slice(start, end));
  const cut = (index: number): boolean => {
    const item = items[index];
    if (item?.kind !== 'repeat' || item.min > 1) return false;
    texts[index] = item.min === 0 ? '' : source.slice(item.body.start, item.body.end);
    return item.min === 0;
  };
  // What stands beside a repetition that is gone stands at the end itself.
  let left = 0;
  while (bothEnds && left < items.length && cut(left)) left++;
  for (let right = items.length - 1; right >= left && cut(right); ) right--;
  return texts.join('');
}
