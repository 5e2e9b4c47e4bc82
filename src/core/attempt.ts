import type { ErrorKind } from './errors/kind.ts';
import type { Cost } from './pricing.ts';
import type { Usage } from './usage.ts';

/** One try of one target: who was asked, what came of it, when. Plain data, safe to log: it holds no secret. */
export interface Attempt {
  /** Where the target stands in the config, as in `config.targets[1].targets[0]`. */
  readonly path: string;
  /** Identity of the target: its `id`, else a hash of provider, credential, address and model. */
  targetId: string;
  /** The target's own `name`, when it has one. */
  readonly name?: string;
  provider: string;
  /** The model asked for after `override_params`; undefined where the request names none. */
  model?: string;
  /** Slug of the virtual key, where one is used. */
  virtualKey?: string;
  /** The address that was asked, without query; set once it is known. */
  url?: string;
  /** 16 hex digits; set where the provider was told of the trace. */
  spanId?: string;
  /** 0 for the first try of this target within the request, then 1, 2, … */
  readonly retry: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The provider's HTTP status; undefined when no response came. */
  status?: number;
  /** Milliseconds from start to response headers. */
  headersMs?: number;
  /** Milliseconds from start to the first content-bearing chunk of a stream. */
  firstTokenMs?: number;
  /** Milliseconds from start to the end of the reply: for a stream, to its last chunk. Undefined while it runs. */
  durationMs?: number;
  /** Tokens used, once the reply has ended and said so. */
  usage?: Usage;
  /** Chunks of a stream, once it has ended. */
  chunks?: number;
  /** What it cost, once the reply has ended; absent when no price is known. */
  cost?: Cost;
  outcome: 'pending' | 'success' | 'failure' | 'aborted';
  errorKind?: ErrorKind;
  errorMessage?: string;
}

/** Where a target stands and what it is: carried by errors, replies and events. */
export type TargetInfo = Readonly<Pick<Attempt, 'path' | 'targetId' | 'name' | 'provider' | 'model'>>;
