import type { ErrorKind } from '../../src/core/errors/kind.ts';
import type { ChatFinishReason } from '../../src/core/openai/index.ts';
import type { FailureKind } from '../../src/simulator/behaviour.ts';
import type { FailureFormatName, FormatName } from './runs.ts';

/** What the replies of a wire format become. */
export interface Format {
  /** The provider's finish reasons and OpenAI's. */
  readonly finishReasons: readonly (readonly [native: string, expected: ChatFinishReason])[];
  /** Usage tells reasoning tokens apart. */
  readonly countsReasoning: boolean;
}

/** What each failure comes out as. */
export type Failures = Readonly<Record<FailureKind, Failure>>;

/** An error as the caller catches it: HTTP status, class, kind. */
export type Failure = readonly [status: number, className: string, kind: ErrorKind];

const openAiFailures: Failures = {
  invalid_request: [400, 'BadRequestError', 'invalid_request'],
  context_window: [400, 'BadRequestError', 'context_window'],
  content_policy: [400, 'BadRequestError', 'content_policy'],
  auth: [401, 'AuthenticationError', 'auth'],
  billing: [429, 'RateLimitError', 'billing'],
  permission: [403, 'PermissionDeniedError', 'auth'],
  not_found: [404, 'NotFoundError', 'not_found'],
  timeout: [408, 'APIError', 'timeout'],
  too_large: [413, 'APIError', 'invalid_request'],
  unprocessable: [422, 'UnprocessableEntityError', 'invalid_request'],
  rate_limit: [429, 'RateLimitError', 'rate_limit'],
  server: [500, 'InternalServerError', 'server'],
  overloaded: [503, 'InternalServerError', 'overloaded'],
};

const openai: Format = {
  finishReasons: [
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
  ],
  countsReasoning: true,
};

/** Every wire format's. */
export const formats: Readonly<Record<FormatName, Format>> = {
  openai,
  azure: openai,
  anthropic: {
    finishReasons: [
      ['end_turn', 'stop'],
      ['stop_sequence', 'stop'],
      ['pause_turn', 'stop'],
      ['max_tokens', 'length'],
      ['model_context_window_exceeded', 'length'],
      ['refusal', 'content_filter'],
      ['a_reason_of_tomorrow', 'stop'],
    ],
    countsReasoning: false,
  },
  gemini: {
    finishReasons: [
      ['STOP', 'stop'],
      ['MAX_TOKENS', 'length'],
      ['SAFETY', 'content_filter'],
      ['RECITATION', 'content_filter'],
      ['PROHIBITED_CONTENT', 'content_filter'],
      ['A_REASON_OF_TOMORROW', 'stop'],
    ],
    countsReasoning: true,
  },
  bedrock: {
    finishReasons: [
      ['end_turn', 'stop'],
      ['stop_sequence', 'stop'],
      ['max_tokens', 'length'],
      ['content_filtered', 'content_filter'],
      ['guardrail_intervened', 'content_filter'],
      ['a_reason_of_tomorrow', 'stop'],
    ],
    countsReasoning: false,
  },
  cohere: {
    finishReasons: [
      ['COMPLETE', 'stop'],
      ['STOP_SEQUENCE', 'stop'],
      ['MAX_TOKENS', 'length'],
      ['ERROR_TOXIC', 'content_filter'],
      ['A_REASON_OF_TOMORROW', 'stop'],
    ],
    countsReasoning: false,
  },
};

const anthropicFailures: Failures = {
  ...openAiFailures,
  billing: [400, 'BadRequestError', 'billing'],
  timeout: [504, 'InternalServerError', 'timeout'],
  overloaded: [529, 'InternalServerError', 'overloaded'],
};

const geminiFailures: Failures = {
  ...openAiFailures,
  auth: [400, 'BadRequestError', 'auth'],
  billing: [403, 'PermissionDeniedError', 'billing'],
  timeout: [504, 'InternalServerError', 'timeout'],
};

/** Every wire format's failures. */
export const failuresOf: Readonly<Record<FailureFormatName, Failures>> = {
  openai: openAiFailures,
  azure: openAiFailures,
  anthropic: anthropicFailures,
  gemini: geminiFailures,
  vertex: { ...geminiFailures, auth: [401, 'AuthenticationError', 'auth'] },
  'vertex-claude': anthropicFailures,
  bedrock: {
    ...openAiFailures,
    auth: [403, 'PermissionDeniedError', 'auth'],
    // A quota used up is AWS's nearest to an empty account.
    billing: [400, 'BadRequestError', 'rate_limit'],
    // The model failed, says Bedrock, not the request.
    unprocessable: [424, 'APIError', 'server'],
  },
  cohere: { ...openAiFailures, billing: [402, 'APIError', 'billing'] },
};
