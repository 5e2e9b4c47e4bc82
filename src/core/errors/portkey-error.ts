import type { Attempt, TargetInfo } from '../attempt.ts';
import type { Usage } from '../usage.ts';
import type { ErrorKind } from './kind.ts';

/** Base of every error this library throws. */
export class PortkeyError extends Error {
  /** What went wrong, as `on_errors` names it. */
  readonly kind: ErrorKind;
  /** The target that failed; undefined when no target was reached. */
  target?: TargetInfo;
  /** Every attempt of the request, in order, the failed last one included. */
  attempts: readonly Readonly<Attempt>[] = [];
  traceId?: string;
  /** Tokens that the failed call used all the same, where anybody knows. */
  usage?: Usage;
  requestId?: string;

  static {
    nameClass(PortkeyError, 'PortkeyError');
  }

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Sets `error.name` on a class's prototype, and the name of the class: both stay right when a bundler renames classes. */
export function nameClass(errorClass: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(errorClass, 'name', { value: name, configurable: true });
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true });
}
