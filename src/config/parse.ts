import { ConfigError } from '../core/errors/config-error.ts';
import { isJsonObject } from '../core/json.ts';
import { isWithinBounds } from './bounds.ts';
import { jsonMistake } from './by-id/json-mistake.ts';
import { type ConfigNames, checkMeaning } from './check.ts';
import type { Config } from './config.ts';
import { isPortkeyLegacy, legacyToConfig } from './importers/portkey-legacy.ts';
import { collectIssues, type Issues } from './issues.ts';
import { withApiKeys } from './limits/api-keys.ts';
import { everything, isWellShaped } from './schema.ts';
import { toCanonicalSpelling } from './spelling.ts';

/**
 * Reads what a user gives as config: an object, also in Portkey's legacy form. The given object stays untouched.
 * Throws one `ConfigError` that lists everything wrong, each with its path. `names`: what it may name of the client's options.
 */
export function parseConfig(given: unknown, subject?: string, names: ConfigNames = {}): Config {
  const issues = collectIssues();
  const config = readConfig(given, issues, names);
  if (config === undefined || issues.all.length > 0) throw new ConfigError(issues.all, subject);
  return config;
}

function readConfig(document: unknown, issues: Issues, names: ConfigNames): Config | undefined {
  if (!isJsonObject(document)) {
    issues.add(
      '$',
      `A config is an object such as { "strategy": { "mode": "fallback" }, "targets": [ … ] }, not ${describe(document)}.`,
    );
    return undefined;
  }
  if (!isWithinBounds(document, issues)) return undefined;
  const modern = isPortkeyLegacy(document) ? legacyToConfig(document) : document;
  const config = toCanonicalSpelling(modern, issues);
  const broken = new Set<string>();
  const isSound = isWellShaped(config, issues, broken);
  if (broken.has(everything)) return undefined;
  // What is well shaped is checked further all the same: everything wrong is reported at once.
  checkMeaning(config as Config, issues, broken, names);
  return isSound ? withApiKeys(config) : undefined;
}

/** JSON text of a config to its object. Throws `ConfigError`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold keys.
    const lines = text.slice(0, jsonMistake(text)?.position).split('\n');
    const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
    throw new ConfigError([{ path: '$', message: `Not valid JSON: ${place}.` }]);
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
