import type { FailureKind } from '../../behaviour.ts';
import { usualStatus } from '../../failing.ts';
import type { StreamEvent } from '../../framing.ts';
import type { Call, Failure, FailureReply } from '../wire-format.ts';

/** A failure in Cohere's words: `{id, message}` (Cohere documentation, "Errors (status codes and description)"). */
export function cohereFailure(failure: Failure, call: Call): FailureReply {
  return {
    status: failure.status ?? usualStatus[failure.kind],
    body: { id: call.requestId, message: failure.message ?? messageOf(failure, call) },
  };
}

/** In the middle of a stream an error is the reason why the message ends. */
export function cohereErrorEvent(failure: Failure, call: Call): StreamEvent {
  const delta = { error: messageOf(failure, call), finish_reason: 'ERROR' };
  return { event: 'message-end', data: { type: 'message-end', delta } };
}

function messageOf({ kind, reason, model }: Failure, call: Call): string {
  if (reason === 'missing_key') return 'no api key supplied';
  if (reason === 'unknown_path') return `404 page not found: ${call.path}`;
  if (kind === 'not_found')
    return `model '${model ?? ''}' not found, make sure the correct model ID was used and that you have access to the model.`;
  return messages[kind];
}

const messages: Readonly<Record<FailureKind, string>> = {
  invalid_request: 'invalid request',
  context_window: 'too many tokens: total number of tokens in the prompt cannot exceed 128000.',
  content_policy: 'blocked input: please adjust your prompt and try again, it was blocked by a content policy.',
  auth: 'invalid api token',
  billing: 'please add or update your payment method to continue.',
  permission: 'your api key does not have access to this resource.',
  not_found: 'not found',
  timeout: 'the request timed out.',
  too_large: 'the request is too large.',
  unprocessable: 'the request could not be processed.',
  rate_limit: 'You are past the per minute request limit, please wait and try again later.',
  server: 'internal server error',
  overloaded: 'the service is overloaded, please try again later.',
};
