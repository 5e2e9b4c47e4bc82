export type {
  CallOptions,
  ConfigsOption,
  LegacyConfig,
  PortkeyOptions,
  VirtualKeyResolver,
} from './config/client-options.ts';
export type {
  CacheConfig,
  CircuitBreaker,
  Condition,
  Config,
  Cooldown,
  Retry,
  Sticky,
  Strategy,
} from './config/config.ts';
export { createHeaders, PORTKEY_GATEWAY_URL } from './config/create-headers.ts';
export type { Attempt, TargetInfo } from './core/attempt.ts';
export * from './core/errors/index.ts';
export type * from './core/events.ts';
export type * from './core/openai/index.ts';
export type * from './core/reply.ts';
export type { Clock } from './core/runtime.ts';
export type * from './core/store.ts';
export { Portkey } from './portkey.ts';
export type { RequestOptions } from './resources/caller.ts';
export type { ParsedChatCompletion } from './resources/chat-parse.ts';
export { ChatCompletionStream } from './resources/chat-stream.ts';
export type * from './resources/message-types.ts';
export type { Page, PagePromise } from './resources/page.ts';
export {
  ContentFilterFinishReasonError,
  LengthFinishReasonError,
  UnparsableContentError,
} from './resources/parse-errors.ts';
export type { ParseableResponseFormat, ParseableTool } from './resources/parseable.ts';
export type { PortkeyHeaders } from './resources/portkey-headers.ts';
export type { ReplyFacts } from './resources/reply-value.ts';
export type { ResponsePromise, WithResponse } from './resources/response-promise.ts';
export type { ResponseDeleted, ResponseRetrieveParams } from './resources/responses.ts';
export { ChatCompletionRunner, ChatCompletionStreamingRunner } from './resources/run-tools.ts';
export { Stream } from './resources/stream.ts';
export { toFile } from './resources/uploads.ts';
export { zodFunction, zodResponseFormat } from './resources/zod-response-format.ts';
export type { PickFunction, PickRequest, PickTarget } from './routing/algorithms/index.ts';
export type { TargetSnapshot } from './routing/state/target-state.ts';
export { type MemoryStore, type MemoryStoreOptions, memoryStore } from './stores/memory.ts';
