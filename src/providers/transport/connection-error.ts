import { APIConnectionError, type PortkeyError, TranslationError } from '../../core/errors/index.ts';
import type { Outgoing } from './outgoing.ts';
import { privateAddressCode, privateHostError } from './public-hosts.ts';

/** What to throw when `thrown` came up: the abort's own reason when the signal has aborted, else {@link connectionError}. */
export function wireError(outgoing: Outgoing, what: string, thrown: unknown): unknown {
  return outgoing.signal.aborted ? outgoing.signal.reason : connectionError(outgoing, what, thrown);
}

/**
 * The error for a wire that broke, naming method, host and the system's code; `what` says how far the call had come.
 * A request that the HTTP client refused to send becomes a `TranslationError`: no retry can help it.
 */
export function connectionError(outgoing: Outgoing, what: string, thrown: unknown): PortkeyError {
  const cause = systemError(thrown);
  if (codeOf(cause) === privateAddressCode) return privateHostError(outgoing.address.host);
  return (
    refusal(outgoing, cause) ??
    new APIConnectionError(`${outgoing.method} ${outgoing.address.host}: ${what}: ${reason(cause)}`, cause)
  );
}

/** A `fetch` wraps what the system said in a `TypeError`. */
function systemError(thrown: unknown): unknown {
  let error = thrown;
  while (error instanceof TypeError && error.cause instanceof Error) error = error.cause;
  return error;
}

// Codes of undici's documentation, "Errors".
const refusalCodes: readonly unknown[] = [
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
];

function refusal(outgoing: Outgoing, cause: unknown): PortkeyError | undefined {
  const refused = refusalCodes.includes(codeOf(cause));
  if (!refused && !(cause instanceof TypeError)) return undefined;
  for (const [name, value] of Object.entries(outgoing.request.headers)) {
    const fault = headerFault(name, value);
    // Without cause: its message may quote the value, which may be a key.
    if (fault !== undefined) return new TranslationError(`headers.${name}`, fault);
  }
  if (!refused) return undefined;
  return new TranslationError('headers', `${outgoing.address.host} was not asked: ${reason(cause)}.`, cause);
}

// RFC 9110 sections 5.1 and 5.5: a name is a token; a value has no control character but the tab, and is sent as Latin-1.
const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const unsendable = /[^\t\x20-\x7e\x80-\xff]/;

function headerFault(name: string, value: string): string | undefined {
  if (!token.test(name)) return `${JSON.stringify(name)} is not a header name. Use letters, digits and hyphens.`;
  if (!unsendable.test(value.trim())) return undefined;
  return `Header "${name}" holds a line break, a control character or a character beyond Latin-1. Remove or percent-encode it.`;
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return `something that is no error was thrown (${typeof cause})`;
  const code = codeOf(cause);
  // A query may hold a key.
  const message = cause.message.replace(/\?[^\s'"]*/g, '?…');
  if (typeof code !== 'string' || message.includes(code)) return message || cause.name;
  return message === '' ? code : `${message} (${code})`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? (error as { code?: unknown }).code : undefined;
}
