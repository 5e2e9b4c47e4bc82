import { excerpt } from '../excerpt.ts';
import type { HeaderMap } from '../reply.ts';
import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

const excerptLength = 200;

/** A 2xx whose body is not the reply it should be: HTML, truncated JSON, a missing field. Status 502. */
export class UnreadableReplyError extends APIError {
  static {
    nameClass(UnreadableReplyError, 'UnreadableReplyError');
  }

  constructor(what: string, received: unknown, headers?: HeaderMap) {
    super({
      status: 502,
      kind: 'unreadable',
      type: 'unreadable_reply',
      code: 'unreadable_reply',
      message: `${what}. Received: ${shown(received)}`,
      headers,
    });
  }
}

/** The request cannot be expressed in the target's wire format, or the target lacks a field it needs. Nothing was sent. Status 400. */
export class TranslationError extends APIError {
  static {
    nameClass(TranslationError, 'TranslationError');
  }

  /** `param`: JSON path in the body, or name of the missing provider field. `message` says what would be valid. */
  constructor(param: string, message: string, cause?: unknown) {
    super({
      status: 400,
      kind: 'translation',
      type: 'invalid_request_error',
      code: 'untranslatable',
      param,
      message,
      cause,
    });
  }
}

/** A stream ended without finish reason and end marker. After its first content `received` says what had arrived. */
export class TruncatedStreamError extends APIError {
  static {
    nameClass(TruncatedStreamError, 'TruncatedStreamError');
  }

  constructor(message: string, cause?: unknown) {
    super({ kind: 'truncated', type: 'truncated_stream', code: 'truncated_stream', message, cause });
  }
}

function shown(received: unknown): string {
  const text = typeof received === 'string' ? received : (JSON.stringify(received) ?? String(received));
  return excerpt(text, excerptLength) || '(nothing)';
}
