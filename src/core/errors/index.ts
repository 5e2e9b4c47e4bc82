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
export { TargetDisabledError } from './disabled-error.ts';
export { ContextWindowError, NoMatchingTargetError } from './fit-errors.ts';
export { GuardrailError } from './guardrail-error.ts';
export { JobQueueError, JobQueueFullError } from './job-errors.ts';
export type { ErrorEdge, ErrorKind } from './kind.ts';
export { LogStoreError } from './log-errors.ts';
export { BudgetExceededError, type ExhaustedFacts, UnknownPriceError } from './money-errors.ts';
export { PartLoadError } from './part-load-error.ts';
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
  QueueFullError,
  QueueTimeoutError,
  type WaitingFacts,
} from './routing-errors.ts';
export { VirtualKeyError } from './vault-errors.ts';
