import { ConfigError } from '../../../core/errors/config-error.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { jsonMistake } from '../../by-id/json-mistake.ts';
import { lineAndColumn } from '../../by-id/line-and-column.ts';
import { parseYaml } from '../../by-id/parse-yaml.ts';
import { UnusableConfig } from '../../by-id/read-found.ts';

/** What kind of document is read. */
export interface DocumentKind {
  /** `LiteLLM document` */
  readonly title: string;
  /** `1.1`: written for Python's parser. */
  readonly yaml: '1.1' | '1.2';
}

const maxDepth = 64;

/** A document as an object: given as one, or as its JSON or YAML text. Throws `ConfigError`, which quotes nothing of the text. */
export function readDocument(document: unknown, kind: DocumentKind): JsonObject {
  const value = typeof document === 'string' ? parse(document, kind) : document;
  if (!isJsonObject(value)) throw refusal(kind, 'Must be an object, or the JSON or YAML text of one.');
  if (isTooDeep(value)) throw refusal(kind, `Nests deeper than ${maxDepth} levels, or contains itself.`);
  return value;
}

function parse(text: string, kind: DocumentKind): unknown {
  const mistake = /^\s*[{[]/.test(text) ? jsonMistake(text) : 'yaml';
  if (mistake === undefined) return JSON.parse(text);
  try {
    return parseYaml(text, kind.yaml);
  } catch (error) {
    if (!(error instanceof UnusableConfig)) throw error;
    // What begins as JSON was meant as JSON: its mistake says more.
    if (mistake === 'yaml') throw refusal(kind, `The text ${error.message}.`);
    throw refusal(kind, `The text is not valid JSON: ${lineAndColumn(text, mistake.position)}: ${mistake.what}.`);
  }
}

function refusal({ title }: DocumentKind, message: string): ConfigError {
  return new ConfigError([{ path: '$', message }], `Invalid ${title}`);
}

/** Level by level, without recursion; an object that contains itself ends too. */
function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return true;
    level = [...new Set(level)].flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item).filter(isContainer) : [],
    );
  }
  return false;
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
