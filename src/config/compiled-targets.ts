import type { Handler } from '../core/handler.ts';
import type { Clock } from '../core/runtime.ts';
import type { TargetSnapshot } from '../routing/state/target-state.ts';
import { createTargetStates, type TargetStates } from '../routing/state/target-states.ts';
import type { Compiled } from './registry.ts';

/** Which of a client's targets stand where in its configs. */
export interface CompiledTargets extends TargetsTold {
  /** What the client knows of its targets. */
  readonly states: TargetStates;
  /** Compiles a config, and notes its targets. */
  noting(compile: (states: TargetStates) => Handler): Handler;
}

/** How targets are doing, for people. */
export interface TargetsTold {
  /** How all are doing; a gateway's are its own affair. */
  targets(): readonly TargetSnapshot[];
  /** How those of one config are doing, by where they stand: `config.targets[0]`. */
  targetsOf(compiled: Compiled): ReadonlyMap<string, TargetSnapshot>;
}

/** Knows nothing yet. */
export function compiledTargets(clock: Clock): CompiledTargets {
  const states = createTargetStates();
  const idsOf = new WeakMap<Handler, ReadonlyMap<string, string>>();
  const targets = () => states.snapshot(clock.now());
  return {
    states,
    noting(compile) {
      const ids = new Map<string, string>();
      const handler = compile({
        ...states,
        at(id, place) {
          ids.set(place.path, id);
          return states.at(id, place);
        },
      });
      idsOf.set(handler, ids);
      return handler;
    },
    targets,
    targetsOf({ handler }) {
      const known = new Map(targets().map((target) => [target.id, target]));
      const found = [...(idsOf.get(handler) ?? [])].map(([path, id]) => [path, known.get(id)] as const);
      return new Map(found.filter((entry): entry is readonly [string, TargetSnapshot] => entry[1] !== undefined));
    },
  };
}
