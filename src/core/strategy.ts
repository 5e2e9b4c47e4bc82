import type { ErrorEdge } from './errors/kind.ts';
import type { Handler } from './handler.ts';

/** A child of a node, compiled. */
export interface Child {
  /** `config.targets[0]`. */
  readonly path: string;
  readonly name?: string;
  readonly handler: Handler;
  readonly weight: number;
  /** Fallback only: the errors of the child before it that lead here; any when absent. */
  readonly onErrors?: readonly ErrorEdge[];
}
