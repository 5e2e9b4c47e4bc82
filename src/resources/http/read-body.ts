import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { IncomingCall } from './incoming.ts';

/** The body: JSON as an object, `{}` where there is none, or a form. Rejects with `InvalidRequestError`. */
export async function readBody(incoming: IncomingCall): Promise<JsonObject | FormData> {
  const type = (incoming.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'multipart/form-data' || type === 'application/x-www-form-urlencoded') return readForm(incoming);
  const text = await incoming.text();
  if (text === '') return {};
  if (type === '' || type === 'text/plain' || type.endsWith('json')) return parseObject(text);
  throw refused(`A body of type "${type}" cannot be sent on. Send JSON or multipart/form-data.`);
}

async function readForm(incoming: IncomingCall): Promise<FormData> {
  try {
    return await incoming.formData();
  } catch (cause) {
    incoming.signal?.throwIfAborted();
    throw refused(`The form cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
}

function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refused(`The body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
  if (isJsonObject(value)) return value;
  throw refused('The body must be a JSON object, such as { "model": "gpt-4o" }.');
}

function refused(message: string): InvalidRequestError {
  return new InvalidRequestError('body', message);
}
