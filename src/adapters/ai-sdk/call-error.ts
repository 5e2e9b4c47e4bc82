import { APICallError } from 'ai';
import { APIError } from '../../core/errors/api-error.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { errorBody, statusOf } from '../../resources/http/index.ts';

/**
 * A failure as the AI SDK expects it: an `APICallError` with the provider's status, the lower error as `cause`; the reason of the
 * signal when the caller left. Retryable by status, and when no answer came, unless the config has tried more than once already.
 */
export function callError(thrown: unknown, body: unknown): unknown {
  if (!(thrown instanceof PortkeyError)) return thrown;
  if (thrown.kind === 'aborted') return thrown.cause ?? new DOMException('The call was aborted.', 'AbortError');
  const data = errorBody(thrown, 'chat/completions');
  const statusCode = statusOf(thrown);
  const { message } = data['error'] as { readonly message: string };
  return new APICallError({
    message,
    url: `modelmux:${thrown.target?.path ?? 'config'}`,
    requestBodyValues: body,
    statusCode,
    responseHeaders: thrown instanceof APIError ? { ...thrown.headers } : {},
    responseBody: JSON.stringify(data),
    data,
    cause: thrown,
    isRetryable: thrown.attempts.length < 2 && (retryable.has(statusCode) || statusCode >= 500),
  });
}

const retryable: ReadonlySet<number> = new Set([408, 409, 429]);
