import { nameClass, PortkeyError } from '../core/errors/portkey-error.ts';

/** A vault file that cannot be opened, read or changed as asked. The message names the file and never a key. */
export class VaultFileError extends PortkeyError {
  readonly code: VaultFileProblem;

  static {
    nameClass(VaultFileError, 'VaultFileError');
  }

  constructor(code: VaultFileProblem, message: string, cause?: unknown) {
    super('config', message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/**
 * `unreadable` is a wrong passphrase or a damaged file: the two cannot be told apart. `locked`: another process is
 * writing. `io`: the operating system refused; its error is the cause.
 */
export type VaultFileProblem =
  | 'not_found'
  | 'no_passphrase'
  | 'unreadable'
  | 'locked'
  | 'io'
  | 'slug_exists'
  | 'slug_unknown'
  | 'invalid';
