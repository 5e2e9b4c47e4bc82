import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

/** Nothing was sent: somebody took the target out of use by hand. Status 503. */
export class TargetDisabledError extends APIError {
  static {
    nameClass(TargetDisabledError, 'TargetDisabledError');
  }

  constructor(path: string) {
    super({
      status: 503,
      kind: 'capacity',
      type: 'routing_error',
      code: 'target_disabled',
      message: `${path} was taken out of use by hand. Nothing was sent. Whoever did it can put it back (portkey.targets.enable, or the console of the server).`,
    });
  }
}
