import { APIError } from './api-error.ts';
import type { PortkeyError } from './portkey-error.ts';

/** Does a list of statuses name this failure? Failures that came without a status, and timeouts, count as listed when 408 or any 5xx is. */
export function isListedStatus(error: PortkeyError, codes: readonly number[]): boolean {
  const status = error instanceof APIError ? error.status : undefined;
  if (status !== undefined && codes.includes(status)) return true;
  const isWithoutAnswer = status === undefined || error.kind === 'timeout';
  return isWithoutAnswer && codes.some((code) => code === 408 || code >= 500);
}
