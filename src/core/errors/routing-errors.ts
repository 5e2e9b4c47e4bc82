import { didYouMean } from '../did-you-mean.ts';
import type { HeaderMap } from '../reply.ts';
import { APIError } from './api-error.ts';
import { nameClass, PortkeyError } from './portkey-error.ts';

/** A conditional found no matching condition and has no default. Counts as a failed target in a fallback. Status 400. */
export class NoConditionMatchedError extends APIError {
  static {
    nameClass(NoConditionMatchedError, 'NoConditionMatchedError');
  }

  constructor(path: string) {
    super({
      status: 400,
      kind: 'invalid_request',
      type: 'routing_error',
      code: 'no_condition_matched',
      message: `No condition of ${path} matches this request and it has no strategy.default. Add a default, or send the metadata or params a condition asks for.`,
    });
  }
}

/** A loadbalance node has no child left that may be called. Status 503. */
export class NoTargetError extends APIError {
  static {
    nameClass(NoTargetError, 'NoTargetError');
  }

  constructor(path: string) {
    super({
      status: 503,
      kind: 'capacity',
      type: 'routing_error',
      code: 'no_target',
      message: `No target of ${path} can be called: each has weight 0.`,
    });
  }
}

const mostModelsNamed = 50;

/** The request's `model` is no model group of the config. Nothing was sent. Status 404. */
export class ModelNotFoundError extends APIError {
  static {
    nameClass(ModelNotFoundError, 'ModelNotFoundError');
  }

  /** `known`: the names a request may use, hidden ones left out. */
  constructor(model: string, known: readonly string[]) {
    const hint = didYouMean(model, known);
    const more = known.length > mostModelsNamed ? `, and ${known.length - mostModelsNamed} more` : '';
    super({
      status: 404,
      kind: 'not_found',
      type: 'invalid_request_error',
      code: 'model_not_found',
      param: 'model',
      message: `There is no model ${JSON.stringify(model.slice(0, 200))} here.${hint} Models: ${known.slice(0, mostModelsNamed).join(', ')}${more}.`,
    });
  }
}

/**
 * Nothing was sent: the target cools down after failures (status 503), or every target of a node does (status 429). `headers` carry
 * `retry-after` in whole seconds.
 */
export class CooldownError extends APIError {
  /** Milliseconds until it is worth asking again; an estimate of 1 s while a probe is under way. */
  readonly retryAfterMs: number;

  static {
    nameClass(CooldownError, 'CooldownError');
  }

  constructor({ path, of, readyInMs }: CoolingFacts) {
    const retryAfterMs = waitOf(readyInMs);
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
    super({
      status: of === 'node' ? 429 : 503,
      kind: 'capacity',
      type: 'routing_error',
      code: of === 'node' ? 'all_targets_cooling' : 'target_cooling',
      message: `${of === 'node' ? `Every target of ${path} cools` : `${path} cools`} down after failures. Nothing was sent. Try again in ${seconds} s.`,
      headers: { 'retry-after': String(seconds) },
    });
    this.retryAfterMs = retryAfterMs;
  }
}

/** What cools, and for how long. */
export interface CoolingFacts {
  readonly path: string;
  readonly of: 'target' | 'node';
  /** Infinity while that depends on a probe under way. */
  readonly readyInMs: number;
}

/**
 * Nothing was sent: the target has no room for the call, by `max_concurrency`, a `rate_limit`, or because its provider asked to wait.
 * Status 429; `headers` carry `retry-after` in whole seconds, and `x-ratelimit-*` of the quantity that is used up.
 */
export class CapacityError extends APIError {
  /** Milliseconds until the call fits; a guess of 1 s where that depends on calls under way, Infinity when no time makes it fit. */
  readonly retryAfterMs: number;

  static {
    nameClass(CapacityError, 'CapacityError');
  }

  constructor({ code, message, readyInMs, headers }: CapacityFacts) {
    super({
      status: 429,
      kind: 'capacity',
      type: 'routing_error',
      code,
      message: `${message} Nothing was sent.`,
      headers: { ...retryAfter(readyInMs), ...headers },
    });
    this.retryAfterMs = readyInMs === undefined ? Number.POSITIVE_INFINITY : waitOf(readyInMs);
  }
}

/** What there is no room in. */
export interface CapacityFacts {
  readonly code: 'max_concurrency' | 'rate_limit' | 'rate_limit_too_small' | 'upstream_rate_limit';
  /** A sentence. */
  readonly message: string;
  /** Infinity where that depends on calls under way; undefined when no time makes it fit. */
  readonly readyInMs: number | undefined;
  readonly headers?: HeaderMap;
}

const guessedWaitMs = 1000;

function waitOf(readyInMs: number): number {
  return Number.isFinite(readyInMs) ? Math.max(0, readyInMs) : guessedWaitMs;
}

function retryAfter(readyInMs: number | undefined): HeaderMap {
  if (readyInMs === undefined) return {};
  return { 'retry-after': String(Math.max(1, Math.ceil(waitOf(readyInMs) / 1000))) };
}

/** The request waited for room in a `queue` as long as it may. Nothing was sent. Status 429; `headers` carry `retry-after`. */
export class QueueTimeoutError extends APIError {
  /** Milliseconds until there should be room; a guess of 1 s where nobody knows. */
  readonly retryAfterMs: number;

  static {
    nameClass(QueueTimeoutError, 'QueueTimeoutError');
  }

  constructor({ path, waitedMs, readyInMs }: WaitingFacts) {
    const seconds = retryAfter(readyInMs)['retry-after'];
    super({
      status: 429,
      kind: 'capacity',
      type: 'routing_error',
      code: 'queue_timeout',
      message: `Found no room at ${path} ${waitedMs === 0 ? 'that waiting would bring in time' : `in ${waitedMs} ms of waiting`}. Nothing was sent. Try again in ${seconds} s.`,
      headers: retryAfter(readyInMs),
    });
    this.retryAfterMs = waitOf(readyInMs);
  }
}

/** A `queue` is full of requests at least as urgent. Nothing was sent. Status 429; `headers` carry `retry-after`. */
export class QueueFullError extends APIError {
  static {
    nameClass(QueueFullError, 'QueueFullError');
  }

  constructor({
    path,
    maxSize,
    readyInMs,
  }: { readonly path: string; readonly maxSize: number; readonly readyInMs: number }) {
    super({
      status: 429,
      kind: 'capacity',
      type: 'routing_error',
      code: 'queue_full',
      message: `${maxSize} requests at least as urgent wait at ${path} already. Nothing was sent.`,
      headers: retryAfter(readyInMs),
    });
  }
}

/** Who waited where, and for how much longer it would have to. */
export interface WaitingFacts {
  readonly path: string;
  readonly waitedMs: number;
  /** Infinity where that depends on calls under way. */
  readonly readyInMs: number;
}

/** Could the call not be made for want of room, so that somebody else should be asked, or the same later? */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof CapacityError ||
    error instanceof CooldownError ||
    error instanceof QueueTimeoutError ||
    error instanceof QueueFullError
  );
}

/** An `algorithm` written in code threw, or returned what is no index of a target. */
export class AlgorithmError extends PortkeyError {
  static {
    nameClass(AlgorithmError, 'AlgorithmError');
  }

  constructor(path: string, problem: string, cause?: unknown) {
    super('config', `The algorithm of ${path} ${problem}`, cause === undefined ? undefined : { cause });
  }
}
