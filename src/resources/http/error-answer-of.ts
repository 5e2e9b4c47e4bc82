import type { Endpoint } from '../../core/endpoint.ts';
import { APIError } from '../../core/errors/api-error.ts';
import { toHeaderValues } from '../response-headers.ts';
import type { HttpAnswer } from './answer.ts';
import { errorBody, statusOf, toPortkeyError } from './error-body.ts';
import { tidied } from './tidied.ts';

/**
 * An error as an HTTP response: status, `retry-after` and request ID of the provider, Portkey's headers. `x-should-retry: false`
 * where the config has tried more than once already: OpenAI's and Anthropic's clients then do not start over.
 */
export function errorAnswerOf(thrown: unknown, endpoint: Endpoint): HttpAnswer {
  const error = toPortkeyError(thrown);
  const { target, traceId, requestId, attempts } = error;
  const headers = toHeaderValues({
    ...(error instanceof APIError ? error.headers : {}),
    ...(target === undefined
      ? {}
      : { 'x-portkey-last-used-option-index': target.path, 'x-portkey-provider': target.provider }),
    ...(attempts.length === 0 ? {} : { 'x-portkey-retry-attempt-count': attempts.at(-1)?.retry ? '-1' : '0' }),
    ...(traceId === undefined ? {} : { 'x-portkey-trace-id': traceId }),
    ...(requestId === undefined ? {} : { 'x-portkey-request-id': requestId }),
    ...(attempts.length > 1 ? { 'x-should-retry': 'false' } : {}),
    'content-type': 'application/json',
  });
  return {
    status: statusOf(error),
    headers: tidied(headers, requestId),
    body: { kind: 'text', text: JSON.stringify(errorBody(error, endpoint)) },
  };
}
