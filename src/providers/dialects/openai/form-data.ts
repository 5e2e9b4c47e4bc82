import { TranslationError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';

/** Does a field of `body`, or an item of one, hold a file? */
export function hasBlob(body: JsonObject): boolean {
  return Object.values(body).some((value) => (Array.isArray(value) ? value.some(isBlob) : isBlob(value)));
}

/**
 * The fields of `body` as a multipart form: lists as `name[]`, objects as `name[key]`, as OpenAI's API reads them. Throws
 * `TranslationError` for null, which a form cannot carry.
 */
export function toFormData(body: JsonObject): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) append(form, name, value);
  return form;
}

function append(form: FormData, name: string, value: unknown): void {
  if (value === undefined) return;
  if (value === null) throw new TranslationError(name, `A form field cannot be null. Leave "${name}" out.`);
  if (isBlob(value)) form.append(name, value, fileName(value));
  else if (Array.isArray(value)) for (const item of value) append(form, `${name}[]`, item);
  else if (isJsonObject(value))
    for (const [key, member] of Object.entries(value)) append(form, `${name}[${key}]`, member);
  else form.append(name, String(value));
}

function isBlob(value: unknown): value is Blob {
  return value instanceof Blob;
}

/** Audio and image endpoints tell the format by the file's extension, so a nameless blob gets one from its type. */
function fileName(blob: Blob): string {
  if (blob instanceof File && blob.name !== '') return blob.name;
  const subtype = /^\w+\/(?:x-)?(\w+)/.exec(blob.type)?.[1];
  return subtype === undefined ? 'file' : `file.${subtype}`;
}
