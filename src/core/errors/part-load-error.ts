import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

/**
 * A part of this library that is loaded when it is first needed did not load: its file was left out of a deployment, or is blocked.
 * Nothing was sent. A fallback goes on; the next call tries to load it again. `cause` is the error of the import.
 */
export class PartLoadError extends APIError {
  static {
    nameClass(PartLoadError, 'PartLoadError');
  }

  constructor(part: string, cause: unknown) {
    super({
      kind: 'config',
      type: 'part_not_loaded',
      code: 'part_not_loaded',
      message: `The part "${part}" of modelmux could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}. Deploy all files of the package, or bundle it into one file.`,
      cause,
    });
  }
}
