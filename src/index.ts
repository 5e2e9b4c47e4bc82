/**
 * The client, its types, its errors, and what stands in memory by default.
 *
 * @module modelmux
 */

export type { Affinity } from './config/affinity/affinity-config.ts';
export type {
  CallOptions,
  ConfigsOption,
  LegacyConfig,
  PortkeyOptions,
  PromptsOption,
  VirtualKeyBudget,
  VirtualKeyResolver,
} from './config/client-options.ts';
export type {
  CacheConfig,
  CircuitBreaker,
  Condition,
  Config,
  Cooldown,
  HealthCheck,
  Retry,
  RetryBackoff,
  RetryBudgetConfig,
  Sticky,
  Strategy,
} from './config/config.ts';
export { createHeaders, PORTKEY_GATEWAY_URL } from './config/create-headers.ts';
export type * from './config/guard/guardrail-config.ts';
export type { TargetSwitch } from './config/health/target-switch.ts';
export type { ApiKey, Queue, RateLimit } from './config/limits/limit-config.ts';
export type { LogOptions, LogRetention, LogsOption } from './config/log-options.ts';
export type { GroupFallbackMap, ModelAlias, ModelGroupFields } from './config/model-group-fields.ts';
export type { BudgetConfig, OnExhausted } from './config/money/money-config.ts';
export type { BudgetStoreOption } from './config/money/spend-store.ts';
export type { Attempt, TargetInfo } from './core/attempt.ts';
export type * from './core/document-store.ts';
export * from './core/errors/index.ts';
export type * from './core/events.ts';
export type * from './core/hooks.ts';
export type * from './core/jobs.ts';
export type { LimitSnapshot } from './core/limit.ts';
export type { LogFigures, LogFiguresBy, LogFiguresQuery } from './core/log-figures.ts';
export type * from './core/log-record.ts';
export type * from './core/log-store.ts';
export type * from './core/openai/index.ts';
export type { Cost, PriceSource } from './core/pricing.ts';
export type { ProviderName, ProviderReference } from './core/provider-name.ts';
export type * from './core/reply.ts';
export type { Clock } from './core/runtime.ts';
export type * from './core/shared-state.ts';
export type * from './core/spend-store.ts';
export type * from './core/store.ts';
export type * from './core/tracer.ts';
export type * from './core/vector-log.ts';
export type { LogInsertParams } from './observe/logs/inserted.ts';
export { type MemoryLogsOptions, memoryLogs } from './observe/logs/memory.ts';
export type * from './observe/logs/trace.ts';
export { traceText } from './observe/logs/trace-text.ts';
export type { Pricing } from './observe/pricing/own-price.ts';
// biome-ignore lint/style/noDefaultExport: portkey-ai has one, and to change the import is to be enough.
export { Portkey, Portkey as default } from './portkey.ts';
export type { RequestOptions } from './resources/caller.ts';
export type { ParsedChatCompletion } from './resources/chat-parse.ts';
export { ChatCompletionStream } from './resources/chat-stream.ts';
export type { ConfigChange } from './resources/config-diff.ts';
export type {
  ConfigCreated,
  ConfigCreateParams,
  ConfigDeleted,
  ConfigList,
  ConfigName,
  ConfigObject,
  Configs,
  ConfigUpdated,
  ConfigUpdateParams,
  ConfigVersionObject,
  VersionName,
} from './resources/configs.ts';
export type {
  FeedbackCreateParams,
  FeedbackResponse,
  FeedbackUpdateParams,
} from './resources/feedback.ts';
export type { JobEndpoint, JobOptions, Jobs } from './resources/jobs.ts';
export type { LogAnalytics, LogAnalyticsParams, LogAnalyticsRow } from './resources/log-analytics.ts';
export type { LogExportId, LogExportParams, LogExports } from './resources/log-exports.ts';
export type { LogEntry, LogListPage, LogPagePromise } from './resources/log-page.ts';
export type { LogListParams } from './resources/log-params.ts';
export type { LogImport, LogLines } from './resources/log-transfer.ts';
export type { LogInserted } from './resources/logs.ts';
export type * from './resources/message-types.ts';
export type { Page, PagePromise } from './resources/page.ts';
export {
  ContentFilterFinishReasonError,
  LengthFinishReasonError,
  UnparsableContentError,
} from './resources/parse-errors.ts';
export type { ParseableResponseFormat, ParseableTool } from './resources/parseable.ts';
export type { PortkeyHeaders } from './resources/portkey-headers.ts';
export type * from './resources/prompts/prompt-types.ts';
export type { ReplyFacts } from './resources/reply-value.ts';
export type { ParsedResponse } from './resources/response-parse.ts';
export type { ResponsePromise, WithResponse } from './resources/response-promise.ts';
export type { ResponseDeleted, ResponseRetrieveParams } from './resources/responses.ts';
export { ChatCompletionRunner, ChatCompletionStreamingRunner } from './resources/run-tools.ts';
export { Stream } from './resources/stream.ts';
export { toFile } from './resources/uploads.ts';
export type {
  VirtualKeyCreated,
  VirtualKeyCreateParams,
  VirtualKeyDeleted,
  VirtualKeyList,
  VirtualKeyName,
  VirtualKeyObject,
  VirtualKeyRotateParams,
  VirtualKeys,
  VirtualKeyUpdateParams,
} from './resources/virtual-keys.ts';
export { zodFunction, zodResponseFormat, zodTextFormat } from './resources/zod-response-format.ts';
export type { PickFunction, PickRequest, PickTarget } from './routing/algorithms/index.ts';
export type { BudgetSnapshot } from './routing/state/budget/budget-words.ts';
export type { TargetSnapshot } from './routing/state/target-state.ts';
export { type MemoryJobsOptions, memoryJobs } from './stores/jobs/memory-jobs.ts';
export { type MemoryStore, type MemoryStoreOptions, memoryStore } from './stores/memory.ts';
