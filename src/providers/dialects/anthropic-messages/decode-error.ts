import { type APIError, apiError, type ErrorFacts } from '../../../core/errors/api-error.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { HeaderMap } from '../../../core/reply.ts';
import { errorFacts } from '../shared/error-facts.ts';
import { lookup } from './values.ts';

/**
 * Reads `{type: 'error', error: {type, message, details}, request_id}`. `status` is undefined for an error inside a 200 or
 * a stream, which then bears the status its type stands for. A spent limit counts as billing although it comes as 400 or
 * 429: waiting seconds does not help. Source: Claude docs, "Errors".
 */
export function decodeError(status: number | undefined, body: unknown, headers: HeaderMap = {}): ErrorFacts {
  const error = isJsonObject(body) && isJsonObject(body['error']) ? body['error'] : undefined;
  const known = status ?? lookup(statusOfType, error?.['type']);
  const requestId = isJsonObject(body) && typeof body['request_id'] === 'string' ? body['request_id'] : undefined;
  const facts = errorFacts(known, body, requestId === undefined ? headers : { 'request-id': requestId, ...headers });
  const code = errorCode(error) ?? facts.code;
  const isSpent = (code !== null && code !== undefined && spentCodes.has(code)) || spentWording.test(facts.message);
  return { ...facts, code, kind: isSpent ? 'billing' : facts.kind };
}

/** The error to throw for an error object inside a 200 or a stream. */
export function errorInside(body: JsonObject): APIError {
  return apiError(decodeError(undefined, body));
}

/** Is `value` Anthropic's error envelope instead of what was asked for? */
export function isErrorEnvelope(value: unknown): value is JsonObject {
  return isJsonObject(value) && (value['type'] === 'error' || (isJsonObject(value['error']) && !('content' in value)));
}

const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

const spentCodes = new Set([
  'enforced_spend_limit_reached',
  'contract_spend_limit_reached',
  'linked_organization_spend_limit_reached',
  'linked_organization_billing_unavailable',
]);

const spentWording = /reached your specified \S+ usage limits?/i;

function errorCode(error: JsonObject | undefined): string | undefined {
  const details = error?.['details'];
  const code = isJsonObject(details) ? details['error_code'] : undefined;
  return typeof code === 'string' ? code : undefined;
}
