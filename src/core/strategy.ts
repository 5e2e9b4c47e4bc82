import type { ErrorEdge } from './errors/kind.ts';
import type { Handler } from './handler.ts';
import type { Health } from './health.ts';

/** A child of a node, compiled. */
export interface Child {
  /** `config.targets[0]`. */
  readonly path: string;
  readonly name?: string;
  readonly handler: Handler;
  readonly weight: number;
  /** Absent: always ready, nothing known. */
  readonly health?: Health;
  /** Fallback only: the errors of the child before it that lead here; any when absent. */
  readonly onErrors?: readonly ErrorEdge[];
}
