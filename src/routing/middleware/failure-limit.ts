import type { RequestContext } from '../../core/context.ts';
import { APIConnectionTimeoutError } from '../../core/errors/connection-errors.ts';
import { type ErrorEdge, type ErrorKind, followsEdge } from '../../core/errors/kind.ts';
import { isListedStatus } from '../../core/errors/listed-status.ts';
import type { PortkeyError } from '../../core/errors/portkey-error.ts';
import { VirtualKeyError } from '../../core/errors/vault-errors.ts';

/** Kinds of failure that say something of the target, as a config names them. */
export const countedEdges = [
  'rate_limit',
  'timeout',
  'auth',
  'billing',
  'server',
  'network',
] as const satisfies ErrorEdge[];

/** One of {@link countedEdges}. */
export type CountedEdge = (typeof countedEdges)[number];

/** How many failures a target may have. */
export interface FailureLimits {
  /** Infinity: only the ratio counts. */
  readonly allowedFails: number;
  /** Kinds with a limit and a count of their own. */
  readonly perError: Readonly<Partial<Record<CountedEdge, number>>>;
  /** In place of the rules by kind: only these statuses count, and failures without an answer when 408 or any 5xx is listed. */
  readonly onStatusCodes?: readonly number[] | undefined;
}

/** Under which name a failure is counted, and how many of that name are allowed. */
export interface FailureLimit {
  readonly of: CountedEdge | 'any';
  readonly allowedFails: number;
}

/**
 * The limit a failure counts towards; undefined when it says nothing of the target: the caller's mistakes (400, 404, 422, context window,
 * content policy), the caller leaving, a timeout the caller chose, refusals of our own. A key or account refused is one too many at once.
 */
export function failureLimit(
  error: PortkeyError,
  context: RequestContext,
  limits: FailureLimits,
): FailureLimit | undefined {
  if (error.kind === 'aborted' || error instanceof VirtualKeyError || isOwnRefusal[error.kind]) return undefined;
  if (error instanceof APIConnectionTimeoutError && isCallersTime(error, context)) return undefined;
  if (limits.onStatusCodes !== undefined)
    return isListedStatus(error, limits.onStatusCodes) ? { of: 'any', allowedFails: limits.allowedFails } : undefined;
  const edge = countedEdges.find((counted) => followsEdge(error.kind, [counted]));
  if (edge === undefined) return undefined;
  const own = limits.perError[edge];
  if (own !== undefined) return { of: edge, allowedFails: own };
  const isDead = edge === 'auth' || edge === 'billing';
  return { of: 'any', allowedFails: isDead ? 0 : limits.allowedFails };
}

/** Nothing was sent, or a check of ours refused. */
const isOwnRefusal: Readonly<Partial<Record<ErrorKind, true>>> = {
  capacity: true,
  budget: true,
  guardrail: true,
  config: true,
  translation: true,
};

/** The call's own timeout; and a deadline over the whole request, unless this attempt was all of it. */
function isCallersTime({ limit }: APIConnectionTimeoutError, { call, attempts }: RequestContext): boolean {
  if (limit === 'request_timeout') return call.requestTimeoutMs !== undefined;
  if (limit === 'first_token_timeout') return call.firstTokenTimeoutMs !== undefined;
  return limit === 'total_timeout' && (call.totalTimeoutMs !== undefined || attempts.length > 1);
}
