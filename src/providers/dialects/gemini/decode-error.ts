import type { ErrorFacts } from '../../../core/errors/api-error.ts';
import type { HeaderMap } from '../../../core/reply.ts';
import { errorFacts } from '../shared/error-facts.ts';
import { asObject, asObjects, asText } from '../shared/lenient.ts';

/**
 * Reads Google's error: `{error: {code, message, status, details}}`, also within a list. Where no `retry-after` header
 * came, the delay of a `RetryInfo` among the details takes its place, in whole seconds, rounded up.
 * `status` is undefined for an error inside a 200. Source: "Error model", Google Cloud API design guide.
 */
export function geminiErrorFacts(status: number | undefined, body: unknown, headers?: HeaderMap): ErrorFacts {
  const facts = errorFacts(status, body, headers);
  const seconds = retryDelaySeconds(body);
  if (seconds === undefined || headers?.['retry-after'] !== undefined) return facts;
  return { ...facts, headers: { ...headers, 'retry-after': String(Math.ceil(seconds)) } };
}

/** `retryDelay` is a duration of protobuf's JSON: `34.07s`. */
function retryDelaySeconds(body: unknown): number | undefined {
  const { details } = asObject(asObject(Array.isArray(body) ? body[0] : body).error);
  const delay = asObjects(details)
    .map((detail) => asText(detail.retryDelay))
    .find((text) => text !== undefined);
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
