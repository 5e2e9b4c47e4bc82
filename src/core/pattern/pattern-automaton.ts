import { type PatternNode, PatternProblem, type PatternRepeat } from './parse-pattern.ts';

/** The places of a pattern that take a character, and which may follow which: Glushkov's automaton, with ways counted. */
export interface PatternAutomaton {
  /** What each place takes, as the source of a set. */
  readonly sets: readonly string[];
  /** Longest text that the outermost repetition around a place takes; 0 outside of all. */
  readonly spans: readonly number[];
  /** By place: the places after it, and in how many ways (2: in several). */
  readonly after: readonly ReadonlyMap<number, number>[];
  /** Places a match may begin with. */
  readonly first: ReadonlyMap<number, number>;
  /** Bodies of lookaheads and lookbehinds; `isAtStart` when nothing stands before. */
  readonly looks: readonly { readonly body: PatternNode; readonly isAtStart: boolean }[];
}

const mostPlaces = 1000;
/** Repetitions up to this often are written out; their number of ways stays small. */
const fewTimes = 3;
const writtenOut = 64;

/** Where a part begins and ends, and in how many ways it takes nothing. Ways are counted to 2. */
interface Part {
  readonly first: ReadonlyMap<number, number>;
  readonly last: ReadonlyMap<number, number>;
  readonly empty: number;
}

/** The automaton of a pattern. Throws `PatternProblem` when it is too large. */
export function patternAutomaton(root: PatternNode): PatternAutomaton {
  const sets: string[] = [];
  const spans: number[] = [];
  const after: Map<number, number>[] = [];
  const looks: { readonly body: PatternNode; readonly isAtStart: boolean }[] = [];

  function link(from: Part['last'], to: Part['first']): void {
    for (const [source, ways] of from) for (const [target, more] of to) count(after[source], target, ways * more);
  }

  function inSequence(parts: Iterable<Part>): Part {
    let whole: Part = nothing;
    for (const part of parts) {
      link(whole.last, part.first);
      whole = {
        first: merged(whole.first, part.first, whole.empty),
        last: merged(part.last, whole.last, part.empty),
        empty: Math.min(2, whole.empty * part.empty),
      };
    }
    return whole;
  }

  function repeated({ body, min, max }: PatternRepeat, depth: number): Part {
    const isFixed = min === max && sizeOf(body).isFixed;
    if (max <= (isFixed ? writtenOut : fewTimes) && depth < 2) {
      const copies = Array.from({ length: max }, (_, index) => {
        const part = partOf(body, depth + (isFixed ? 0 : 1));
        return index < min ? part : optional(part);
      });
      return inSequence(copies);
    }
    const before = sets.length;
    const part = partOf(body, depth);
    link(part.last, part.first);
    spans.fill(sizeOf(body).longest * max, before);
    return min === 0 ? optional(part) : part;
  }

  function partOf(node: PatternNode, depth: number): Part {
    switch (node.kind) {
      case 'set': {
        if (sets.length >= mostPlaces) throw new PatternProblem('is too large: repeat less inside what is repeated');
        const place = new Map([[sets.push(node.source) - 1, 1]]);
        spans.push(0);
        after.push(new Map());
        return { first: place, last: place, empty: 0 };
      }
      case 'edge':
        return nothing;
      case 'look':
        looks.push({ body: node.body, isAtStart: sets.length === 0 });
        return nothing;
      case 'group':
        return partOf(node.body, depth);
      case 'repeat':
        return repeated(node, depth);
      case 'sequence':
        return inSequence(node.items.map((item) => partOf(item, depth)));
      case 'choice':
        return node.branches.map((branch) => partOf(branch, depth)).reduce(either);
    }
  }

  const { first } = partOf(root, 0);
  return { sets, spans, after, first, looks };
}

const none: ReadonlyMap<number, number> = new Map();
const nothing: Part = { first: none, last: none, empty: 1 };

function optional(part: Part): Part {
  return { ...part, empty: 1 };
}

function either(a: Part, b: Part): Part {
  return {
    first: merged(a.first, b.first, 1),
    last: merged(a.last, b.last, 1),
    empty: Math.min(2, a.empty + b.empty),
  };
}

function merged(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
  times: number,
): ReadonlyMap<number, number> {
  if (times === 0) return a;
  const both = new Map(a);
  for (const [place, ways] of b) count(both, place, ways * times);
  return both;
}

function count(ways: Map<number, number> | undefined, place: number, more: number): void {
  ways?.set(place, Math.min(2, (ways.get(place) ?? 0) + more));
}

/** Longest text a part takes, and whether every text it takes is that long. */
function sizeOf(node: PatternNode): { readonly longest: number; readonly isFixed: boolean } {
  switch (node.kind) {
    case 'set':
      return { longest: 1, isFixed: true };
    case 'edge':
    case 'look':
      return { longest: 0, isFixed: true };
    case 'group':
      return sizeOf(node.body);
    case 'repeat': {
      const body = sizeOf(node.body);
      const longest = body.longest === 0 ? 0 : body.longest * node.max;
      return { longest, isFixed: body.isFixed && node.min === node.max };
    }
    case 'sequence': {
      const sizes = node.items.map(sizeOf);
      return { longest: sum(sizes.map(({ longest }) => longest)), isFixed: sizes.every(({ isFixed }) => isFixed) };
    }
    // Branches are ways to go, whatever their length.
    case 'choice':
      return { longest: Math.max(...node.branches.map((branch) => sizeOf(branch).longest)), isFixed: false };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
