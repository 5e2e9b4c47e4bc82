import type { EventHub } from '../../src/core/event-hub.ts';
import { limitOf, type Seat } from './random-tree.ts';

/** What the events say of targets, kept apart from what the engine itself believes. */
export interface TargetBooks {
  /** From `since` on, was there ever a reason not to call the target that stands here? */
  wasUnready(seat: Seat, since: number): boolean;
  /** Attempts under way. */
  readonly inFlight: number;
}

/** Keeps books by listening. `seatAt` tells who stands where in the config of a request; `broken` hears what must not happen. */
export function targetBooks(
  events: EventHub,
  now: () => number,
  seatAt: (requestId: string, path: string) => Seat,
  broken: (problem: string) => void,
): TargetBooks {
  const openUntil = new Map<string, number>();
  const lastUnready = new Map<string, number>();
  const busy = new Map<string, number>();
  const probes = new Map<string, string>();
  let inFlight = 0;

  events.on('target-open', ({ target: { targetId: id }, openUntil: until }) => {
    openUntil.set(id, until);
    probes.delete(id);
  });
  events.on('target-close', ({ target: { targetId: id } }) => {
    openUntil.delete(id);
    probes.delete(id);
    lastUnready.set(id, now());
  });
  events.on('attempt-start', ({ requestId, attempt: { path } }) => {
    const { id, cools } = seatAt(requestId, path);
    const count = (busy.get(id) ?? 0) + 1;
    busy.set(id, count);
    inFlight++;
    if (count > limit(id)) broken(`${id} has ${count} requests in flight, its limit is ${limit(id)}`);
    const until = openUntil.get(id);
    if (!cools || until === undefined) return;
    if (now() < until) broken(`${id} was called ${until - now()} ms before its cooldown is over`);
    else if (probes.has(id)) broken(`${id} was called while its probe was under way`);
    else probes.set(id, requestId);
  });
  events.on('attempt-end', ({ requestId, attempt: { path } }) => {
    const { id } = seatAt(requestId, path);
    const count = busy.get(id) ?? 0;
    if (count >= limit(id)) lastUnready.set(id, now());
    busy.set(id, count - 1);
    inFlight--;
    if (probes.get(id) !== requestId) return;
    probes.delete(id);
    lastUnready.set(id, now());
  });

  return {
    get inFlight() {
      return inFlight;
    },
    wasUnready({ id, cools }, since) {
      if ((busy.get(id) ?? 0) >= limit(id)) return true;
      if (cools && openUntil.has(id)) return true;
      return (lastUnready.get(id) ?? 0) >= since;
    },
  };
}

function limit(id: string): number {
  return limitOf(id) ?? Number.POSITIVE_INFINITY;
}
