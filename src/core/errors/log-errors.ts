import { nameClass, PortkeyError } from './portkey-error.ts';

/** The place where log records are kept cannot be read or written. No call to a model ever fails with it. */
export class LogStoreError extends PortkeyError {
  static {
    nameClass(LogStoreError, 'LogStoreError');
  }

  /** `message` is shown in `warning` events: it holds no secret. */
  constructor(message: string) {
    super('server', message);
  }
}
