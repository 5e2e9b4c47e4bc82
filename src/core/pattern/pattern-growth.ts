import { type PatternNode, PatternProblem } from './parse-pattern.ts';
import { type PatternAutomaton, patternAutomaton } from './pattern-automaton.ts';

/** How the steps of a backtracking matcher grow with the length n of a text that does not match: `factor` x n ^ `degree`. */
export interface PatternGrowth {
  readonly degree: number;
  readonly factor: number;
}

const mostPlacesInLoop = 250;

/** What to do about a pattern that takes too long. */
export const advice = 'write it so that no two repetitions in it can match the same text';

/**
 * Growth of a pattern, never less than the real one. Throws `PatternProblem` where steps double with every character: when some text leads
 * around a loop in two ways (Weber and Seidl, "On the degree of ambiguity of finite automata", 1991). A loop that can take over from
 * another on the same text multiplies by n; so does the start of a match, unless `isAnchored`.
 */
export function patternGrowth(
  root: PatternNode,
  flags: string,
  isAnchored = startsAnchored(root, flags),
): PatternGrowth {
  const automaton = patternAutomaton(root);
  const masks = masksOf(automaton.sets, flags);
  const loops = loopsOf(automaton);
  for (const loop of loops)
    if (isAmbiguous(loop, automaton, masks)) throw new PatternProblem(`can take exponential time: ${advice}`);
  const own = longestChain(loops, { automaton, masks, isAnchored });
  return automaton.looks.reduce((worst, { body, isAtStart }) => {
    const inner = patternGrowth(body, flags, isAnchored && isAtStart);
    return inner.degree > worst.degree || (inner.degree === worst.degree && inner.factor > worst.factor)
      ? inner
      : worst;
  }, own);
}

/** Every branch begins with `^`, which only holds at the very start. */
function startsAnchored(node: PatternNode, flags: string): boolean {
  if (flags.includes('m')) return false;
  if (node.kind === 'choice') return node.branches.every((branch) => startsAnchored(branch, flags));
  if (node.kind === 'group') return startsAnchored(node.body, flags);
  if (node.kind === 'edge') return node.source === '^';
  return node.kind === 'sequence' && node.items[0] !== undefined && startsAnchored(node.items[0], flags);
}

/** Characters that sets are compared by: ASCII, some of each kind beyond, and all that the pattern names. */
const samples: readonly string[] = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...'\u00a0\u0131\u017f\u212a\u2028\u3000éßÄΩжשع๑中あ한Ⅷ€…“\ud83d\ude00',
];

/** What each set takes of the samples, as the bits of a number. */
function masksOf(sets: readonly string[], flags: string): readonly bigint[] {
  const source = sets.join('');
  const escapes = source.matchAll(/\\(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]+)\})/gi);
  const escaped = [...escapes].map(([, two, four, any]) => characterOf(two ?? four ?? any ?? ''));
  const named = [...source, ...escaped].flatMap(neighbours);
  const characters = [...new Set([...samples, ...named])];
  const known = new Map<string, bigint>();
  for (const set of new Set(sets)) {
    const test = new RegExp(`^(?:${set})$`, flags.replace('m', ''));
    known.set(
      set,
      characters.reduce((mask, character, index) => (test.test(character) ? mask | (1n << BigInt(index)) : mask), 0n),
    );
  }
  return sets.map((set) => known.get(set) ?? 0n);
}

function characterOf(digits: string): string {
  return String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(digits, 16)));
}

/** Where two ranges overlap, an end of one lies in the other. */
function neighbours(character: string): readonly string[] {
  const code = character.codePointAt(0) ?? 0;
  return [code - 1, code, code + 1].map((point) => String.fromCodePoint(Math.min(0x10ffff, Math.max(0, point))));
}

/** Places that lie on a common circle. */
type Loop = ReadonlySet<number>;

function loopsOf({ after }: PatternAutomaton): readonly Loop[] {
  const reached = after.map((_, place) => reachable([place], (at) => after[at]?.keys() ?? []));
  const taken = new Set<number>();
  return after.flatMap((_, place) => {
    if (taken.has(place) || reached[place]?.has(place) !== true) return [];
    const loop = new Set([...(reached[place] ?? [])].filter((other) => reached[other]?.has(place)));
    for (const member of loop) taken.add(member);
    return [loop];
  });
}

