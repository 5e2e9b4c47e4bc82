import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

/**
 * A virtual key that does not exist, whose lookup failed, or that has expired (code `virtual_key_expired`). Counts as a failed target.
 * Status 401.
 */
export class VirtualKeyError extends APIError {
  static {
    nameClass(VirtualKeyError, 'VirtualKeyError');
  }

  constructor(message: string, cause?: unknown, code: VirtualKeyErrorCode = 'invalid_virtual_key') {
    super({ status: 401, kind: 'auth', type: 'invalid_virtual_key', code, message, cause });
  }
}

/** Why a virtual key is of no use. */
export type VirtualKeyErrorCode = 'invalid_virtual_key' | 'virtual_key_expired';
