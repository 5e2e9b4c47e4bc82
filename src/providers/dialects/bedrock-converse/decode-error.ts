import { type APIError, apiError, type ErrorFacts } from '../../../core/errors/api-error.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { HeaderMap } from '../../../core/reply.ts';
import { errorFacts } from '../shared/error-facts.ts';
import { asNumber, asObject, asText } from '../shared/lenient.ts';

/**
 * Reads an error of Bedrock: `{message}` with its name in the header `x-amzn-errortype` or in `__type`. Of a refused
 * signature only the first line is kept: the lines below repeat the signed headers, session token included. Source:
 * Bedrock API reference, "Common errors"; Smithy, "AWS restJson1 protocol", operation error serialization.
 */
export function decodeError(status: number | undefined, body: unknown, headers?: HeaderMap): ErrorFacts {
  const name = errorName(headers?.['x-amzn-errortype']) ?? errorName(asText(asObject(body).__type));
  const safe = name !== undefined && signatureErrors.has(name) ? withFirstLine(body) : body;
  const named = isJsonObject(safe) && name !== undefined ? { ...safe, type: name } : safe;
  const facts = errorFacts(status, named, headers);
  const kind = name !== undefined && isModelFailure(name, body) ? 'server' : facts.kind;
  return { ...facts, kind, error: safe, type: name ?? facts.type, code: name ?? facts.code };
}

/** Status 424 says that the model failed, not the request, unless the model's own status was the request's fault. */
function isModelFailure(name: string, body: unknown): boolean {
  const original = asNumber(asObject(body).originalStatusCode) ?? 500;
  return (name === 'ModelErrorException' || name === 'ModelStreamErrorException') && original >= 500;
}

/** The error of an exception event of a stream. `name` is its event type: `throttlingException`. */
export function streamException(name: string, payload: unknown): APIError {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { originalStatusCode, originalMessage } = asObject(payload);
  const status = exceptionStatuses.get(type) ?? asNumber(originalStatusCode) ?? 500;
  const facts = decodeError(status, payload, { 'x-amzn-errortype': type });
  const detail = asText(originalMessage);
  const message =
    detail === undefined || facts.message.includes(detail) ? facts.message : `${facts.message} (${detail})`;
  return apiError({ ...facts, message, headers: {} });
}

/** HTTP statuses of exceptions, as Bedrock sends them before a stream begins. Source: Bedrock API reference, "ConverseStream", errors. */
const exceptionStatuses: ReadonlyMap<string, number> = new Map([
  ['ValidationException', 400],
  ['AccessDeniedException', 403],
  ['ResourceNotFoundException', 404],
  ['ModelTimeoutException', 408],
  ['ThrottlingException', 429],
  ['ModelNotReadyException', 429],
  ['InternalServerException', 500],
  ['ServiceUnavailableException', 503],
]);

const signatureErrors = new Set(['InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignatureException']);

/** `ValidationException` of `ValidationException:http://internal.amazon.com/…` and of `com.amazon.coral#ValidationException`. */
function errorName(written: string | undefined): string | undefined {
  return written?.split(':')[0]?.split('#').at(-1);
}

function withFirstLine(body: unknown): unknown {
  const text =
    typeof body === 'string' ? body : (asText(asObject(body).message) ?? asText(asObject(body).Message) ?? '');
  return { message: text.split(/[\r\n]/)[0] };
}
