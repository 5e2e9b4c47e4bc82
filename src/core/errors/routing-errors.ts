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
    const retryAfterMs = Number.isFinite(readyInMs) ? Math.max(0, readyInMs) : 1000;
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
  /** Milliseconds until the call fits; a guess of 1 s where that depends on calls under way. */
  readonly retryAfterMs: number;

  static {
    nameClass(CapacityError, 'CapacityError');
  }

  constructor({ code, message, readyInMs, headers }: CapacityFacts) {
    const retryAfterMs = Number.isFinite(readyInMs) ? Math.max(0, readyInMs) : 1000;
    super({
      status: 429,
      kind: 'capacity',
      type: 'routing_error',
      code,
      message: `${message} Nothing was sent.`,
      headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))), ...headers },
    });
    this.retryAfterMs = retryAfterMs;
  }
}

/** What there is no room in. */
export interface CapacityFacts {
  readonly code: 'max_concurrency' | 'rate_limit' | 'upstream_rate_limit';
  /** A sentence. */
  readonly message: string;
  /** Infinity where that depends on calls under way. */
  readonly readyInMs: number;
  readonly headers?: HeaderMap;
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
