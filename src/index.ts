export type {
  CallOptions,
  ConfigsOption,
  LegacyConfig,
  PortkeyOptions,
  VirtualKeyResolver,
} from './config/client-options.ts';
export type { Condition, Config, Retry, Strategy } from './config/config.ts';
export { createHeaders, PORTKEY_GATEWAY_URL } from './config/create-headers.ts';
export type { Attempt, TargetInfo } from './core/attempt.ts';
export * from './core/errors/index.ts';
export type * from './core/events.ts';
export type * from './core/reply.ts';
export { Portkey } from './portkey.ts';
