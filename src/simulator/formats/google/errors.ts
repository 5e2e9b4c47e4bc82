import type { JsonObject } from '../../../core/json.ts';
import type { FailureKind } from '../../behaviour.ts';
import { usualStatus } from '../../failing.ts';
import type { StreamEvent } from '../../framing.ts';
import type { Call, Failure, FailureReply } from '../wire-format.ts';

/**
 * A failure in Google's words: `{error: {code, message, status, details}}` (Google Cloud API design guide, "Errors"). A
 * prompt that is blocked is no error there: status 200 and no candidates (Gemini API reference, "PromptFeedback").
 */
export function googleFailure(failure: Failure, call: Call): FailureReply {
  if (failure.kind === 'content_policy' && failure.status === undefined && contentPath.test(call.path)) {
    return { status: 200, body: blockedPrompt(call.requestId) };
  }
  const body = googleError(failure, call);
  const status = body.error.code;
  // Without `alt=sse` a stream is an array from its first byte, also when it fails.
  const inArray = call.path.endsWith(':streamGenerateContent') && call.query.get('alt') !== 'sse';
  return { status, body: inArray ? [body] : body };
}

/** The same in the middle of a stream. */
export function googleErrorEvent(failure: Failure, call: Call): StreamEvent {
  return { data: googleError(failure, call) };
}

/** Only here is there a place for a blocked prompt in a reply. */
const contentPath = /:(?:stream)?generateContent$/i;

interface GoogleError {
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly status: string;
    readonly details?: readonly JsonObject[];
  };
}

function googleError(failure: Failure, call: Call): GoogleError {
  const [usual, message, details] = words(failure, call);
  const code = failure.status ?? usual;
  return {
    error: {
      code,
      message: failure.message ?? message,
      status: statusNames[code] ?? (code >= 500 ? 'UNKNOWN' : 'FAILED_PRECONDITION'),
      ...(details === undefined ? {} : { details }),
    },
  };
}

/** Canonical codes by HTTP status (google.rpc.Code). */
const statusNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

type Words = readonly [status: number, message: string, details?: readonly JsonObject[]];

function words(failure: Failure, call: Call): Words {
  if (failure.kind === 'auth') return call.provider === 'vertex-ai' ? vertexAuthWords : geminiAuthWords(failure);
  if (failure.kind === 'not_found') return notFoundWords(failure, call);
  if (failure.kind === 'rate_limit') return [429, quotaMessage, quotaDetails(failure.retryAfterMs)];
  return plainWords[failure.kind] ?? [usualStatus[failure.kind], 'Request contains an invalid argument.'];
}

/** The Gemini API answers a wrong key as an invalid argument and a missing one as a missing permission. */
function geminiAuthWords({ reason }: Failure): Words {
  if (reason === 'missing_key')
    return [
      403,
      "Method doesn't allow unregistered callers. Please use API Key or other form of API consumer identity to call this API.",
    ];
  const info = { '@type': errorInfo, reason: 'API_KEY_INVALID', domain: 'googleapis.com' };
  return [400, 'API key not valid. Please pass a valid API key.', [info]];
}

const errorInfo = 'type.googleapis.com/google.rpc.ErrorInfo';

const vertexAuthWords: Words = [
  401,
  'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
];

function notFoundWords({ reason, model }: Failure, { path }: Call): Words {
  if (reason === 'unknown_path') return [404, `The requested URL ${path} was not found on this server.`];
  return [
    404,
    `models/${model ?? 'unknown'} is not found for API version v1beta, or is not supported for generateContent.`,
  ];
}

const quotaMessage = 'You exceeded your current quota. Please retry later.';

function quotaDetails(retryAfterMs: number | undefined): readonly JsonObject[] {
  const violation = {
    quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests',
    quotaId: 'GenerateRequestsPerMinute',
  };
  const quota = { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [violation] };
  if (retryAfterMs === undefined) return [quota];
  return [quota, { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterMs / 1000}s` }];
}

const plainWords: Readonly<Partial<Record<FailureKind, Words>>> = {
  context_window: [400, 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048575).'],
  content_policy: [400, 'The prompt contains words that violate the Responsible AI practices.'],
  billing: [
    403,
    'This API method requires billing to be enabled. Please enable billing on the project.',
    [{ '@type': errorInfo, reason: 'BILLING_DISABLED', domain: 'googleapis.com' }],
  ],
  permission: [403, 'The caller does not have permission'],
  timeout: [504, 'Deadline expired before operation could complete.'],
  too_large: [413, 'Request payload size exceeds the limit: 20971520 bytes.'],
  server: [500, 'An internal error has occurred. Please retry later.'],
  overloaded: [503, 'The model is overloaded. Please try again later.'],
};

function blockedPrompt(responseId: string): JsonObject {
  const rating = { category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH' };
  return {
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT', safetyRatings: [rating] },
    usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 },
    modelVersion: 'simulated-model',
    responseId,
  };
}
