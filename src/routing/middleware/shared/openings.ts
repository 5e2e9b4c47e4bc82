import type { Clock } from '../../../core/runtime.ts';
import type { SharedAnswer, TargetOpening } from '../../../core/shared-state.ts';

/** Told of a target that another process took out of use, until clock milliseconds. */
export type OnOpening = (id: string, until: number) => void;

/** News of targets out of use, to others and from them. */
export interface Openings {
  /** The version of what is known of the others. */
  readonly seenVersion: number;
  /** To be told: a target is out of use until clock milliseconds. */
  add(id: string, until: number): void;
  /** What is still to be told. */
  news(): News;
  /** `told` has arrived, and this is what the others say. */
  hear(answer: Pick<SharedAnswer, 'version' | 'openings'>, told: News): void;
}

/** Openings on their way. */
export interface News {
  readonly openings: readonly TargetOpening[];
  readonly deadlines: ReadonlyMap<string, number>;
}

const nothing: News = { openings: [], deadlines: new Map() };

/** Deadlines this near are the same: the way there and back moves them a little. Milliseconds. */
const nearMs = 50;

/** No news. `onOpening` hears of each opening once, and of later deadlines. */
export function createOpenings(clock: Pick<Clock, 'now'>, onOpening: OnOpening): Openings {
  const untold = new Map<string, number>();
  /** Told or heard: no news. */
  const known = new Map<string, number>();
  let seenVersion = 0;

  function hearOne({ id, forMs }: TargetOpening, now: number): void {
    const until = now + forMs;
    if (until <= (known.get(id) ?? 0) + nearMs) return;
    known.set(id, until);
    onOpening(id, until);
  }

  function forget(deadlines: Map<string, number>, now: number): void {
    for (const [id, until] of deadlines) if (until <= now) deadlines.delete(id);
  }

  return {
    get seenVersion() {
      return seenVersion;
    },
    add(id, until) {
      for (const deadlines of [untold, known]) deadlines.set(id, Math.max(until, deadlines.get(id) ?? 0));
    },
    news() {
      if (untold.size === 0) return nothing;
      const now = clock.now();
      forget(untold, now);
      return {
        openings: [...untold].map(([id, until]) => ({ id, forMs: until - now })),
        deadlines: new Map(untold),
      };
    },
    hear({ version, openings }, { deadlines }) {
      for (const [id, until] of deadlines) if (untold.get(id) === until) untold.delete(id);
      if (version === seenVersion) return;
      seenVersion = version;
      const now = clock.now();
      forget(known, now);
      for (const opening of openings) hearOne(opening, now);
    },
  };
}
