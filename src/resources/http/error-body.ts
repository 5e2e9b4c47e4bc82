import type { Endpoint } from '../../core/endpoint.ts';
import { APIError } from '../../core/errors/api-error.ts';
import { ConfigError, ConfigNotFoundError } from '../../core/errors/config-error.ts';
import { GuardrailError } from '../../core/errors/guardrail-error.ts';
import type { ErrorKind } from '../../core/errors/kind.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { JsonObject } from '../../core/json.ts';

/** HTTP status of an error: its own, else what stands nearest; 400 for a config of the call's own, 499 when the caller left. */
export function statusOf(error: PortkeyError): number {
  if (error instanceof ConfigError || error instanceof ConfigNotFoundError) return 400;
  return (error instanceof APIError ? error.status : undefined) ?? statusOfKind[error.kind] ?? 500;
}

const statusOfKind: Readonly<Partial<Record<ErrorKind, number>>> = {
  invalid_request: 400,
  network: 502,
  truncated: 502,
  unreadable: 502,
  timeout: 408,
  rate_limit: 429,
  capacity: 503,
  aborted: 499,
};

/** A `PortkeyError` as it is; anything else as a fault of ours that tells nothing of itself. */
export function toPortkeyError(thrown: unknown): PortkeyError {
  if (thrown instanceof PortkeyError) return thrown;
  return new APIError({
    status: 500,
    kind: 'server',
    message: 'Unexpected failure.',
    type: 'api_error',
    cause: thrown,
  });
}

/**
 * An error as OpenAI's API writes it (`error.message`, `type`, `param`, `code`), with the target and the trace ID beside them; for
 * `messages` with Anthropic's types, in the envelope its clients read. What guardrails said stands beside the error, as in Portkey's answers.
 */
export function errorBody(error: PortkeyError, endpoint: Endpoint): JsonObject {
  const facts: Partial<APIError> = error instanceof APIError ? error : {};
  const { target, traceId } = error;
  const told = {
    message: plainMessage(error),
    type:
      endpoint === 'messages' ? anthropicType(statusOf(error)) : (facts.type ?? typeOfKind[error.kind] ?? 'api_error'),
    param: facts.param ?? null,
    code: facts.code ?? error.kind,
    ...(target === undefined ? {} : { provider: target.provider, target: target.path }),
    ...(traceId === undefined ? {} : { trace_id: traceId }),
  };
  const hooks = error instanceof GuardrailError ? { hook_results: error.hook_results } : {};
  return endpoint === 'messages'
    ? { type: 'error', error: told, request_id: error.requestId ?? null, ...hooks }
    : { error: told, ...hooks };
}

/** The same inside a stream, where events have names: those of the Responses API carry the facts at their top. */
export function errorEvent(error: PortkeyError, endpoint: Endpoint): JsonObject {
  const body = errorBody(error, endpoint);
  if (endpoint === 'messages') return body;
  const { message, code, param } = body.error as JsonObject;
  return { type: 'error', ...body, message, code, param };
}

/** Clients put the status before the message, as `APIError` does. */
function plainMessage(error: PortkeyError): string {
  const status = error instanceof APIError ? error.status : undefined;
  const lead = `${status} `;
  return error.message.startsWith(lead) ? error.message.slice(lead.length) : error.message;
}

const typeOfKind: Readonly<Partial<Record<ErrorKind, string>>> = {
  config: 'invalid_request_error',
  invalid_request: 'invalid_request_error',
  translation: 'invalid_request_error',
  context_window: 'invalid_request_error',
  content_policy: 'invalid_request_error',
  not_found: 'invalid_request_error',
  auth: 'authentication_error',
  billing: 'insufficient_quota',
  rate_limit: 'rate_limit_error',
  timeout: 'timeout_error',
  network: 'connection_error',
  server: 'server_error',
  overloaded: 'server_error',
};

/** Claude API reference, "Errors". */
function anthropicType(status: number): string {
  if (status === 529) return 'overloaded_error';
  return anthropicTypes[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
}

const anthropicTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
};
