import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

/** Where something stands in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Offset of what an issue's path names: a key, an element of a list. What is missing is where it would be: the nearest holder. Keys
 * are found in either spelling, and under the names of Portkey's legacy form.
 */
export function positionOf(document: Document.Parsed, path: string): number {
  let rest = path.replace(/^\$/, '');
  let node = resolved(document.contents, document);
  let offset = startOf(node);
  while (rest !== '') {
    const step = rest.startsWith('[') ? (element(node, rest) ?? quotedMember(node, rest)) : member(node, rest);
    if (step === undefined) {
      // Where the legacy form says the same without a level of its own.
      const skipped = /^\.strategy(?=\.)/.exec(rest)?.[0];
      if (skipped === undefined) return offset;
      rest = rest.slice(skipped.length);
      continue;
    }
    offset = step.offset;
    rest = rest.slice(step.length);
    node = resolved(step.node, document);
  }
  return offset;
}

interface Step {
  readonly node: unknown;
  readonly offset: number;
  /** Characters of the path that it stands for. */
  readonly length: number;
}

function element(node: unknown, rest: string): Step | undefined {
  const [text, index] = /^\[(\d+)\]/.exec(rest) ?? [];
  if (text === undefined || !isSeq(node)) return undefined;
  const item = node.items[Number(index)];
  return item === undefined ? undefined : { node: item, offset: startOf(item), length: text.length };
}

/** `["gpt-4o"]` */
function quotedMember(node: unknown, rest: string): Step | undefined {
  const [text, quoted] = /^\[("(?:[^"\\]|\\.)*")\]/.exec(rest) ?? [];
  if (text === undefined || quoted === undefined || !isMap(node)) return undefined;
  const name: unknown = JSON.parse(quoted);
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
  return pair === undefined ? undefined : { node: pair.value, offset: startOf(pair.key), length: text.length };
}

/** A key may hold dots itself: the longest that fits is meant. */
function member(node: unknown, rest: string): Step | undefined {
  if (!isMap(node)) return undefined;
  const steps = node.items.flatMap((pair) => {
    const length = lengthOf(pair, rest);
    return length === 0 ? [] : [{ node: pair.value, offset: startOf(pair.key), length }];
  });
  return steps.toSorted((left, right) => right.length - left.length)[0];
}

const legacyNames: Readonly<Record<string, string>> = { options: 'targets' };

/** How much of `.key…` the pair's key is; 0 when it is another. */
function lengthOf({ key }: Pair, rest: string): number {
  if (!isScalar(key)) return 0;
  const written = String(key.value);
  const names = [written, snake(written), legacyNames[written]];
  const fits = names.find((name) => name !== undefined && rest.startsWith(`.${name}`) && ends(rest, name.length + 1));
  return fits === undefined ? 0 : fits.length + 1;
}

function ends(rest: string, at: number): boolean {
  return at === rest.length || rest[at] === '.' || rest[at] === '[';
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
}

function resolved(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}
