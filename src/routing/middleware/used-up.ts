import type { Delivery } from '../../core/context.ts';
import { APIError } from '../../core/errors/api-error.ts';
import type { ErrorKind } from '../../core/errors/kind.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';

/** What a failed call used up of its target: nothing, a request but no tokens, or all that was reserved. */
export type UsedUp = 'nothing' | 'request' | 'all';

/**
 * What a failure cost. Nothing: what was never sent, or never reached the provider (refused, no such host, no route). A request but no
 * tokens: an error status, also one inside a 200, and a wire that broke before any answer; providers count requests they refuse. All: a
 * timeout, a caller who left, a reply that broke off or could not be read, for the provider was at work.
 */
export function usedUp(error: unknown, { phase }: Delivery): UsedUp {
  if (phase === 'unsent' || !(error instanceof PortkeyError)) return phase === 'unsent' ? 'nothing' : 'all';
  if (error.kind === 'network') return phase === 'answered' ? 'all' : brokenOff(error);
  return refusedKinds.has(error.kind) ? 'request' : 'all';
}

const refusedKinds: ReadonlySet<ErrorKind> = new Set([
  'rate_limit',
  'auth',
  'billing',
  'server',
  'overloaded',
  'not_found',
  'invalid_request',
  'context_window',
  'content_policy',
]);

function brokenOff(error: PortkeyError): UsedUp {
  return error instanceof APIError && unreachedCodes.has(error.code ?? '') ? 'nothing' : 'request';
}

/** Codes of the system and of undici for connections that never came about. */
const unreachedCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);
