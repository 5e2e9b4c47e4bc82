import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

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
