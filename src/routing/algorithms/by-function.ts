import type { ChildrenView, Picker } from '../../core/algorithm.ts';
import type { RequestDemand } from '../../core/demand.ts';
import { AlgorithmError } from '../../core/errors/routing-errors.ts';
import type { JsonObject } from '../../core/json.ts';

/** A way to pick, written in code: the index of the target to call. Called for each pick, so it must be quick and cannot wait. */
export type PickFunction = (targets: readonly PickTarget[], request: PickRequest) => number;

/** A child of the node as a {@link PickFunction} sees it. */
export interface PickTarget {
  readonly path: string;
  readonly name?: string;
  readonly weight: number;
  /** False while it cools or is full. Picked all the same, it refuses at once. */
  readonly isReady: boolean;
  /** Failed for this request already. Picking it again ends the failover. */
  readonly wasTried: boolean;
  readonly inFlight: number;
  /** Moving average until the first token (of streams) or the whole reply, in milliseconds; undefined while nothing was measured. */
  readonly latencyMs?: number;
}

/** What is asked. */
export interface PickRequest {
  /** `chat/completions`, … */
  readonly endpoint: string;
  /** The caller's body. */
  readonly params: JsonObject;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The children of a node, as the config knows them. */
export interface NamedChildren {
  readonly path: string;
  readonly children: readonly { readonly path: string; readonly name?: string; readonly weight: number }[];
}

/** A picker that asks `choose`. Throws `AlgorithmError` when that throws or names no child. */
export function byFunction(choose: PickFunction, { path, children }: NamedChildren, view?: ChildrenView): Picker {
  return {
    pick(avoid, request, context, demand) {
      const streamed = request?.body.stream === true;
      const targets = children.map((child, index) => describe(index, child, { view, streamed, avoid, demand }));
      const asked = {
        endpoint: request?.endpoint ?? '',
        params: request?.body ?? {},
        metadata: context?.metadata ?? {},
      };
      const index = ask(choose, targets, asked, path);
      return avoid?.has(index) === true ? undefined : index;
    },
  };
}

interface Sight {
  readonly view: ChildrenView | undefined;
  readonly streamed: boolean;
  readonly avoid: ReadonlySet<number> | undefined;
  readonly demand: RequestDemand | undefined;
}

function describe(
  index: number,
  child: NamedChildren['children'][number],
  { view, streamed, avoid, demand }: Sight,
): PickTarget {
  const latency = view?.latency(index, streamed);
  return {
    path: child.path,
    weight: child.weight,
    isReady: view === undefined || view.share(index, demand) > 0,
    wasTried: avoid?.has(index) === true,
    inFlight: view?.inFlight(index) ?? 0,
    ...(child.name === undefined ? {} : { name: child.name }),
    ...(latency === undefined ? {} : { latencyMs: latency.ms }),
  };
}

function ask(choose: PickFunction, targets: readonly PickTarget[], request: PickRequest, path: string): number {
  let index: unknown;
  try {
    index = choose(targets, request);
  } catch (error) {
    throw new AlgorithmError(path, `threw: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < targets.length) return index;
  throw new AlgorithmError(path, `returned ${String(index)}. It must return an index from 0 to ${targets.length - 1}.`);
}
