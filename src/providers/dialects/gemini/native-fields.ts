import type { JsonObject } from '../../../core/json.ts';

/**
 * The value of a Gemini field in a request body, in camelCase or in snake_case: Google's JSON accepts both, and so do
 * callers. Null counts as absent.
 */
export function nativeField(body: JsonObject, camelCase: string): unknown {
  return body[camelCase] ?? body[toSnakeCase(camelCase)] ?? undefined;
}

/** `thinkingConfig` to `thinking_config`. */
export function toSnakeCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Gemini's own fields of the request that are handed on as they are. */
export const nativeTopFields = ['safetySettings', 'cachedContent', 'labels'] as const;

/** Gemini's own fields of `generationConfig` that are handed on as they are, and beat what OpenAI's fields say. */
export const nativeConfigFields = [
  'responseModalities',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'speechConfig',
  'imageConfig',
  'mediaResolution',
  'enableEnhancedCivicAnswers',
  'audioTimestamp',
  'routingConfig',
  'modelSelectionConfig',
] as const;
