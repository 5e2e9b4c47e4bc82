import type { Health, LatencyEstimate } from '../../core/health.ts';
import type { TargetState } from '../../routing/state/target-state.ts';

/** What may keep a target from being called. */
export interface TargetGuards {
  readonly cools: boolean;
  readonly maxConcurrency: number | undefined;
}

/** A target's health, read from its state. */
export function targetHealth(state: TargetState, { cools, maxConcurrency }: TargetGuards): Health {
  const { circuit, latency } = state;
  const limit = maxConcurrency ?? Number.POSITIVE_INFINITY;
  return {
    identity: state.id,
    isGuarded: cools || maxConcurrency !== undefined,
    readyAt: cools ? circuit.readyAt : () => 0,
    share(now) {
      if (state.inFlight >= limit) return 0;
      return cools ? circuit.share(now) : 1;
    },
    inFlight: () => state.inFlight,
    headroom: () => limit - state.inFlight,
    latency: (streamed) => (streamed ? latency.streamed : latency.whole).estimate(),
  };
}

/** The health of a node whose requests may reach any of `children`: as ready as its best, as busy as all together. */
export function nodeHealth(children: readonly Health[]): Health {
  const guarded = children.every((child) => child.isGuarded);
  return {
    identity: children.map((child) => child.identity).join(' '),
    // One that is always ready makes the node so.
    isGuarded: guarded,
    readyAt: guarded ? () => soonest(children) : () => 0,
    share: guarded ? (now) => largestShare(children, now) : () => 1,
    inFlight: () => children.reduce((total, child) => total + child.inFlight(), 0),
    headroom: () => children.reduce((total, child) => total + child.headroom(), 0),
    latency: (streamed) => average(children.map((child) => child.latency(streamed))),
  };
}

function soonest(children: readonly Health[]): number {
  let readyAt = Number.POSITIVE_INFINITY;
  for (const child of children) {
    readyAt = Math.min(readyAt, child.readyAt());
    if (readyAt <= 0) break;
  }
  return readyAt;
}

function largestShare(children: readonly Health[], now: number): number {
  let share = 0;
  for (const child of children) {
    share = Math.max(share, child.share(now));
    if (share >= 1) break;
  }
  return share;
}

function average(estimates: readonly (LatencyEstimate | undefined)[]): LatencyEstimate | undefined {
  const known = estimates.filter((estimate) => estimate !== undefined);
  if (known.length === 0) return undefined;
  return {
    ms: known.reduce((total, { ms }) => total + ms, 0) / known.length,
    at: Math.max(...known.map(({ at }) => at)),
  };
}
