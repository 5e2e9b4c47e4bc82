import type { CheckKind } from '../check.ts';
import { addPrefix } from './add-prefix.ts';
import { contains } from './contains.ts';
import { containsCode } from './contains-code.ts';
import { characterCount, sentenceCount, wordCount } from './counts.ts';
import { jsonKeys } from './json-keys.ts';
import { jsonSchema } from './json-schema.ts';
import { metadata, requiredMetadataKeys } from './metadata.ts';
import { modelRules, modelWhitelist } from './models.ts';
import { alllowercase, alluppercase, endsWith, notNull } from './plain-text.ts';
import { regexMatch } from './regex-match.ts';
import { regexReplace } from './regex-replace.ts';
import { allowedRequestTypes } from './request-types.ts';
import { validUrls } from './valid-urls.ts';
import { log, webhook } from './webhook.ts';

/** Portkey's deterministic checks, by their IDs behind `default.`. */
export const checkKinds = {
  regexMatch,
  sentenceCount,
  wordCount,
  characterCount,
  jsonSchema,
  jsonKeys,
  contains,
  validUrls,
  containsCode,
  alluppercase,
  alllowercase,
  endsWith,
  notNull,
  modelWhitelist,
  modelRules,
  allowedRequestTypes,
  requiredMetadataKeys,
  metadata,
  webhook,
  log,
  regexReplace,
  addPrefix,
} as const satisfies Record<string, CheckKind>;
