import { apiError } from '../../../core/errors/api-error.ts';
import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { errorFacts } from './error-facts.ts';

/** Is this event's data the end marker of OpenAI-like streams? */
export function isEndMarker(data: string): boolean {
  return data === '[DONE]' || (data.length < 12 && data.trim() === '[DONE]');
}

/** The JSON object in a stream event's data. Throws `UnreadableReplyError` for anything else, the `APIError` for Google's `[{error}]`. */
export function parseEventData(data: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw new UnreadableReplyError('The stream holds an event that is not JSON', data);
  }
  if (isJsonObject(value)) return value;
  if (Array.isArray(value) && isJsonObject(value[0]) && carriesError(value[0]))
    throw apiError(errorFacts(undefined, value));
  throw new UnreadableReplyError('The stream holds an event that is no JSON object', data);
}

/** Does a 2xx body or a stream's event say that it is an error? `error: null` and empty ones do not. */
export function carriesError(value: JsonObject): boolean {
  const { error } = value;
  if (error === undefined || error === null) return value['object'] === 'error';
  if (typeof error === 'string') return error !== '';
  return isJsonObject(error) && Object.keys(error).length > 0;
}
