import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope, WireRequest } from '../../../core/provider.ts';
import { hasBlob, toFormData } from './form-data.ts';

/** The call of an endpoint that has one documented form. */
export interface CallForm {
  /** Below the base URL; the request's own `path` beats it. */
  readonly path: string;
  /** `POST` when absent; the request's own `method` beats it. */
  readonly method?: string;
  /** `form`: sent as multipart even without a file. Bodies with a `Blob` always are. */
  readonly encoding?: 'form';
}

/**
 * The wire request for `body`, every field as the caller gave it. With GET the fields go into the query, lists as `name[]`; a
 * DELETE or GET without fields has no body.
 */
export function toCall(form: CallForm, body: JsonObject, scope: CodecScope): WireRequest {
  const method = scope.request.method ?? form.method ?? 'POST';
  const path = scope.request.path ?? form.path;
  const fields = withPlainModel(body, scope.model);
  if (method === 'GET' || method === 'HEAD') return { method, path: withQuery(path, fields) };
  if (method === 'DELETE' && Object.keys(fields).length === 0) return { method, path };
  const asForm = hasBlob(fields) || (form.encoding === 'form' && isMainCall(form, scope));
  return { method, path, body: asForm ? toFormData(fields) : fields };
}

/** Is this the endpoint's main call, as opposed to one on an object below it, such as `GET /responses/resp_1`? */
export function isMainCall(form: CallForm, scope: CodecScope): boolean {
  const { method, path } = scope.request;
  const usual = form.method ?? 'POST';
  return (method === undefined || method === usual) && (path === undefined || path.split('?')[0] === form.path);
}

function withPlainModel(body: JsonObject, model: string): JsonObject {
  const given = body['model'];
  const named = typeof given === 'string' && given.startsWith('@') && given !== model && model !== '';
  return named ? { ...body, model } : body;
}

function withQuery(path: string, fields: JsonObject): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value)) for (const item of value) query.append(`${name}[]`, queryText(item));
    else if (value !== undefined && value !== null) query.append(name, queryText(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

function queryText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
