import { ConfigError } from '../../core/errors/config-error.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { publicReason } from '../../vault/bounded.ts';
import { configIdProblem } from './config-id.ts';
import type { FoundConfig } from './config-source.ts';
import { parseDocument } from './parse-document.ts';
import { readFound, UnusableConfig } from './read-found.ts';

/** Checks a config; throws, or rejects, with a `ConfigError` when it cannot work. */
export type ConfigCheck = (config: unknown) => unknown;

/**
 * Reads one config file. Its ID is what it says itself as `slug` or `id`, else its name without extension. The content is a
 * config, or an export of Portkey's with the config inside (see `readFound`). Throws {@link UnusableConfig} when it is neither,
 * or `check` refuses it.
 */
export async function readConfigFile(fileName: string, bytes: Uint8Array, check: ConfigCheck): Promise<ConfigFile> {
  const document = await parseDocument(bytes, /\.json$/i.test(fileName) ? 'json' : 'yaml');
  const found = readFound(document);
  const id = idIn(document) ?? idOfFile(fileName);
  const problem = configIdProblem(id);
  if (problem !== undefined) throw new UnusableConfig(`has an ID that ${problem}`);
  const config = withoutSlug(found.config);
  await refuseUnless(check, config);
  return { id, found: { ...found, config } };
}

/** A config and the ID it is found by. */
export interface ConfigFile {
  readonly id: string;
  readonly found: FoundConfig;
}

/** The name without its last extension: `prod.eu` for `prod.eu.yaml`. */
export function idOfFile(fileName: string): string {
  return fileName.replace(/\.[^.]*$/, '');
}

/** `slug` first: where both stand, as in an export of Portkey's, `id` is a database key. */
function idIn(document: unknown): string | undefined {
  if (!isJsonObject(document)) return undefined;
  const { slug, id } = document;
  for (const [field, value] of Object.entries({ slug, id })) {
    if (typeof value === 'string') return value;
    if (value !== undefined) throw new UnusableConfig(`has a member "${field}" that is no string`);
  }
  return undefined;
}

/** `slug` is the file's word for its ID, no field of a config. `id` is one, and stays. */
function withoutSlug(config: unknown): JsonObject {
  const { slug, ...rest } = config as JsonObject;
  return rest;
}

async function refuseUnless(check: ConfigCheck, config: JsonObject): Promise<void> {
  try {
    await check(config);
  } catch (error) {
    const problems = error instanceof ConfigError ? error.issues.map(({ path, message }) => `${path}: ${message}`) : [];
    throw new UnusableConfig(`cannot work: ${problems.join('; ') || publicReason(error)}`);
  }
}
