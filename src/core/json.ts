/** Any value JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A JSON object whose members are not yet known. */
export type JsonObject = { readonly [key: string]: unknown };

/** Is `value` a plain JSON object (neither null nor an array)? */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
