import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { FoundConfig } from './config-source.ts';

/**
 * Reads what a file, a function or a server answered as a config. Accepted: the config itself; JSON text of it; or an
 * object whose `config` is one of these, beside `name` and `version_id` (or `version`), as Portkey's Admin API answers and exports.
 * A config has no field called `config`, so the shapes cannot be mistaken for each other.
 *
 * Throws {@link UnusableConfig}.
 */
export function readFound(answer: unknown): FoundConfig {
  const outer = toObject(answer);
  if (outer['config'] === undefined) return { config: outer };
  const version = text(outer['version_id']) ?? text(outer['version']);
  const name = text(outer['name']);
  return {
    config: toObject(outer['config']),
    ...(version === undefined ? {} : { version }),
    ...(name === undefined ? {} : { name }),
  };
}

/** What was found is no config. The message completes `The answer …` and quotes nothing of it: configs may hold keys. */
export class UnusableConfig extends Error {}

function toObject(value: unknown): JsonObject {
  const parsed = typeof value === 'string' ? parse(value) : value;
  if (isJsonObject(parsed)) return parsed;
  throw new UnusableConfig(`is ${kindOf(parsed)}, not a config object`);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's error quotes the text: it must not become the cause.
    throw new UnusableConfig('is text, but not JSON');
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
