import { type APIError, apiError } from './errors/api-error.ts';
import type { Reply } from './reply.ts';

/** Portkey's status for a reply that is handed out although a guardrail failed. */
export const softFailureStatus = 246;

/**
 * The failure that a reply stands for where a config lists status 246 among those to act on; undefined for every other reply.
 */
export function softFailure(reply: Reply, statuses: readonly number[] | undefined): APIError | undefined {
  if (reply.status !== softFailureStatus || statuses?.includes(softFailureStatus) !== true) return undefined;
  const error = apiError({
    status: softFailureStatus,
    kind: 'guardrail',
    type: 'hooks_failed',
    message: `A guardrail of ${reply.target.path} failed without refusing.`,
  });
  error.target = reply.target;
  return error;
}

/** Gives up a reply that nobody will read. */
export function discard(reply: Reply | undefined): void {
  if (reply?.body.kind === 'stream') reply.body.chunks.return().catch(() => undefined);
}

/** Did only the request fail, so that asking the same target again changes nothing? */
export function failedBeforeSending({ hookResults }: Reply): boolean {
  return hookResults?.().after_request_hooks.every(({ verdict }) => verdict) === true;
}