/** Places reached by at least one step. */
function reachable(from: Iterable<number>, next: (place: number) => Iterable<number>): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [...from];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const target of next(place)) {
      if (found.has(target)) continue;
      found.add(target);
      open.push(target);
    }
  }
  return found;
}

/** Do two different ways lead around the loop on the same text? */
function isAmbiguous(loop: Loop, { after }: PatternAutomaton, masks: readonly bigint[]): boolean {
  if (loop.size > mostPlacesInLoop) throw new PatternProblem('is too large: repeat less inside what is repeated');
  const steps = new Map([...loop].map((place) => [place, [...(after[place] ?? [])].filter(([to]) => loop.has(to))]));
  if ([...steps.values()].flat().some(([, ways]) => ways > 1)) return true;
  const next = (place: number) => (steps.get(place) ?? []).map(([to]) => to);
  const width = masks.length;
  const pairsAfter = (pair: number) =>
    next(Math.floor(pair / width)).flatMap((a) =>
      next(pair % width).flatMap((b) => (((masks[a] ?? 0n) & (masks[b] ?? 0n)) === 0n ? [] : [a * width + b])),
    );
  const same = [...loop].map((place) => place * width + place);
  const apart = reachable(same, pairsAfter);
  const back = new Map<number, number[]>();
  for (const pair of apart) for (const to of pairsAfter(pair)) add(back, to, pair);
  const together = reachable(same, (pair) => back.get(pair) ?? []);
  return [...apart].some((pair) => Math.floor(pair / width) !== pair % width && together.has(pair));
}

function add(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

interface Ground {
  readonly automaton: PatternAutomaton;
  readonly masks: readonly bigint[];
  readonly isAnchored: boolean;
}

/** The costliest row of loops each of which can take over from the one before on the same text. */
function longestChain(loops: readonly Loop[], { automaton, masks, isAnchored }: Ground): PatternGrowth {
  const { after, first, spans } = automaton;
  const alphabets = loops.map((loop) => [...loop].reduce((all, place) => all | (masks[place] ?? 0n), 0n));
  const known = new Map<number, PatternGrowth>();

  /** Loops that take over from what takes `alphabet` and goes on to `starts`. */
  function followers(alphabet: bigint, starts: readonly number[]): readonly number[] {
    return loops.flatMap((loop, index) => {
      const common = alphabet & (alphabets[index] ?? 0n);
      if (common === 0n) return [];
      const fits = (place: number) => ((masks[place] ?? 0n) & common) !== 0n;
      const entered = starts.filter(fits);
      const onTheWay = reachable(entered, (place) => [...(after[place]?.keys() ?? [])].filter(fits));
      return entered.some((place) => loop.has(place)) || [...onTheWay].some((place) => loop.has(place)) ? [index] : [];
    });
  }

  function from(index: number): PatternGrowth {
    const before = known.get(index);
    if (before !== undefined) return before;
    const loop = loops[index] ?? new Set();
    const span = Math.max(...[...loop].map((place) => spans[place] ?? 0));
    // A loop is not its own follower: what leads around it twice has been refused.
    const starts = [...loop].flatMap((place) => [...(after[place]?.keys() ?? [])]).filter((place) => !loop.has(place));
    const rest = worst(
      followers(alphabets[index] ?? 0n, starts)
        .filter((next) => next !== index)
        .map(from),
    );
    const growth = Number.isFinite(span)
      ? { degree: rest.degree, factor: rest.factor * span }
      : { degree: rest.degree + 1, factor: rest.factor };
    known.set(index, growth);
    return growth;
  }

  const all = worst(loops.map((_, index) => from(index)));
  const everything = masks.reduce((union, mask) => union | mask, 0n);
  const unanchored = worst(isAnchored ? [] : followers(everything, [...first.keys()]).map(from));
  const started = isAnchored ? unanchored : { degree: unanchored.degree + 1, factor: unanchored.factor };
  const chain = worst([all, started]);
  return { degree: Math.max(1, chain.degree), factor: chain.factor };
}

function worst(growths: readonly PatternGrowth[]): PatternGrowth {
  return growths.reduce(
    (most, growth) =>
      growth.degree > most.degree || (growth.degree === most.degree && growth.factor > most.factor) ? growth : most,
    { degree: 0, factor: 1 },
  );
}
