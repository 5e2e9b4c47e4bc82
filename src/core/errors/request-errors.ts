import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

/** The call itself cannot be meant: refused before anything is sent. Status 400. */
export class InvalidRequestError extends APIError {
  static {
    nameClass(InvalidRequestError, 'InvalidRequestError');
  }

  constructor(param: string, message: string) {
    super({ status: 400, kind: 'invalid_request', type: 'invalid_request_error', code: null, param, message });
  }
}
