import type { JsonObject } from '../../../core/json.ts';

/** The value of one of Converse's own fields in a body, in its camelCase or in snake_case. Null counts as absent. */
export function nativeField(body: JsonObject, camelCase: string): unknown {
  return body[camelCase] ?? body[snakeCase(camelCase)] ?? undefined;
}

/** `guardrailConfig` to `guardrail_config`. */
export function snakeCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
