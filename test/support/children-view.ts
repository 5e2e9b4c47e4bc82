import type { ChildrenView } from '../../src/core/algorithm.ts';
import type { LatencyEstimate } from '../../src/core/health.ts';

/** Children as a picker sees them, to be changed from pick to pick. */
export interface FakeChildren extends ChildrenView {
  time: number;
  readonly shares: number[];
  readonly loads: number[];
  readonly rooms: number[];
  readonly used: number[];
  readonly tokens: number[];
  readonly streamed: (LatencyEstimate | undefined)[];
  readonly whole: (LatencyEstimate | undefined)[];
}

/** `count` children, all ready, idle and never measured. Their identities are `t0`, `t1`, … unless named. */
export function fakeChildren(count: number, names?: readonly string[]): FakeChildren {
  const fill = <Value>(value: Value): Value[] => new Array<Value>(count).fill(value);
  const children: FakeChildren = {
    time: 0,
    shares: fill(1),
    loads: fill(0),
    rooms: fill(Number.POSITIVE_INFINITY),
    used: fill(0),
    tokens: fill(0),
    streamed: fill<LatencyEstimate | undefined>(undefined),
    whole: fill<LatencyEstimate | undefined>(undefined),
    now: () => children.time,
    share: (index) => children.shares[index] ?? 1,
    inFlight: (index) => children.loads[index] ?? 0,
    headroom: (index) => children.rooms[index] ?? 0,
    usedShare: (index) => children.used[index] ?? 0,
    usedTokens: (index) => children.tokens[index] ?? 0,
    latency: (index, streamed) => (streamed ? children.streamed : children.whole)[index],
    identity: (index) => names?.[index] ?? `t${index}`,
  };
  return children;
}

/** A seeded stand-in for chance: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How often each index comes in `picks` picks. */
export function countPicks(count: number, picks: number, pick: () => number | undefined): number[] {
  const counts = new Array<number>(count).fill(0);
  for (let i = 0; i < picks; i++) {
    const index = pick();
    if (index !== undefined) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
