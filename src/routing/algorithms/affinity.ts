import type { ChildrenView, Picker } from '../../core/algorithm.ts';
import type { RequestDemand } from '../../core/demand.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { Handler } from '../../core/handler.ts';
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
}

/** The parts of a loadbalance node that know who answered whom. */
export interface Affine {
  /** Offers the child that is remembered, as long as it may be called; else what the algorithm picks. */
  readonly picker: Picker;
  /** The children, which note that they answered. */
  readonly children: readonly Child[];
  /** Around the node: what refers to a response goes to the child that made it, for no other has it. */
  readonly around: (next: Handler) => Handler;
}

/** A child may have this many requests in flight, and half as many again as its share, before it is passed over for being busy. */
const fewInFlight = 8;
const busyFactor = 1.5;
/** Providers keep responses for 30 days (OpenAI API reference, "store"). */
const responseTtlMs = 30 * 24 * 60 * 60 * 1000;

/** Affinity over any algorithm: a memory of who answered, learned from replies, that yields to every reason not to call a child. */
export function affinity(picker: Picker, children: readonly Child[], rules: AffinityRules): Affine {
  const { map, view, keyOf } = rules;
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
      const index = remembered(responseKey(request.body.previous_response_id));
      const child = index === undefined ? undefined : children[index];
      return child === undefined ? next(request, context) : child.handler(request, context);
    },
  };
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

function learning(next: Handler, index: number, memory: Memory): Handler {
  const { keyOf, map, view, ttlMs } = memory;
  const identity = view.identity(index);
  return async (request, context) => {
    const key = keyOf(request, context);
    try {
      const reply = await next(request, context);
      if (key !== undefined && mayLearn(key, index, memory)) map.set(key, identity, view.now() + ttlMs);
      if (request.endpoint !== 'responses') return reply;
      watchResponse(reply, (id) => map.set(`response ${id}`, identity, view.now() + responseTtlMs));
      return reply;
    } catch (error) {
      if (key !== undefined && isItsFault(error) && map.get(key, view.now()) === identity) map.delete(key);
      throw error;
    }
  };
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
