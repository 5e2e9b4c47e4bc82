import { isJsonObject, type JsonObject } from '../../core/json.ts';

/** Is this Portkey's form of before mid-2024, `{mode, options}`, or its single form with `retry`/`cache` as plain values? */
export function isPortkeyLegacy(document: unknown): document is JsonObject {
  return (
    isJsonObject(document) &&
    document.strategy === undefined &&
    ('options' in document || typeof document.mode === 'string')
  );
}

/**
 * Portkey's legacy `{mode, options: [{provider, apiKey, weight, override_params, …}]}` to a config. Root `retry` goes to the options
 * that lack their own; `cache: "simple"` is short for its mode; the legacy fallback tries each option on any error, as `fallback` does.
 */
export function legacyToConfig(document: JsonObject): JsonObject {
  const { mode, options, targets, ...rest } = document;
  const list = options ?? targets;
  const root = withCacheMode(rest);
  if (!Array.isArray(list)) return root;
  return {
    ...root,
    strategy: { mode: mode ?? (list.length > 1 ? undefined : 'single') },
    targets: list.map((option) => (isJsonObject(option) ? withCacheMode(option) : option)),
  };
}

function withCacheMode(node: JsonObject): JsonObject {
  return typeof node.cache === 'string' ? { ...node, cache: { mode: node.cache } } : node;
}
