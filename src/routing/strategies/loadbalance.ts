import type { Picker } from '../../core/algorithm.ts';
import type { RequestContext } from '../../core/context.ts';
import { NoTargetError } from '../../core/errors/routing-errors.ts';
import type { Handler } from '../../core/handler.ts';
import type { Child } from '../../core/strategy.ts';
import { inTurn } from './in-turn.ts';

/** What a loadbalance node is made of. */
export interface LoadbalanceOptions {
  readonly path: string;
  readonly picker: Picker;
  /** Try a sibling when the picked child fails. */
  readonly failover: boolean;
}

/** One child, picked per request. Under a retry of the same node, or with `failover`, children already tried are passed over while another is left. */
export function loadbalance(children: readonly Child[], options: LoadbalanceOptions): Handler {
  const { picker, failover, path } = options;
  if (failover) return withFailover(children, options);
  return (request, context) => {
    const tried = context.tried?.get(path);
    const index = tried === undefined ? picker.pick() : pickUntried(picker, tried);
    const child = index === undefined ? undefined : children[index];
    if (index === undefined || child === undefined) return Promise.reject(new NoTargetError(path));
    remember(context, path, index);
    return child.handler(request, context);
  };
}

function withFailover(children: readonly Child[], { path, picker }: LoadbalanceOptions): Handler {
  return (request, context) => {
    const tried = new Set<number>();
    return inTurn(request, context, {
      next() {
        const index = picker.pick(tried);
        if (index === undefined) return undefined;
        tried.add(index);
        return children[index];
      },
      mayGoOn: () => true,
      none: () => new NoTargetError(path),
    });
  };
}

/** A child not yet tried; when all were, any but the last. */
function pickUntried(picker: Picker, tried: readonly number[]): number | undefined {
  return picker.pick(new Set(tried)) ?? picker.pick(new Set(tried.slice(-1))) ?? picker.pick();
}

/** Only a retrying node above asks for this memory. */
function remember(context: RequestContext, path: string, index: number): void {
  const { tried } = context;
  if (tried === undefined) return;
  const indexes = tried.get(path);
  if (indexes === undefined) tried.set(path, [index]);
  else indexes.push(index);
}
