import type { Attempt, TargetInfo } from './attempt.ts';
import type { PortkeyError } from './errors/portkey-error.ts';
import type { ReplyOutcome } from './reply.ts';

/** What every event of a request says. */
export interface RequestFacts {
  readonly requestId: string;
  readonly traceId: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The events of a client, by name. */
export interface PortkeyEvents {
  'request-start': RequestFacts & { readonly endpoint: string };
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
  'request-end': RequestFacts & {
    readonly endpoint: string;
    readonly attempts: readonly Readonly<Attempt>[];
    readonly target?: TargetInfo;
    readonly outcome: ReplyOutcome;
    readonly durationMs: number;
  };
  warning: {
    readonly code: WarningCode;
    readonly message: string;
    readonly requestId?: string;
    readonly traceId?: string;
  };
}

/** What a `warning` event is about. */
export type WarningCode = 'dropped_params' | 'config' | 'config_reload' | 'store' | 'vault' | 'listener';

export type EventName = keyof PortkeyEvents;
export type EventListener<Name extends EventName> = (event: PortkeyEvents[Name]) => void;

/** Where events go. `wants` says whether anybody listens, so that nothing is built for nobody. */
export interface EventSink {
  wants(name: EventName): boolean;
  emit<Name extends EventName>(name: Name, event: PortkeyEvents[Name]): void;
}
