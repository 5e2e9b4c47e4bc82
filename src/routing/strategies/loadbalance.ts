import type { ChildrenView, Picker } from '../../core/algorithm.ts';
import type { RequestContext } from '../../core/context.ts';
import type { RequestDemand } from '../../core/demand.ts';
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
 * are passed over while another is left. All of them cool: rejects with `CooldownError`; none has room: with what the one says that has it soonest.
 */
export function loadbalance(children: readonly Child[], options: LoadbalanceOptions): Handler {
  const { failover, path, picker, view } = options;
  if (failover) return withFailover(children, options);
  return (request, context) => {
    try {
      const tried = context.tried?.get(path);
      const demand = view?.demandOf?.(request, context);
      const picked =
        tried === undefined
          ? picker.pick(undefined, request, context, demand)
          : pickUntried(tried, { request, context, demand }, options);
      const index = picked === undefined ? undefined : callable(picked, children, { context, demand }, options);
      const child = index === undefined ? undefined : children[index];
      if (index === undefined || child === undefined) return Promise.reject(new NoTargetError(path));
      remember(context, path, index);
      return child.handler(request, context);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** What a child is picked for. */
interface Asked {
  readonly request: ModelRequest;
  readonly context: RequestContext;
  readonly demand: RequestDemand | undefined;
}

function withFailover(children: readonly Child[], options: LoadbalanceOptions): Handler {
  const { path, picker, view } = options;
  return (request, context) => {
    const tried = new Set<number>();
    const demand = view?.demandOf?.(request, context);
    return inTurn(request, context, {
      next() {
        const picked = picker.pick(tried, request, context, demand);
        if (picked === undefined) return undefined;
        const isFirst = tried.size === 0;
        // What the failed child said is worth more than that the rest has no room.
        if (!isFirst && !mayCall(picked, { context, demand }, view)) return undefined;
        const index = isFirst ? callable(picked, children, { context, demand }, options) : picked;
        tried.add(index);
        return children[index];
      },
      mayGoOn: () => true,
      none: () => new NoTargetError(path),
    });
  };
}

/**
 * The child to call for the one picked. A picker offers a child that is not ready only when none is: then it is the one that is ready
 * soonest, which says for itself what it lacks. Throws when all of them cool.
 */
function callable(
  index: number,
  children: readonly Child[],
  asked: Omit<Asked, 'request'>,
  { path, view }: LoadbalanceOptions,
): number {
  if (view === undefined || mayCall(index, asked, view)) return index;
  const now = view.now();
  const coolsUntil = leastOf(children, ({ health }) => health?.coolsUntil() ?? 0).value;
  if (coolsUntil > now) throw new CooldownError({ path, of: 'node', readyInMs: coolsUntil - now });
  return leastOf(children, ({ health }) => health?.readyAt(now, asked.demand) ?? 0).index ?? index;
}

/** The least value among children that may be picked, and whose it is; no index when none is finite. */
function leastOf(children: readonly Child[], measure: (child: Child) => number) {
  let value = Number.POSITIVE_INFINITY;
  let index: number | undefined;
  children.forEach((child, at) => {
    const own = child.weight > 0 ? measure(child) : Number.POSITIVE_INFINITY;
    if (own >= value) return;
    value = own;
    index = at;
  });
  return { value, index };
}

function mayCall(index: number, { context, demand }: Omit<Asked, 'request'>, view: ChildrenView | undefined): boolean {
  return view === undefined || context.ignoresCooldowns === true || view.share(index, demand) > 0;
}

/** A ready child not yet tried; when all were, any but the last; a child that is not ready only when none is. */
function pickUntried(tried: readonly number[], asked: Asked, { picker, view }: LoadbalanceOptions): number | undefined {
  const { request, context, demand } = asked;
  for (const avoid of [new Set(tried), new Set(tried.slice(-1))]) {
    const index = picker.pick(avoid, request, context, demand);
    if (index !== undefined && mayCall(index, asked, view)) return index;
  }
  return picker.pick(undefined, request, context, demand);
}

/** Only a retrying node above asks for this memory. */
function remember(context: RequestContext, path: string, index: number): void {
  const { tried } = context;
  if (tried === undefined) return;
  const indexes = tried.get(path);
  if (indexes === undefined) tried.set(path, [index]);
  else indexes.push(index);
}
