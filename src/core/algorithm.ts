import type { RequestContext } from './context.ts';
import type { RequestDemand } from './demand.ts';
import type { ModelRequest } from './handler.ts';
import type { LatencyEstimate } from './health.ts';

/** Chooses among the children of a loadbalance node. Holds what the choice depends on from call to call, such as whose turn it is. */
export interface Picker {
  /**
   * Index of the child to call; `avoid` holds indexes not to pick. Undefined when no child with a positive weight is left.
   * A child that is not ready is picked only when none is: the caller then decides. What is asked decides for some algorithms;
   * `demand` says what it needs, where limits look at that.
   */
  pick(
    avoid?: ReadonlySet<number>,
    request?: ModelRequest,
    context?: RequestContext,
    demand?: RequestDemand,
  ): number | undefined;
}

/** Makes a picker for children of these weights (each >= 0, at least one > 0). `random` is uniform in [0, 1). Without `view` every child is always ready. */
export type Algorithm = (weights: readonly number[], random: () => number, view?: ChildrenView) => Picker;

/** The children as a picker sees them while it picks, by index. */
export interface ChildrenView {
  now(): number;
  /** Part of its weight the child may take now, 0 to 1; 0: not ready, `lastChoice`: only when no other can. */
  share(index: number, demand?: RequestDemand): number;
  inFlight(index: number): number;
  /** Requests like this it could take beside those in flight. */
  headroom(index: number, demand?: RequestDemand): number;
  /** Part of its limits in use, that of the fullest one; 0 without a limit. */
  usedShare(index: number): number;
  /** Tokens of the last minute; 0 where no algorithm compares them. */
  usedTokens(index: number): number;
  latency(index: number, streamed: boolean): LatencyEstimate | undefined;
  /** Micro-dollars that a request is expected to cost; undefined where no price is known. */
  costMicro?(index: number, demand: RequestDemand): number | undefined;
  /** Tells children apart whatever their order. */
  identity(index: number): string;
  /** What a request needs; absent where no limit looks at that. */
  demandOf?(request: ModelRequest, context: RequestContext): RequestDemand;
  /** What requests of one user or session have in common; undefined when a request says nothing of it. */
  stickyKey?(request: ModelRequest, context: RequestContext): string | undefined;
}
