import type { FailureKind } from '../../behaviour.ts';
import type { StreamEvent } from '../../framing.ts';
import type { Failure, FailureReply } from '../wire-format.ts';

/** A failure in Bedrock's words: `{message}`, its name in `x-amzn-errortype` (Amazon Bedrock API reference, "Common Errors"). */
export function bedrockFailure(failure: Failure): FailureReply {
  const [status, name, message] = words(failure);
  return {
    status: failure.status ?? status,
    body: { message: failure.message ?? message },
    headers: ['x-amzn-errortype', `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`],
  };
}

/** The same as an exception frame, which has the name with a small first letter. */
export function bedrockErrorEvent(failure: Failure): StreamEvent {
  const [, name, message] = words(failure);
  return { event: `${name.charAt(0).toLowerCase()}${name.slice(1)}`, exception: true, data: { message } };
}

type Words = readonly [status: number, name: string, message: string];

function words({ kind, reason }: Failure): Words {
  if (reason === 'missing_key') return [403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'];
  if (reason === 'unknown_path')
    return [404, 'UnknownOperationException', 'The requested operation is not recognized by the service.'];
  return kindWords[kind];
}

const kindWords: Readonly<Record<FailureKind, Words>> = {
  invalid_request: [400, 'ValidationException', 'The request is invalid.'],
  context_window: [400, 'ValidationException', 'Input is too long for requested model.'],
  content_policy: [400, 'ValidationException', 'The request was blocked by a content filtering policy.'],
  auth: [403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
  billing: [400, 'ServiceQuotaExceededException', 'Your request exceeds the service quota for your account.'],
  permission: [403, 'AccessDeniedException', "You don't have access to the model with the specified model ID."],
  not_found: [404, 'ResourceNotFoundException', 'The specified model was not found. Check the model ID and try again.'],
  timeout: [
    408,
    'ModelTimeoutException',
    'The request took too long to process. Processing time exceeded the model timeout length.',
  ],
  too_large: [413, 'RequestEntityTooLargeException', 'The request is too large.'],
  unprocessable: [424, 'ModelErrorException', 'The request failed due to an error while processing the model.'],
  rate_limit: [429, 'ThrottlingException', 'Too many requests, please wait before trying again.'],
  server: [500, 'InternalServerException', 'An internal server error occurred. Retry your request.'],
  overloaded: [503, 'ServiceUnavailableException', 'The service is not currently available. Try again later.'],
};
