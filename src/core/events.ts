import type { Attempt, TargetInfo } from './attempt.ts';
import type { ConfigFacts } from './config-facts.ts';
import type { Endpoint } from './endpoint.ts';
import type { PortkeyError } from './errors/portkey-error.ts';
import type { HookFeedback, HookStage } from './hooks.ts';
import type { JsonObject } from './json.ts';
import type { CacheStatus, ReplyOutcome } from './reply.ts';
import type { SpanFacts } from './span-facts.ts';

/** What every event of a request says. */
export interface RequestFacts {
  readonly requestId: string;
  readonly traceId: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is told of an answer beside its target. */
export interface ReplyFigures {
  readonly status: number;
  readonly cache: CacheStatus;
}

/** The events of a client, by name. */
export interface PortkeyEvents {
  'request-start': RequestFacts & { readonly endpoint: Endpoint };
  /**
   * What the caller sent, as it is: to be looked at when told, neither kept nor changed. Not told of calls with `debug: false`. Nothing is
   * taken out of it.
   */
  'request-body': RequestFacts & { readonly endpoint: Endpoint; readonly body: JsonObject };
  'attempt-start': RequestFacts & { readonly attempt: Readonly<Attempt> };
  /** An attempt is over: failed, or its reply has ended (for a stream: was read to its end or given up). */
  'attempt-end': RequestFacts & { readonly attempt: Readonly<Attempt>; readonly error?: PortkeyError };
  /** A target failed and will be tried again after `delayMs`. */
  retry: RequestFacts & { readonly path: string; readonly delayMs: number; readonly error: PortkeyError };
  /** A fallback goes on from one child to the next. */
  fallback: RequestFacts & { readonly from: string; readonly to: string; readonly error: PortkeyError };
  /** A target cools down, or goes on doing so because its probe failed. The facts are those of the request that failed. */
  'target-open': RequestFacts & {
    readonly target: TargetInfo;
    /** Milliseconds since the epoch until which it is not called. */
    readonly openUntil: number;
    readonly error: PortkeyError;
  };
  /** A target that cooled answered its probe: it is called again, little by little. */
  'target-close': RequestFacts & { readonly target: TargetInfo };
  /** Somebody took a target out of use by hand: it is not called until `target-enable`. `paths`: where it stands. */
  'target-disable': { readonly targetId: string; readonly provider: string; readonly paths: readonly string[] };
  /** Somebody put it back into use. */
  'target-enable': { readonly targetId: string; readonly provider: string; readonly paths: readonly string[] };
  /** What the caller got, just before `request-end`; of a stream what came of it, put together. The same holds as for `request-body`. */
  'response-body': RequestFacts & { readonly endpoint: Endpoint; readonly body: JsonObject | Uint8Array };
  /** A target's `health_check` was made. The facts are its own: it belongs to no request. */
  'health-check': RequestFacts & {
    readonly target: TargetInfo;
    readonly healthy: boolean;
    readonly durationMs: number;
    readonly error?: PortkeyError;
  };
  /** A guardrail or mutator has looked at a request or reply; nothing of what it saw is told here. */
  guardrail: RequestFacts & {
    /** Where the target stands in the config. */
    readonly path: string;
    readonly stage: HookStage;
    readonly id: string;
    readonly type: 'guardrail' | 'mutator';
    readonly verdict: boolean;
    /** The request or reply was refused because of it. */
    readonly denied: boolean;
    readonly async: boolean;
    readonly transformed: boolean;
    readonly checks: readonly { readonly id: string; readonly verdict: boolean; readonly failed: boolean }[];
    readonly durationMs: number;
    readonly feedback?: HookFeedback;
  };
  'request-end': RequestFacts & {
    readonly endpoint: Endpoint;
    readonly attempts: readonly Readonly<Attempt>[];
    readonly target?: TargetInfo;
    readonly outcome: ReplyOutcome;
    readonly durationMs: number;
    /** Milliseconds since the epoch. */
    readonly startedAt: number;
    readonly stream: boolean;
    /** The model the caller asked for. */
    readonly requestedModel?: string;
    /** Absent where nobody answered. */
    readonly reply?: ReplyFigures;
    /** The ID that call or client named the config by. */
    readonly configId?: string;
    readonly config?: ConfigFacts;
    readonly span?: SpanFacts;
  };
  warning: {
    readonly code: WarningCode;
    readonly message: string;
    readonly requestId?: string;
    readonly traceId?: string;
    /** What was left out, for `dropped_params`. */
    readonly param?: string;
  };
}

/** What a `warning` event is about. */
export type WarningCode =
  | 'dropped_params'
  | 'config'
  | 'config_reload'
  | 'store'
  | 'cache'
  | 'jobs'
  | 'shared_state'
  | 'vault'
  | 'logs'
  | 'pricing'
  | 'budget'
  | 'health_check'
  | 'listener';

/** Names that `portkey.on` takes. */
export type EventName = keyof PortkeyEvents;

/** What is called with each event of a name, at once and in order. It is not waited for; what it throws becomes a `warning`. */
export type EventListener<Name extends EventName> = (event: PortkeyEvents[Name]) => void;

/** Where events go. `wants` says whether anybody listens, so that nothing is built for nobody. */
export interface EventSink {
  wants(name: EventName): boolean;
  emit<Name extends EventName>(name: Name, event: PortkeyEvents[Name]): void;
}
