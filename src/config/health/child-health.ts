import type { BodyRule, RequestDemand } from '../../core/demand.ts';
import { type Health, type LatencyEstimate, lastChoice } from '../../core/health.ts';
import type { Demand, Limit } from '../../core/limit.ts';
import type { TargetState } from '../../routing/state/target-state.ts';
import type { TargetLimits } from '../limits/target-limits.ts';

/** What may keep a target from being called. */
export interface TargetGuards {
  readonly cools: boolean;
  readonly limits: TargetLimits;
  /** What the target makes of a request. */
  readonly rule: BodyRule | undefined;
}

/** A target's health, read from its state and its limits. */
export function targetHealth(state: TargetState, { cools, limits, rule }: TargetGuards): Health {
  const { circuit, latency } = state;
  const { binding, steering, usage, isQueued } = limits;
  const all = [...binding, ...steering];
  // What never cools may still be taken out of use by hand.
  const outUntil = cools ? circuit.readyAt : () => (circuit.isDisabled() ? Number.POSITIVE_INFINITY : 0);
  const shareAt = cools ? circuit.share : () => (circuit.isDisabled() ? 0 : 1);
  const own = (demand: RequestDemand | undefined) => demand?.under(rule) ?? leastDemand;
  return {
    identity: state.id,
    targets: [state.id],
    isGuarded: cools || binding.length > 0,
    isWatched: cools || all.length > 0,
    isLimited: all.length > 0,
    isQueued,
    coolsUntil: outUntil,
    readyAt(now, demand) {
      const cooled = outUntil();
      return binding.length === 0 ? cooled : Math.max(cooled, readyAt(binding, own(demand), now));
    },
    roomAt: (now, demand) => (circuit.isDisabled() ? Number.POSITIVE_INFINITY : readyAt(binding, own(demand), now)),
    fitsEver: (demand) => binding.every((limit) => limit.fitsEver?.(own(demand)) !== false),
    share(now, demand) {
      const share = shareAt(now);
      if (all.length === 0 || share === 0) return share;
      if (readyAt(binding, own(demand), now) > now) return 0;
      return readyAt(steering, own(demand), now) > now ? lastChoice : share;
    },
    inFlight: () => state.inFlight,
    headroom: (now, demand) => roomIn(limits.own, own(demand), now),
    usedShare: (now) => usedShareOf(limits.own, now),
    usedTokens: (now) => usage?.used(now) ?? 0,
    latency: (streamed) => (streamed ? latency.streamed : latency.whole).estimate(),
  };
}

/** The health of a node with limits of its own over `health`, that of its children. Readiness is the children's: each asks the node's limits too. */
export function limitedNodeHealth(health: Health, limits: readonly Limit[]): Health {
  if (limits.length === 0) return health;
  return {
    ...health,
    headroom: (now, demand) => Math.min(health.headroom(now, demand), roomIn(limits, demand ?? leastDemand, now)),
    usedShare: (now) => Math.max(health.usedShare(now), usedShareOf(limits, now)),
  };
}

function roomIn(limits: readonly Limit[], demand: Demand, now: number): number {
  return limits.reduce((least, { room }) => Math.min(least, room?.(demand, now) ?? least), Number.POSITIVE_INFINITY);
}

function usedShareOf(limits: readonly Limit[], now: number): number {
  return limits.reduce((most, { usedShare }) => Math.max(most, usedShare?.(now) ?? 0), 0);
}

/** Where nobody knows what is asked. */
const leastDemand: Demand = { inputTokens: 0, outputTokens: 0, isOutputGuessed: false, model: '', metadata: {} };

function readyAt(limits: readonly Limit[], demand: Demand, now: number): number {
  let at = 0;
  for (const limit of limits) at = Math.max(at, limit.readyAt(demand, now));
  return at;
}

/** The health of a node whose requests may reach any of `children`: as ready as its best, as busy as all together. */
export function nodeHealth(children: readonly Health[]): Health {
  const guarded = children.every((child) => child.isGuarded);
  return {
    identity: children.map((child) => child.identity).join(' '),
    targets: children.flatMap((child) => child.targets),
    // One that is always ready makes the node so.
    isGuarded: guarded,
    isWatched: children.every((child) => child.isWatched),
    isLimited: children.some((child) => child.isLimited),
    isQueued: children.some((child) => child.isQueued),
    coolsUntil: guarded ? () => soonest(children, (child) => child.coolsUntil()) : () => 0,
    readyAt: guarded ? (now, demand) => soonest(children, (child) => child.readyAt(now, demand), now) : () => 0,
    roomAt: guarded ? (now, demand) => soonest(children, (child) => child.roomAt(now, demand), now) : () => 0,
    ...(children.some(({ lane }) => lane !== undefined)
      ? { lane: (demand: RequestDemand) => children.map((child) => child.lane?.(demand) ?? '').join() }
      : {}),
    fitsEver: guarded ? (demand) => children.some((child) => child.fitsEver(demand)) : () => true,
    share: (now, demand) => largestShare(children, now, demand),
    inFlight: () => children.reduce((total, child) => total + child.inFlight(), 0),
    headroom: (now, demand) => children.reduce((total, child) => total + child.headroom(now, demand), 0),
    usedShare: (now) =>
      children.reduce((least, child) => Math.min(least, child.usedShare(now)), Number.POSITIVE_INFINITY),
    usedTokens: (now) => children.reduce((total, child) => total + child.usedTokens(now), 0),
    latency: (streamed) => average(children.map((child) => child.latency(streamed))),
  };
}

function soonest(children: readonly Health[], timeOf: (child: Health) => number, enough = 0): number {
  let least = Number.POSITIVE_INFINITY;
  for (const child of children) {
    least = Math.min(least, timeOf(child));
    if (least <= enough) break;
  }
  return least;
}

function largestShare(children: readonly Health[], now: number, demand: RequestDemand | undefined): number {
  let share = 0;
  for (const child of children) {
    share = Math.max(share, child.share(now, demand));
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
