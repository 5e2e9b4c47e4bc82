import type { HeaderMap } from '../reply.ts';
import type { ErrorKind } from './kind.ts';
import { nameClass, PortkeyError } from './portkey-error.ts';

/** What a provider said went wrong, in OpenAI's words. */
export interface ErrorFacts {
  /** HTTP status; undefined when no response came. For an error inside a 200 or a stream, the status it stands for. */
  readonly status?: number | undefined;
  readonly message: string;
  readonly kind: ErrorKind;
  readonly type?: string | undefined;
  readonly code?: string | null | undefined;
  readonly param?: string | null | undefined;
  /** The provider's error object or text as received. */
  readonly error?: unknown;
  readonly headers?: HeaderMap | undefined;
  readonly cause?: unknown;
}

/** What had come of a stream before it broke. The reader has seen all of it. */
export interface ReceivedContent {
  readonly content: string;
  readonly chunkCount: number;
}

/** A provider, or something standing in for one, refused or failed. Same fields as in the `openai` package. */
export class APIError extends PortkeyError {
  readonly status: number | undefined;
  /** Response headers of the failed call, names in lower case; empty when no response came. */
  readonly headers: HeaderMap;
  readonly error: unknown;
  readonly code: string | null | undefined;
  readonly param: string | null | undefined;
  readonly type: string | undefined;
  /** What a stream had delivered when it failed after its first content; undefined for every other failure. */
  received?: ReceivedContent;
  /** The provider's own request ID. */
  readonly requestID: string | null | undefined;

  static {
    nameClass(APIError, 'APIError');
  }

  constructor(facts: ErrorFacts) {
    super(facts.kind, facts.status === undefined ? facts.message : `${facts.status} ${facts.message}`, {
      ...(facts.cause === undefined ? {} : { cause: facts.cause }),
    });
    this.status = facts.status;
    this.headers = facts.headers ?? {};
    this.error = facts.error;
    this.code = facts.code;
    this.param = facts.param;
    this.type = facts.type;
    this.requestID = this.headers['x-request-id'] ?? this.headers['request-id'];
  }
}

/** Status 400: the request cannot be served as it is. */
export class BadRequestError extends APIError {
  declare readonly status: 400;
  static {
    nameClass(BadRequestError, 'BadRequestError');
  }
}
/** Status 401: the provider does not take the key. */
export class AuthenticationError extends APIError {
  declare readonly status: 401;
  static {
    nameClass(AuthenticationError, 'AuthenticationError');
  }
}
/** Status 403: the key may not do this. */
export class PermissionDeniedError extends APIError {
  declare readonly status: 403;
  static {
    nameClass(PermissionDeniedError, 'PermissionDeniedError');
  }
}
/** Status 404: there is no such model, deployment or object. */
export class NotFoundError extends APIError {
  declare readonly status: 404;
  static {
    nameClass(NotFoundError, 'NotFoundError');
  }
}
/** Status 409: the object is in use, or in another state. */
export class ConflictError extends APIError {
  declare readonly status: 409;
  static {
    nameClass(ConflictError, 'ConflictError');
  }
}
/** Status 422: the body is well formed and still cannot be meant. */
export class UnprocessableEntityError extends APIError {
  declare readonly status: 422;
  static {
    nameClass(UnprocessableEntityError, 'UnprocessableEntityError');
  }
}
/** Status 429: the provider has no room, or the account no money. `headers` may carry `retry-after`. */
export class RateLimitError extends APIError {
  declare readonly status: 429;
  static {
    nameClass(RateLimitError, 'RateLimitError');
  }
}
/** Status 500 or above: the provider is broken or overloaded. */
export class InternalServerError extends APIError {
  declare readonly status: number;
  static {
    nameClass(InternalServerError, 'InternalServerError');
  }
}

const classOfStatus: Readonly<Record<number, typeof APIError>> = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  422: UnprocessableEntityError,
  429: RateLimitError,
};

/** {@link apiError} without a stack trace, the dearest part of an error. For those that most often lead to another try. */
export function plainApiError(facts: ErrorFacts): APIError {
  const { stackTraceLimit } = Error;
  // Where errors are frozen, or know no limit, they have their trace.
  if (stackTraceLimit === undefined || !Reflect.set(Error, 'stackTraceLimit', 0)) return apiError(facts);
  try {
    return apiError(facts);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The error class for `facts.status`, as in the `openai` package: 400 `BadRequestError`, … 5xx `InternalServerError`. */
export function apiError(facts: ErrorFacts): APIError {
  const status = facts.status ?? 0;
  const ErrorClass = status >= 500 ? InternalServerError : (classOfStatus[status] ?? APIError);
  return new ErrorClass(facts);
}
