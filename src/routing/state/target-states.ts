import { createRecencyMap, type RecencyMap } from '../../core/recency-map.ts';
import { addPath, createTargetState, snapshotOf, type TargetSnapshot, type TargetState } from './target-state.ts';
import { createUpstreamGate, type UpstreamGate } from './upstream-gate.ts';
import { createWindowMeter, type WindowMeter } from './window-meter.ts';

/** What one client knows of its targets, by target identity: two places with one identity share it, and editing a config does not reset it. */
export interface TargetStates {
  /** The state of a target, made when it is new; notes where it stands. */
  at(id: string, place: { readonly path: string; readonly provider: string }): TargetState;
  /** The meter of that name, made when it is new; its window is from now on as long as asked for last. */
  meter(key: string, windowMs: number): WindowMeter;
  /** What the provider of a quota group says, made when it is new. */
  groupGate(group: string): UpstreamGate;
  /** Another process took a target out of use until then; the later deadline counts. Nothing happens where it is not known here. */
  tripped(id: string, until: number, now: number): void;
  /** Takes a target out of use, or puts it back. True when that is new; undefined for one that is not known here. */
  setDisabled(id: string, isDisabled: boolean): boolean | undefined;
  /** Is any target out of use? Asked by those who else have no reason to look at all of them. */
  hasDisabled(): boolean;
  /** Every target known, in the order they were last compiled. */
  snapshot(now: number): readonly TargetSnapshot[];
  /** Calls `look` of a line whenever a cooldown turns or room comes free, until the returned function is called: as long as anybody waits in it. */
  addLine(line: Line): () => void;
  /** Lets whoever waits look again. */
  turned(): void;
}

/** Requests that wait for one of some targets. */
export interface Line {
  readonly targets: readonly string[];
  size(): number;
  look(): void;
}

/** The targets compiled last. One that is forgotten keeps its state where it stands; only what is compiled later no longer shares it. */
const mostTargets = 20_000;
const mostMeters = 100_000;

/** Knows nothing yet. */
export function createTargetStates(): TargetStates {
  const states = createRecencyMap<TargetState>();
  const meters = createRecencyMap<WindowMeter>();
  const gates = createRecencyMap<UpstreamGate>();
  const lines = new Set<Line>();
  let disabled = 0;
  const waitingFor = (id: string) =>
    [...lines].reduce((waiting, line) => waiting + (line.targets.includes(id) ? line.size() : 0), 0);
  return {
    at(id, { path, provider }) {
      const state = latest(states, id, mostTargets, () => createTargetState(id, provider));
      addPath(state, path);
      return state;
    },
    meter(key, windowMs) {
      const meter = latest(meters, key, mostMeters, () => createWindowMeter(windowMs));
      meter.resize(windowMs);
      return meter;
    },
    groupGate: (group) => latest(gates, group, mostTargets, createUpstreamGate),
    tripped(id, until, now) {
      const state = states.get(id);
      if (state === undefined || until <= now) return;
      const timeMs = until - now;
      state.circuit.trip(now, { timeMs, maxTimeMs: timeMs, atLeastMs: 0, wasProbe: false });
      for (const line of [...lines]) line.look();
    },
    setDisabled(id, isDisabled) {
      const circuit = states.get(id)?.circuit;
      if (circuit === undefined) return undefined;
      const hasTurned = circuit.setDisabled(isDisabled);
      if (hasTurned) disabled += isDisabled ? 1 : -1;
      for (const line of [...lines]) line.look();
      return hasTurned;
    },
    hasDisabled: () => disabled > 0,
    snapshot(now) {
      const told = new Map();
      return states.values().map((state) => snapshotOf(state, now, waitingFor(state.id), told));
    },
    addLine(line) {
      lines.add(line);
      return () => lines.delete(line);
    },
    turned() {
      if (lines.size > 0) for (const line of [...lines]) line.look();
    },
  };
}

/** The value of `key`, made when it is new, and now the last of `map` to be forgotten. */
function latest<Value>(map: RecencyMap<Value>, key: string, most: number, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  if (map.size > most) map.shift();
  return value;
}
