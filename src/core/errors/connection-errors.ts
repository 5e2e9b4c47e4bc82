import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

/** No response came, or the wire broke while it was read: refused, reset, DNS, TLS. `cause` is the system's error, `code` its code. */
export class APIConnectionError extends APIError {
  static {
    nameClass(APIConnectionError, 'APIConnectionError');
  }

  constructor(message: string, cause?: unknown) {
    super({ message, kind: 'network', type: 'connection_error', code: systemCode(cause) ?? null, cause });
  }
}

/** A time limit ran out. Status 408, type `timeout_error`, as Portkey answers. */
export class APIConnectionTimeoutError extends APIError {
  /** Which limit: the config key. */
  readonly limit: TimeoutKey;

  static {
    nameClass(APIConnectionTimeoutError, 'APIConnectionTimeoutError');
  }

  constructor(limit: TimeoutKey, timeoutMs: number) {
    super({
      status: 408,
      kind: 'timeout',
      type: 'timeout_error',
      code: null,
      param: null,
      message: `${timeoutText[limit]}: ${limit} of ${timeoutMs} ms exceeded`,
    });
    this.limit = limit;
  }
}

/** Config keys that limit time. */
export type TimeoutKey =
  | 'request_timeout'
  | 'total_timeout'
  | 'first_token_timeout'
  | 'idle_timeout'
  | 'share_deadline';

const timeoutText: Readonly<Record<TimeoutKey, string>> = {
  request_timeout: 'The target sent no response headers in time',
  total_timeout: 'The whole request, retries and fallbacks included, took too long',
  first_token_timeout: 'The target sent no content in time',
  idle_timeout: 'The stream fell silent',
  share_deadline: 'The target used up its share of the time that is left',
};

/** The caller left: its signal aborted, or it stopped reading. Never retried, never sent to another target. */
export class APIUserAbortError extends APIError {
  static {
    nameClass(APIUserAbortError, 'APIUserAbortError');
  }

  constructor(message = 'Request was aborted.', cause?: unknown) {
    super({ message, kind: 'aborted', cause });
  }
}

function systemCode(cause: unknown): string | undefined {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'string') return code;
  }
  return undefined;
}
