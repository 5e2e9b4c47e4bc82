import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

/** Nothing was sent: the prompt, with the reply it asks for, is clearly too long for the target. Status 400, code `context_length_exceeded` as OpenAI says it. */
export class ContextWindowError extends APIError {
  static {
    nameClass(ContextWindowError, 'ContextWindowError');
  }

  constructor(param: 'messages' | 'max_tokens', message: string) {
    super({
      status: 400,
      kind: 'context_window',
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      param,
      message: `${message} Nothing was sent.`,
    });
  }
}

/** Nothing was sent: the target has not the tags or the region that the call asks for. Status 400, code `no_matching_target`. */
export class NoMatchingTargetError extends APIError {
  static {
    nameClass(NoMatchingTargetError, 'NoMatchingTargetError');
  }

  constructor(message: string) {
    super({
      status: 400,
      kind: 'invalid_request',
      type: 'routing_error',
      code: 'no_matching_target',
      message: `${message} Nothing was sent.`,
    });
  }
}
