import type { ChildrenView, Picker } from '../../core/algorithm.ts';
import type { RequestContext } from '../../core/context.ts';
import type { RequestDemand } from '../../core/demand.ts';
import type { PortkeyError } from '../../core/errors/portkey-error.ts';
import { CooldownError, NoTargetError } from '../../core/errors/routing-errors.ts';
import type { Handler, ModelRequest } from '../../core/handler.ts';
import type { Clock } from '../../core/runtime.ts';
import type { Child } from '../../core/strategy.ts';
import { inTurn } from './in-turn.ts';
import type { Seat } from './shared-seat.ts';

/** What a loadbalance node is made of. */
export interface LoadbalanceOptions {
  readonly path: string;
  readonly picker: Picker;
  /** Try a sibling when the picked child fails. */
  readonly failover: boolean;
  /** With `failover`: divides the time that is left among the children that are left. */
  readonly share?: Clock | undefined;
  /** Failover only: is a sibling worth trying after this failure? After every one, when absent. */
  readonly mayGoOn?: ((error: PortkeyError) => boolean) | undefined;
  /** What the picker sees; absent where every child is always ready. */
  readonly view?: ChildrenView | undefined;
  /** Where processes share what children have left: calls the child picked, or another one that is ready. */
  readonly seat?: Seat | undefined;
}

/**
 * One child, picked per request among those that are ready. Under a retry of the same node, or with `failover`, children already tried
 * are passed over while another is left. All of them cool: rejects with `CooldownError`; none has room: with what the one says that has it soonest.
 */
export function loadbalance(children: readonly Child[], options: LoadbalanceOptions): Handler {
  const { failover, path, picker, view, seat } = options;
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
      if (seat !== undefined) return seat({ index, request, context }, (taken) => remember(context, path, taken));
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

/** Every child once; under a retry of the same node, where each has had its turn, one more for each further try. */
function withFailover(children: readonly Child[], options: LoadbalanceOptions): Handler {
  const { path, picker, view, share, seat, mayGoOn = () => true } = options;
  const reachable = children.filter(({ weight }) => weight > 0).length;
  return (request, context) => {
    const before = [...(context.tried?.get(path) ?? [])];
    const tried = new Set(before);
    const asked = { request, context, demand: view?.demandOf?.(request, context) };
    const turnOf = (index: number) => {
      tried.add(index);
      if (seat !== undefined) return seated(children[index], { index, seat }, (taken) => replace(index, taken));
      remember(context, path, index);
      return children[index];
    };
    const replace = (index: number, taken: number) => {
      if (!before.includes(index)) tried.delete(index);
      tried.add(taken);
      remember(context, path, taken);
    };
    return inTurn(request, context, {
      share,
      left: () => Math.max(1, reachable - tried.size + 1),
      next(failed) {
        const isFirst = failed === undefined;
        const picked =
          isFirst && before.length > 0
            ? pickUntried(before, asked, options)
            : picker.pick(tried, request, context, asked.demand);
        if (picked === undefined) return undefined;
        // What the failed child said is worth more than that the rest has no room.
        if (!isFirst && !mayCall(picked, asked, view)) return undefined;
        const index = isFirst ? callable(picked, children, asked, options) : picked;
        return turnOf(index);
      },
      mayGoOn,
      none: () => new NoTargetError(path),
      passedOver: () => children.filter(({ weight }, index) => weight > 0 && !tried.has(index)),
    });
  };
}

/** The child picked, which may give way to another one; `onSeat` is told who is called. */
function seated(
  child: Child | undefined,
  { index, seat }: { readonly index: number; readonly seat: Seat },
  onSeat: (taken: number) => void,
): Child | undefined {
  if (child === undefined) return undefined;
  return { ...child, handler: (request, context) => seat({ index, request, context }, onSeat) };
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
