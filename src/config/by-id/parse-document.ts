import { jsonMistake } from './json-mistake.ts';
import { lineAndColumn } from './line-and-column.ts';
import { UnusableConfig } from './read-found.ts';

/**
 * The value in a JSON or YAML 1.2 file. Stricter than the formats ask: a key written twice is refused in both, and so are
 * unknown YAML tags and aliases that multiply beyond measure.
 *
 * Throws {@link UnusableConfig} with lines and columns. It quotes nothing: the text may hold keys.
 */
export async function parseDocument(bytes: Uint8Array, format: 'json' | 'yaml'): Promise<unknown> {
  const text = decode(bytes);
  if (format === 'json') return parseJson(text);
  // Only whoever keeps configs in YAML pays for the parser.
  const { parseYaml } = await import('./parse-yaml.ts');
  return parseYaml(text);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnusableConfig('is not UTF-8 text');
  }
}

function parseJson(text: string): unknown {
  const mistake = jsonMistake(text);
  if (mistake !== undefined)
    throw new UnusableConfig(`is not valid JSON: ${lineAndColumn(text, mistake.position)}: ${mistake.what}`);
  return JSON.parse(text);
}
