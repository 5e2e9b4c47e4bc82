import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

/** A virtual key that does not exist, or whose lookup failed. Counts as a failed target. Status 401. */
export class VirtualKeyError extends APIError {
  static {
    nameClass(VirtualKeyError, 'VirtualKeyError');
  }

  constructor(message: string, cause?: unknown) {
    super({ status: 401, kind: 'auth', type: 'invalid_virtual_key', code: 'invalid_virtual_key', message, cause });
  }
}
