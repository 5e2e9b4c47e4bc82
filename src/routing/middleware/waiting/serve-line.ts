import type { Clock } from '../../../core/runtime.ts';
import type { TargetStates } from '../../state/target-states.ts';
import { createWaitingLanes, type InLane } from '../../state/waiting-lanes.ts';
import { isBefore } from '../../state/waiting-line.ts';

/** A place in line. */
export interface Ticket extends InLane {
  /** Clock milliseconds from which its holder may go; Infinity while that depends on somebody else. */
  readyAt(now: number): number;
  /** Lets the holder go, at once. `onPlaced` is called when it has taken its place, or needs it no longer. */
  go(onPlaced: () => void): void;
  /** Sends the holder away: others are more urgent. */
  dismiss(): void;
}

/** A line in front of targets. */
export interface ServedLine {
  /** Nobody waits in that lane, nobody is on the way to a place: whoever comes and is ready need not stand in line. */
  isFree(lane: unknown): boolean;
  readonly size: number;
  /** The ticket that would be served last. */
  last(): Ticket | undefined;
  join(ticket: Ticket): void;
  leave(ticket: Ticket): void;
}

/** Where a line stands. */
export interface LinePlace {
  /** Identities of the targets waited for. */
  readonly targets: readonly string[];
  readonly states: TargetStates;
  readonly clock: Clock;
}

/** No timer takes longer than 24 days; one that comes too early only looks in vain. */
const longestSleepMs = 2 ** 30;

/**
 * Serves a line strictly in its order: the first goes as soon as it is ready, woken by time or by what happens to the targets, and the
 * next is looked at only when the first has taken its place. So nobody goes for a place that is gone, and nobody overtakes. Who waits for
 * something else, in another lane, is not kept back.
 */
export function serveLine({ targets, states, clock }: LinePlace): ServedLine {
  const line = createWaitingLanes<Ticket>();
  let onTheWay: Ticket | undefined;
  let isServing = false;
  let stopListening: (() => void) | undefined;
  let cancelTimer: (() => void) | undefined;

  function serve(): void {
    // Called from within, as when a place is taken at once: the loop below looks again anyway.
    if (isServing) return;
    isServing = true;
    for (let ready = firstReady(); ready !== undefined; ready = firstReady()) start(ready);
    isServing = false;
    if (line.size === 0) rest();
  }

  /** Of those who are first in their lanes. */
  function firstReady(): Ticket | undefined {
    if (onTheWay !== undefined) return undefined;
    const now = clock.now();
    let ready: Ticket | undefined;
    let soonest = Number.POSITIVE_INFINITY;
    for (const ticket of line.firsts()) {
      const readyAt = ticket.readyAt(now);
      if (readyAt > now) soonest = Math.min(soonest, readyAt);
      else if (ready === undefined || isBefore(ticket, ready)) ready = ticket;
    }
    if (ready === undefined) wakeAfter(soonest - now);
    return ready;
  }

  function start(ticket: Ticket): void {
    line.remove(ticket);
    onTheWay = ticket;
    ticket.go(() => {
      if (onTheWay !== ticket) return;
      onTheWay = undefined;
      serve();
    });
  }

  function wakeAfter(ms: number): void {
    cancelTimer?.();
    cancelTimer = Number.isFinite(ms) ? clock.after(Math.min(ms, longestSleepMs), serve) : undefined;
  }

  function rest(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    stopListening?.();
    stopListening = undefined;
  }

  return {
    isFree: (lane) => onTheWay === undefined && line.isEmpty(lane),
    get size() {
      return line.size;
    },
    last: line.last,
    join(ticket) {
      line.add(ticket);
      stopListening ??= states.addLine({ targets, size: () => line.size, look: serve });
      serve();
    },
    leave(ticket) {
      if (line.remove(ticket)) serve();
    },
  };
}
