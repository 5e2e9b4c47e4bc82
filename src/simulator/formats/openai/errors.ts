import { usualStatus } from '../../failing.ts';
import type { Call, Failure, FailureReply } from '../wire-format.ts';

/** OpenAI's error body (API reference, "Errors"): `{error: {message, type, param, code}}`. */
export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** A failure in OpenAI's words. */
export function openAiFailure(failure: Failure, call: Call): FailureReply {
  return { status: failure.status ?? openAiStatus(failure), body: { error: openAiError(failure, call) } };
}

/** Running out of credit is a 429 at OpenAI. */
export function openAiStatus({ kind }: Failure): number {
  return kind === 'billing' ? 429 : usualStatus[kind];
}

/** The error object alone, as a stream carries it. */
export function openAiError(failure: Failure, call: Call): OpenAiError {
  const [type, code, message, param = null] = reasonWords(failure, call) ?? kindWords(failure);
  return {
    message: failure.message ?? message,
    type,
    param: failure.param ?? param,
    code: failure.code ?? code,
  };
}

type Words = readonly [type: string, code: string | null, message: string, param?: string];

function reasonWords({ reason }: Failure, call: Call): Words | undefined {
  switch (reason) {
    case 'missing_key':
      return [
        invalid,
        null,
        'You did not provide an API key. Send it in an Authorization header, as in: Bearer YOUR_KEY.',
      ];
    case 'unknown_path':
      return [invalid, null, `Invalid URL (${call.method} ${call.path})`];
    default:
      return undefined;
  }
}

const invalid = 'invalid_request_error';

function kindWords({ kind, model }: Failure): Words {
  switch (kind) {
    case 'context_window':
      return [
        invalid,
        'context_length_exceeded',
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.",
        'messages',
      ];
    case 'not_found':
      return [
        invalid,
        'model_not_found',
        `The model \`${model ?? ''}\` does not exist or you do not have access to it.`,
      ];
    case 'rate_limit':
      return [
        'requests',
        'rate_limit_exceeded',
        `Rate limit reached for ${model ?? 'this model'} on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again later.`,
      ];
    default:
      return plainWords[kind] ?? [invalid, null, 'The request is invalid.'];
  }
}

const plainWords: Readonly<Partial<Record<Failure['kind'], Words>>> = {
  content_policy: [
    invalid,
    'content_policy_violation',
    'Your request was rejected as a result of our safety system. It may contain content that is not allowed.',
  ],
  auth: [invalid, 'invalid_api_key', 'Incorrect API key provided. Find your API key in the settings of your account.'],
  billing: [
    'insufficient_quota',
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.',
  ],
  permission: ['permission_error', null, 'You are not allowed to use this model with this key.'],
  timeout: ['timeout', null, 'The request took too long.'],
  too_large: [invalid, null, 'The request is too large.'],
  unprocessable: [invalid, null, 'The request was well formed but could not be processed.'],
  server: ['server_error', null, 'The server had an error while processing your request.'],
  overloaded: ['server_error', null, 'The engine is currently overloaded, please try again later.'],
};
