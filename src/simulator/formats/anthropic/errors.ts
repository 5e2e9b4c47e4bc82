import type { FailureKind } from '../../behaviour.ts';
import { usualStatus } from '../../failing.ts';
import type { StreamEvent } from '../../framing.ts';
import type { Call, Failure, FailureReply } from '../wire-format.ts';

/** A failure in Anthropic's words (Anthropic docs, "Errors"): `{type: 'error', error: {type, message}, request_id}`. */
export function anthropicFailure(failure: Failure, call: Call): FailureReply {
  const [type, status, message] = words(failure);
  const error = { type, message: failure.message ?? message };
  return { status: failure.status ?? status, body: { type: 'error', error, request_id: call.requestId } };
}

/** The same as an event of a stream. */
export function anthropicErrorEvent(failure: Failure, call: Call): StreamEvent {
  return { event: 'error', data: anthropicFailure(failure, call).body };
}

type Words = readonly [type: string, status: number, message: string];

function words({ kind, reason, model }: Failure): Words {
  if (reason === 'missing_key') return ['authentication_error', 401, 'x-api-key header is required'];
  if (reason === 'unknown_path') return ['not_found_error', 404, 'Not found'];
  if (kind === 'not_found') return ['not_found_error', 404, `model: ${model ?? 'unknown'}`];
  const [type, message] = kindWords[kind];
  return [type, kind === 'overloaded' ? overloadedStatus : (statuses[kind] ?? usualStatus[kind]), message];
}

const overloadedStatus = 529;
/** Running out of credit is a 400 at Anthropic, and a timeout a 504. */
const statuses: Readonly<Partial<Record<FailureKind, number>>> = { billing: 400, timeout: 504 };

const invalid = 'invalid_request_error';

const kindWords: Readonly<Record<FailureKind, readonly [type: string, message: string]>> = {
  invalid_request: [invalid, 'The request is invalid.'],
  context_window: [invalid, 'prompt is too long: 210001 tokens > 200000 maximum'],
  content_policy: [invalid, 'Output blocked by content filtering policy'],
  auth: ['authentication_error', 'invalid x-api-key'],
  billing: [
    invalid,
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to purchase credits.',
  ],
  permission: ['permission_error', 'Your API key does not have permission to use the specified resource.'],
  not_found: ['not_found_error', 'Not found'],
  timeout: ['timeout_error', 'The request timed out while processing.'],
  too_large: ['request_too_large', 'Request exceeds the maximum size'],
  unprocessable: [invalid, 'The request could not be processed.'],
  rate_limit: [
    'rate_limit_error',
    'This request would exceed the rate limit of your organization. Please try again later.',
  ],
  server: ['api_error', 'Internal server error'],
  overloaded: ['overloaded_error', 'Overloaded'],
};
