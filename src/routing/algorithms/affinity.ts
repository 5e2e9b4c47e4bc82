import type { ChildrenView, Picker } from '../../core/algorithm.ts';
import type { RequestContext } from '../../core/context.ts';
import type { RequestDemand } from '../../core/demand.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { Handler, ModelRequest } from '../../core/handler.ts';
import { lastChoice } from '../../core/health.ts';
import type { Child } from '../../core/strategy.ts';
import type { AffinityMap } from '../state/affinity-map.ts';
import type { KeyOf } from './affinity/affinity-key.ts';
import { watchResponse } from './affinity/watch-response.ts';

/** How a node keeps requests that belong together on one child. */
export interface AffinityRules {
  readonly keyOf: KeyOf;
  /** How long a child is remembered after it has answered. Milliseconds. */
  readonly ttlMs: number;
  readonly map: AffinityMap;
  readonly view: ChildrenView;
  readonly weights: readonly number[];
  /** What other processes remember; absent where this one is alone. */
  readonly memory?: SharedMemory | undefined;
}

/** What processes remember together. Nobody waits, but for what `ask` returns. */
export interface SharedMemory {
  /** What processes call a key: it says nothing of users. */
  nameOf(key: string): string;
  /** Says that requests of `key` go to `target`, which holds where nobody remembers another one than `over`. `onBound` hears whom they go to by now. */
  bind(key: string, bond: OwnBond, onBound: (target: string | undefined) => void): void;
  unbind(key: string, target: string): void;
  /** Whom requests of `key` go to, soon; undefined at once where nobody can be asked. */
  ask(key: string): Promise<string | undefined> | undefined;
}

/** Whom requests go to, as this process would have it. */
export interface OwnBond {
  readonly target: string;
  readonly over: string | undefined;
  readonly ttlMs: number;
}

/** Lets whoever takes a seat for a request at a child hear first whom the others of its kind go to. */
export interface AffinityWish {
  /** The key, as processes know it. */
  readonly name: string;
  readonly ttlMs: number;
  /** May the child be asked, were it the one? */
  isFree(index: number): boolean;
  /** They go to `target` by now. */
  hear(target: string | undefined): void;
}

/** The parts of a loadbalance node that know who answered whom. */
export interface Affine {
  /** Offers the child that is remembered, as long as it may be called; else what the algorithm picks. */
  readonly picker: Picker;
  /** The children, which note that they answered. */
  readonly children: readonly Child[];
  /** Around the node: what refers to a response goes to the child that made it, for no other has it. */
  readonly around: (next: Handler) => Handler;
  /** What to ask other processes before a child is called; undefined where there is nothing to ask. */
  readonly wishOf: (request: ModelRequest, context: RequestContext, demand?: RequestDemand) => AffinityWish | undefined;
}

/** A child may have this many requests in flight, and half as many again as its share, before it is passed over for being busy. */
const fewInFlight = 8;
const busyFactor = 1.5;
/** Providers keep responses for 30 days (OpenAI API reference, "store"). */
const responseTtlMs = 30 * 24 * 60 * 60 * 1000;
/** Other processes are told of every response, and remember it for a day: conversations go on within hours. */
const sharedResponseTtlMs = 24 * 60 * 60 * 1000;
/** What other processes said is good for this part of the time that it is remembered. */
const freshShare = 1 / 4;

