import type { JsonObject } from '../../../core/json.ts';
import { asObject, asText } from '../shared/lenient.ts';

/**
 * Where a thought signature is kept in OpenAI's shapes: on the tool call, message, image or content block it belongs to.
 * `{}` when there is none. Source: "OpenAI compatibility", Gemini API docs.
 */
export function withSignature(signature: string | undefined): JsonObject {
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
}

/** The thought signature that {@link withSignature} put on `holder`. */
export function signatureOf(holder: JsonObject): string | undefined {
  return asText(asObject(asObject(holder.extra_content).google).thought_signature);
}
