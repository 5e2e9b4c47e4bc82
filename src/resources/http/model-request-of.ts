import type { ModelRequest } from '../../core/handler.ts';
import type { JsonObject } from '../../core/json.ts';
import { providerPath } from '../call-path.ts';
import { toFields } from './form-fields.ts';
import { checkRequired } from './required-fields.ts';
import type { Route } from './route.ts';

/** What came with a route: fields or a form, `{}` where there is no body, and the query. */
export interface RouteInput {
  readonly body: JsonObject | FormData;
  readonly query: URLSearchParams;
}

/** The request for the tree. An endpoint's query joins the body, that of a proxied path stays on it. Throws `InvalidRequestError`. */
export function modelRequestOf(route: Route, { body, query }: RouteInput): ModelRequest {
  const { endpoint, path, method, deployment } = route;
  const fields = body instanceof FormData ? toFields(body) : body;
  if (endpoint === 'proxy') {
    const search = query.size === 0 ? '' : `?${query}`;
    return { ...methodOf(method), endpoint, path: providerPath(`${path}${search}`), body: fields };
  }
  const request: ModelRequest = {
    endpoint,
    ...(path === undefined ? {} : { path: providerPath(path) }),
    ...methodOf(method),
    body: completed(fields, method === 'GET' ? fieldsOf(query) : deployed(fields, deployment)),
  };
  checkRequired(request);
  return request;
}

/** A copy only where there is something to add: bodies may be large. */
function completed(fields: JsonObject, more: JsonObject): JsonObject {
  return Object.keys(more).length === 0 ? fields : { ...more, ...fields };
}

function methodOf(method: string | undefined): { readonly method?: string } {
  return method === undefined ? {} : { method };
}

function deployed(fields: JsonObject, deployment: string | undefined): JsonObject {
  return deployment === undefined || fields.model !== undefined ? {} : { model: deployment };
}

/** `api-version` is of Azure's address, not of the call. */
function fieldsOf(query: URLSearchParams): JsonObject {
  return toFields([...query].filter(([name]) => name !== 'api-version'));
}
