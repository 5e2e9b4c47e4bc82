import { addPath, createTargetState, snapshotOf, type TargetSnapshot, type TargetState } from './target-state.ts';

/** What one client knows of its targets, by target identity: two places with one identity share it, and editing a config does not reset it. */
export interface TargetStates {
  /** The state of a target, made when it is new; notes where it stands. */
  at(id: string, place: { readonly path: string; readonly provider: string }): TargetState;
  /** Every target known, in the order they were last compiled. */
  snapshot(now: number): readonly TargetSnapshot[];
  /** Calls `listener` whenever a cooldown begins, ends or turns undecided; the returned function takes it away. */
  onTurn(listener: () => void): () => void;
  /** Tells the listeners. */
  turned(): void;
}

/** The targets compiled last. One that is forgotten keeps its state where it stands; only what is compiled later no longer shares it. */
const mostTargets = 20_000;

/** Knows nothing yet. */
export function createTargetStates(): TargetStates {
  const states = new Map<string, TargetState>();
  const listeners = new Set<() => void>();
  return {
    at(id, { path, provider }) {
      const state = states.get(id) ?? createTargetState(id, provider);
      states.delete(id);
      if (states.size >= mostTargets) states.delete(states.keys().next().value ?? '');
      states.set(id, state);
      addPath(state, path);
      return state;
    },
    snapshot: (now) => [...states.values()].map((state) => snapshotOf(state, now)),
    onTurn(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    turned() {
      for (const listener of [...listeners]) listener();
    },
  };
}
