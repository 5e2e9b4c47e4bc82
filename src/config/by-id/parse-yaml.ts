import { type Document, isScalar, parseDocument, visit } from 'yaml';
import { lineAndColumn } from './line-and-column.ts';
import { UnusableConfig } from './read-found.ts';
import { yamlExcess } from './yaml-bounds.ts';

const mostAliases = 1000;
const timestampTag = 'tag:yaml.org,2002:timestamp';

/**
 * The value in a YAML document. Stricter than the format asks: keys written twice, unknown tags, and aliases that multiply beyond measure
 * are refused, and so is what would keep the parser busy for seconds. `version` 1.1 is what Python's parser reads: `yes` and `on` are true, `<<` merges; dates stay texts all the same.
 *
 * Throws {@link UnusableConfig} with lines and columns. It quotes nothing: the text may hold keys.
 */
export function parseYaml(text: string, version: '1.1' | '1.2' = '1.2'): unknown {
  try {
    const excess = yamlExcess(text);
    if (excess !== undefined) refuseMistakes(text, [excess]);
    const document = parseDocument(text, {
      version,
      prettyErrors: false,
      // The parser's own check for unique keys compares every key with every other: minutes for a large file.
      uniqueKeys: false,
      customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== timestampTag),
    });
    const problems = [...document.errors, ...document.warnings].map(
      // The code in words (`tag resolve failed`), since some of the messages quote the text.
      ({ code, pos }) => ({ position: pos[0], what: code.toLowerCase().replaceAll('_', ' ') }),
    );
    refuseMistakes(text, problems.length > 0 ? problems : mistakesIn(document));
    // The anchor itself counts as one.
    return document.toJS({ maxAliasCount: mostAliases + 1 });
  } catch (error) {
    if (error instanceof UnusableConfig) throw error;
    const why = error instanceof ReferenceError ? aliasProblem(error) : 'it is nested too deeply';
    throw new UnusableConfig(`cannot be read: ${why}`);
  }
}

interface Mistake {
  readonly position: number;
  readonly what: string;
}

function refuseMistakes(text: string, mistakes: readonly Mistake[]): void {
  if (mistakes.length === 0) return;
  const named = mistakes.slice(0, 5).map(({ position, what }) => `${lineAndColumn(text, position)}: ${what}`);
  throw new UnusableConfig(`is not valid YAML: ${named.join('; ')}`);
}

/**
 * Keys written twice in one map, keys that are lists, maps or aliases, and too many aliases. `1` and `"1"` are one key: they are
 * in the object made of it.
 */
function mistakesIn(document: Document.Parsed): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const keysOf = new Map<unknown, Set<string>>();
  let aliases = 0;
  visit(document, {
    Alias(_index, alias) {
      aliases += 1;
      // Each is looked up by a walk through the whole document.
      if (aliases === mostAliases + 1)
        mistakes.push({ position: startOf(alias), what: `more than ${mostAliases} aliases` });
    },
    Pair(_index, { key }, path) {
      const map = path.at(-1);
      const seen = keysOf.get(map) ?? new Set();
      keysOf.set(map, seen);
      const name = isScalar(key) ? String(key.value) : undefined;
      if (name === undefined) mistakes.push({ position: startOf(key), what: 'a key must be a plain value' });
      else if (seen.has(name)) mistakes.push({ position: startOf(key), what: 'duplicate key' });
      else seen.add(name);
    },
  });
  return mistakes;
}

function startOf(node: unknown): number {
  return (node as { range?: readonly number[] | null } | null)?.range?.[0] ?? 0;
}

/** `toJS` finds out about aliases; its message may quote one. */
function aliasProblem({ message }: ReferenceError): string {
  return message.startsWith('Excessive') ? 'its aliases multiply beyond measure' : 'an alias (*) names no anchor (&)';
}