/** Affinity over any algorithm: a memory of who answered, learned from replies, that yields to every reason not to call a child. */
export function affinity(picker: Picker, children: readonly Child[], rules: AffinityRules): Affine {
  const { map, view, keyOf, memory } = rules;
  const indexOf = new Map(children.map((_, index) => [view.identity(index), index]));
  const remembered = (key: string | undefined) =>
    key === undefined ? undefined : indexOf.get(map.get(key, view.now()) ?? '');
  return {
    picker: {
      pick(...asked) {
        const [avoid, request, context, demand] = asked;
        const index = request && context && remembered(keyOf(request, context));
        const isFree = index !== undefined && avoid?.has(index) !== true && mayTake(index, rules, demand);
        return isFree ? index : picker.pick(...asked);
      },
    },
    children: children.map((child, index) => ({
      ...child,
      handler: learning(child.handler, index, { ...rules, indexOf }),
    })),
    around: (next) => (request, context) => {
      const key = responseKey(request.body.previous_response_id);
      const goTo = (index: number | undefined) => (children[index ?? -1]?.handler ?? next)(request, context);
      const index = remembered(key);
      const asked = index === undefined && key !== undefined ? memory?.ask(key) : undefined;
      if (key === undefined || asked === undefined) return goTo(index);
      return asked.then((target) => {
        if (target !== undefined) map.set(key, target, view.now() + sharedResponseTtlMs);
        return goTo(indexOf.get(target ?? ''));
      });
    },
    wishOf(request, context, demand) {
      const key = memory === undefined ? undefined : keyOf(request, context);
      if (key === undefined || map.isFresh(key, view.now())) return undefined;
      return {
        name: memory?.nameOf(key) ?? key,
        ttlMs: rules.ttlMs,
        isFree: (index) => mayTake(index, rules, demand),
        hear: (target) => target !== undefined && heard(key, target, rules),
      };
    },
  };
}

function heard(key: string, target: string, { map, view, ttlMs }: AffinityRules): void {
  const now = view.now();
  map.hear(key, target, { until: now + ttlMs, freshUntil: now + ttlMs * freshShare });
}

function responseKey(id: unknown): string | undefined {
  return typeof id === 'string' && id !== '' ? `response ${id}` : undefined;
}

function mayTake(index: number, { view, weights }: AffinityRules, demand: RequestDemand | undefined): boolean {
  return (weights[index] ?? 0) > 0 && view.share(index, demand) > lastChoice && !isTooBusy(index, view, weights);
}

/** Everything may begin alike: one child must not do all the work. */
function isTooBusy(index: number, view: ChildrenView, weights: readonly number[]): boolean {
  const own = view.inFlight(index) + 1;
  if (own <= fewInFlight) return false;
  const all = weights.reduce((total, _, other) => total + view.inFlight(other), 1);
  const share = (weights[index] ?? 0) / weights.reduce((total, weight) => total + weight, 0);
  return own > busyFactor * share * all;
}

interface Memory extends AffinityRules {
  /** Places of the children by identity. */
  readonly indexOf: ReadonlyMap<string, number>;
}

function learning(next: Handler, index: number, rules: Memory): Handler {
  const { keyOf, map, view, memory } = rules;
  const identity = view.identity(index);
  return async (request, context) => {
    const key = keyOf(request, context);
    try {
      const reply = await next(request, context);
      if (key !== undefined && mayLearn(key, index, rules)) learn(key, identity, rules);
      if (request.endpoint !== 'responses') return reply;
      watchResponse(reply, (id) => {
        map.set(`response ${id}`, identity, view.now() + responseTtlMs);
        const bond = { target: identity, over: undefined, ttlMs: sharedResponseTtlMs };
        memory?.bind(`response ${id}`, bond, () => undefined);
      });
      return reply;
    } catch (error) {
      if (key !== undefined && isItsFault(error) && map.get(key, view.now()) === identity) {
        map.delete(key);
        memory?.unbind(key, identity);
      }
      throw error;
    }
  };
}

/** What the others know already they are not told again. */
function learn(key: string, identity: string, rules: Memory): void {
  const { map, view, ttlMs, memory } = rules;
  const now = view.now();
  const before = map.get(key, now);
  map.set(key, identity, now + ttlMs);
  if (map.isFresh(key, now)) return;
  const over = before === identity ? undefined : before;
  memory?.bind(key, { target: identity, over, ttlMs }, (target) => target !== undefined && heard(key, target, rules));
}

/** A child that was passed over for being full or busy keeps its callers; one that cools loses them to whoever answers. */
function mayLearn(key: string, index: number, { map, view, indexOf }: Memory): boolean {
  const known = indexOf.get(map.get(key, view.now()) ?? '');
  return known === undefined || known === index || (view.share(known) === 0 && view.headroom(known) > 0);
}

/** The caller who leaves, and a refused request, say nothing of the child. */
function isItsFault(error: unknown): boolean {
  return error instanceof PortkeyError && !['aborted', 'guardrail', 'invalid_request', 'capacity'].includes(error.kind);
}
