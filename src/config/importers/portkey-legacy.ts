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
 * Portkey's legacy `{mode, options: [{provider, apiKey, weight, override_params, …}]}` to a config. Root `retry` and `cache` go
 * to the options that lack their own; the legacy fallback tries each option on any error, as `fallback` does.
 */
export function fromPortkeyLegacy(document: JsonObject): JsonObject {
  const { mode, options, targets, ...rest } = document;
  const list = options ?? targets;
  if (!Array.isArray(list)) return rest;
  return { ...rest, strategy: { mode: mode ?? (list.length > 1 ? undefined : 'single') }, targets: list };
}
