/**
 * Documents of LiteLLM, Javelin and Portkey's legacy form as configs.
 *
 * @module modelmux/import
 */

export type { ImportWarning } from './config/importers/foreign/notes.ts';
export { fromPortkeyLegacy, type PortkeyLegacyImport } from './config/importers/from-portkey-legacy.ts';
export { fromJavelin, type JavelinImport } from './config/importers/javelin/from-javelin.ts';
export { fromLiteLLM, type LiteLLMImport, type LiteLLMOptions } from './config/importers/litellm/from-litellm.ts';
export type { RedisWish } from './config/importers/litellm/redis.ts';
export type { LiteLLMServerSettings } from './config/importers/litellm/server-settings.ts';
