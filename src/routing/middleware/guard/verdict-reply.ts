import type { HookResult, HookResults } from '../../../core/hooks.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Reply } from '../../../core/reply.ts';
import { softFailureStatus } from '../../../core/soft-failure.ts';

/** What the hooks before and after a call said. */
export type Results = readonly [before: readonly HookResult[], after: readonly HookResult[]];

/** {@link Results} as replies and errors carry them. */
export function toHookResults([before_request_hooks, after_request_hooks]: Results): HookResults {
  return { before_request_hooks, after_request_hooks };
}

/** Did a guardrail fail that does not refuse? */
export function hasFailed([before, after]: Results): boolean {
  return [...before, ...after].some(({ verdict }) => !verdict);
}

/** The status of a reply, by what its hooks said. */
export function statusFor(status: number, results: Results): number {
  return hasFailed(results) && status >= 200 && status < 300 ? softFailureStatus : status;
}

/** A whole reply that tells what its hooks said: in its status, and beside OpenAI's members unless `isStrict`. */
export function withResults(reply: Reply, results: Results, isStrict: boolean): Reply {
  const told = toHookResults(results);
  const { body } = reply;
  const isTold = body.kind === 'json' && !isStrict && results.some((list) => list.length > 0);
  return {
    ...reply,
    status: statusFor(reply.status, results),
    hookResults: () => told,
    ...(isTold ? { body: { kind: 'json', value: { ...(body.value as JsonObject), hook_results: told } } } : {}),
  };
}
