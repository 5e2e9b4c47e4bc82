export {
  APIError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  type ErrorFacts,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  type ReceivedContent,
  UnprocessableEntityError,
} from './api-error.ts';
export { ConfigError, type ConfigIssue, ConfigNotFoundError } from './config-error.ts';
export {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIUserAbortError,
  type TimeoutKey,
} from './connection-errors.ts';
export type { ErrorEdge, ErrorKind } from './kind.ts';
export { PortkeyError } from './portkey-error.ts';
export { TranslationError, TruncatedStreamError, UnreadableReplyError } from './reply-errors.ts';
export { InvalidRequestError } from './request-errors.ts';
export {
  AlgorithmError,
  CapacityError,
  type CapacityFacts,
  CooldownError,
  type CoolingFacts,
  ModelNotFoundError,
  NoConditionMatchedError,
  NoTargetError,
} from './routing-errors.ts';
export { VirtualKeyError } from './vault-errors.ts';
