import type { ModelRequest } from '../../core/handler.ts';
import type { JsonObject } from '../../core/json.ts';

/** A request as a plan looks at it. */
export interface PlannedRequest {
  readonly request: ModelRequest;
  readonly metadata: Readonly<Record<string, string>>;
  /** `/v1/chat/completions` */
  readonly pathname: string;
  /** What the stars in the name of its model group stand for. */
  readonly captured?: readonly string[];
}

/** A node of a config, and what would become of a request there. Plain data without secrets. */
export interface PlanNode {
  /** `config.targets[0]` */
  readonly path: string;
  readonly name?: string;
  readonly kind: 'target' | 'single' | 'fallback' | 'loadbalance' | 'conditional' | 'model_groups';
  /** Part of the requests like this one that come here first, 0 to 1. */
  readonly share: number;
  /** Can the request come here at all, first or after failures elsewhere? */
  readonly isReachable: boolean;
  /** Why the request comes here, or does not. */
  readonly why: string;
  /** Of a target: its provider, or `@slug` of the virtual key. */
  readonly provider?: string;
  /** Of a target: the model it would be asked for. */
  readonly model?: string;
  /** Of a conditional: each condition, in order. */
  readonly conditions?: readonly PlannedCondition[];
  /** What holds at the node: retries, timeouts, cache, limits; each a short sentence. */
  readonly settings: readonly string[];
  readonly children: readonly PlanNode[];
}

/** A condition and whether it holds for the request. */
export interface PlannedCondition {
  readonly query: JsonObject;
  readonly then: string;
  readonly matches: boolean;
}

/** One place in the order of tries. */
export interface PlanStep {
  /** From 1. Targets of one turn stand for each other. */
  readonly turn: number;
  readonly path: string;
  readonly name?: string;
  readonly provider: string;
  readonly model?: string;
  /** Part of the requests for which this is the first try, 0 to 1. */
  readonly share: number;
  /** When it is tried: at once, or after what. */
  readonly when: string;
}
