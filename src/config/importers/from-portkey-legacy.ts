import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Config } from '../config.ts';
import { parseConfig } from '../parse.ts';
import type { ImportWarning } from './foreign/notes.ts';
import { readDocument } from './foreign/read-text.ts';
import { toStep } from './foreign/section.ts';

/** What a legacy Portkey document comes to. */
export interface PortkeyLegacyImport {
  readonly config: Config;
  /** The body of the call, where the document is the body of a `POST /v1/complete` or `/v1/chatComplete`. */
  readonly params?: JsonObject;
  /** What stands beside `config` and `params`. All that the legacy form itself can say, a config says too. */
  readonly warnings: readonly ImportWarning[];
}

/**
 * Portkey's configs of before mid-2024, `{mode, options: [{provider, apiKey, weight, …}]}`, or the body of its legacy endpoints,
 * `{config, params}`: an object, or JSON or YAML text. Clients take the form as it is; this shows what it stands for.
 * Throws `ConfigError` with what cannot be meant.
 */
export function fromPortkeyLegacy(document: unknown): PortkeyLegacyImport {
  const given = readDocument(document, { title: 'legacy Portkey document', yaml: '1.2' });
  const isBody = isJsonObject(given.config) && !('mode' in given) && !('options' in given);
  const config = parseConfig(isBody ? given.config : given, 'Invalid legacy Portkey document');
  const beside = isBody ? Object.keys(given).filter((key) => key !== 'config' && key !== 'params') : [];
  return {
    config,
    ...(isBody && isJsonObject(given.params) ? { params: given.params } : {}),
    warnings: beside.map((key) => ({ path: `$${toStep(key)}`, message: 'Not known: it has no effect here.' })),
  };
}
