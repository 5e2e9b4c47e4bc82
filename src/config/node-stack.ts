import type { Middleware } from '../core/handler.ts';
import { cache, deadline, type RetryPlace, retry } from '../routing/middleware/index.ts';
import { toCachePolicy } from './cache-policy.ts';
import type { Config } from './config.ts';
import { roomFor } from './limits/room.ts';
import type { Node, Place } from './place.ts';
import { toRetryPolicy } from './retry-policy.ts';

/** Only the fields of a LiteLLM request bring a deadline of the call's own. */
function heedsCall(node: Config, { root }: Place): boolean {
  return node === root && root.compat === 'litellm';
}

/** What stands above a node, outermost first. The order is policy. */
export function nodeStack(node: Config, place: Place & Node): readonly Middleware[] {
  const { health, options } = place;
  const { runtime } = options;
  const stack: Middleware[] = [];
  // The deadline spans everything below it: waits, retries, children, a stream to its end.
  const hasDeadline = node.total_timeout !== undefined && node.total_timeout > 0;
  if (hasDeadline || heedsCall(node, place))
    stack.push(deadline(hasDeadline ? node.total_timeout : undefined, runtime.clock));
  // A hit must cost no target, no quota and no wait: above retry and strategy. Below the deadline, which also bounds the wait for another's call.
  if (node.cache !== undefined) {
    const { customHost, cache: client } = options;
    const policy = toCachePolicy(node, node.cache, { ...place, customHost, client, runtime });
    stack.push(cache(policy, options.cache, runtime.clock));
  }
  // A retry on a node stands above its strategy: each try picks again.
  const retries = node.retry?.scope === 'node' ? toRetryPolicy(node.retry, place.root.compat === 'litellm') : undefined;
  if (retries !== undefined) stack.push(retry(retries, retryPlace(node, place), runtime));
  // Below the retry, so that each try waits for itself; only where no sibling could answer in the meantime, and once. That of a
  // target stands in its own stack, below its retries.
  if (place.children.length > 0) stack.push(...roomFor(place, health, place.waitsBelow));
  return stack;
}

/** Only a loadbalance picks another child on the next try. */
function retryPlace({ strategy }: Config, place: Place & Node): RetryPlace {
  const { path, children, options, isLastResort } = place;
  if (strategy?.mode !== 'loadbalance') return { path, picksAgain: true, isLastResort };
  const { clock } = options.runtime;
  return {
    path,
    picksAgain: true,
    isLastResort,
    asksSeveral: strategy.failover ?? strategy.algorithm !== undefined,
    hasOthers: (tried) =>
      tried.length > 0 &&
      children.some(
        ({ weight, health }, index) => weight > 0 && !tried.includes(index) && (health?.share(clock.now()) ?? 1) > 0,
      ),
  };
}
