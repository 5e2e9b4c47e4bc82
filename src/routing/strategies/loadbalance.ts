import type { ChildrenView, Picker } from '../../core/algorithm.ts';
import type { RequestContext } from '../../core/context.ts';
import { CooldownError, NoTargetError } from '../../core/errors/routing-errors.ts';
import type { Handler, ModelRequest } from '../../core/handler.ts';
import type { Child } from '../../core/strategy.ts';
import { inTurn } from './in-turn.ts';

/** What a loadbalance node is made of. */
export interface LoadbalanceOptions {
  readonly path: string;
  readonly picker: Picker;
  /** Try a sibling when the picked child fails. */
  readonly failover: boolean;
  /** What the picker sees; absent where every child is always ready. */
  readonly view?: ChildrenView | undefined;
}

/**
 * One child, picked per request among those that are ready. Under a retry of the same node, or with `failover`, children already tried
 * are passed over while another is left. All of them cool: rejects with `CooldownError`.
 */
export function loadbalance(children: readonly Child[], options: LoadbalanceOptions): Handler {
  const { failover, path } = options;
  if (failover) return withFailover(children, options);
  return (request, context) => {
    try {
      const tried = context.tried?.get(path);
      const index =
        tried === undefined
          ? options.picker.pick(undefined, request, context)
          : pickUntried(tried, request, context, options);
      const child = index === undefined ? undefined : children[index];
      if (index === undefined || child === undefined) return Promise.reject(new NoTargetError(path));
      requireReady(index, children, context, options);
      remember(context, path, index);
      return child.handler(request, context);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

function withFailover(children: readonly Child[], options: LoadbalanceOptions): Handler {
  const { path, picker, view } = options;
  return (request, context) => {
    const tried = new Set<number>();
    return inTurn(request, context, {
      next() {
        const index = picker.pick(tried, request, context);
        if (index === undefined) return undefined;
        if (tried.size === 0) requireReady(index, children, context, options);
        // What the failed child said is worth more than that the rest cools.
        else if (!mayCall(index, context, view)) return undefined;
        tried.add(index);
        return children[index];
      },
      mayGoOn: () => true,
      none: () => new NoTargetError(path),
    });
  };
}

/** A picker offers a child that is not ready only when none is. One that is full answers for itself. */
function requireReady(
  index: number,
  children: readonly Child[],
  context: RequestContext,
  { path, view }: LoadbalanceOptions,
): void {
  if (mayCall(index, context, view) || view === undefined) return;
  const now = view.now();
  const readyAt = children.reduce(
    (soonest, { weight, health }) => (weight > 0 ? Math.min(soonest, health?.readyAt() ?? 0) : soonest),
    Number.POSITIVE_INFINITY,
  );
  if (readyAt > now) throw new CooldownError({ path, of: 'node', readyInMs: readyAt - now });
}

function mayCall(index: number, context: RequestContext, view: ChildrenView | undefined): boolean {
  return view === undefined || context.ignoresCooldowns === true || view.share(index) > 0;
}

/** A ready child not yet tried; when all were, any but the last; a child that is not ready only when none is. */
function pickUntried(
  tried: readonly number[],
  request: ModelRequest,
  context: RequestContext,
  { picker, view }: LoadbalanceOptions,
): number | undefined {
  for (const avoid of [new Set(tried), new Set(tried.slice(-1))]) {
    const index = picker.pick(avoid, request, context);
    if (index !== undefined && mayCall(index, context, view)) return index;
  }
  return picker.pick(undefined, request, context);
}

/** Only a retrying node above asks for this memory. */
function remember(context: RequestContext, path: string, index: number): void {
  const { tried } = context;
  if (tried === undefined) return;
  const indexes = tried.get(path);
  if (indexes === undefined) tried.set(path, [index]);
  else indexes.push(index);
}
