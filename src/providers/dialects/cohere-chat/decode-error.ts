import type { ErrorFacts } from '../../../core/errors/api-error.ts';
import type { HeaderMap } from '../../../core/reply.ts';
import { errorFacts } from '../shared/error-facts.ts';

/**
 * Reads Cohere's error: `{message}` or `{id, message}`. Its 498 means that the prompt or the answer holds a token on
 * its deny list. `status` is undefined for an error inside a 200. Source: "Errors", Cohere docs.
 */
export function cohereErrorFacts(status: number | undefined, body: unknown, headers?: HeaderMap): ErrorFacts {
  const facts = errorFacts(status, body, headers);
  return status === 498 ? { ...facts, kind: 'content_policy' } : facts;
}
