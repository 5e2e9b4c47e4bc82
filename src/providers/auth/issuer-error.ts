import { type APIError, apiError } from '../../core/errors/api-error.ts';
import type { ErrorKind } from '../../core/errors/kind.ts';
import { excerpt } from '../../core/excerpt.ts';

/**
 * The error for an issuer of tokens that refused with `status` and gave `reason`. A refusal (4xx) becomes 401 of kind
 * `auth`, whatever the issuer's own status, because to the caller it means that the credentials do not work; 429 and
 * 5xx keep theirs, so that they are retried. Only the reason's first line is kept: AWS repeats signed headers, session
 * token included, in the lines below.
 */
export function issuerError(issuer: string, status: number, reason: string): APIError {
  const kind = kindOf(status);
  const firstLine = reason.trim().split(/[\r\n]/)[0] ?? '';
  return apiError({
    status: kind === 'auth' ? 401 : status,
    kind,
    type: 'token_exchange_failed',
    code: 'token_exchange_failed',
    message: `${issuer} issued no token (HTTP ${status}): ${excerpt(firstLine, 500) || 'no reason given'}`,
  });
}

function kindOf(status: number): ErrorKind {
  if (status === 429) return 'rate_limit';
  return status >= 500 ? 'server' : 'auth';
}
