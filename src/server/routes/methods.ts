import type { Endpoint } from '../../core/endpoint.ts';
import { apiError } from '../../core/errors/api-error.ts';
import { posted, type Route, routeOf } from '../../resources/http/index.ts';
import type { Exchange } from '../exchange.ts';

/** Endpoints at whose path a provider's API has no other method: stored chat completions are read and deleted where they are made. */
const hasOnlyPost = (endpoint: Endpoint) => endpoint !== 'chat/completions' && posted.has(endpoint);

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Throws 404 for a path that no provider could have, 405 for a method that the endpoint at the path does not take. */
export function checkMethod({ method, path, responseHeaders }: Exchange, route: Route): void {
  if (route.endpoint !== 'proxy' && methods.includes(method)) return;
  const { endpoint } = routeOf('POST', path);
  const allowed = hasOnlyPost(endpoint) ? ['POST'] : methods;
  if (endpoint === 'proxy' && !/^\/v1\/./.test(path)) throw notFound(path);
  if (allowed.includes(method)) return;
  responseHeaders['allow'] = allowed.join(', ');
  throw refused(405, 'method_not_allowed', `${path} takes ${allowed.join(', ')}, not ${method}.`);
}

/** 404 for a path below which there is nothing. */
export function notFound(path: string, hint = 'The API begins at /v1, as in /v1/chat/completions.') {
  return refused(404, 'unknown_url', `There is nothing at ${path}. ${hint}`);
}

function refused(status: number, code: string, message: string) {
  return apiError({
    status,
    kind: status === 404 ? 'not_found' : 'invalid_request',
    type: 'invalid_request_error',
    code,
    message,
  });
}
