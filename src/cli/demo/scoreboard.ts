import type { Attempt } from '../../core/attempt.ts';
import type { PortkeyEvents } from '../../core/events.ts';
import { distributionOf } from '../load/summary.ts';

/** A target's row in the table. */
export interface Row {
  readonly name: string;
  readonly answered: number;
  readonly failed: number;
  /** Of those that answered; undefined before the first. */
  readonly p50Ms?: number;
  /** Answered since the reading before. */
  readonly lately: number;
  readonly isCooling: boolean;
}

/** All that is known at one moment. */
export interface Reading {
  readonly requests: number;
  readonly failed: number;
  readonly rows: readonly Row[];
}

/** Counts what happens to the requests of a demo. */
export interface Scoreboard {
  requestEnded(event: PortkeyEvents['request-end']): void;
  attemptEnded(attempt: Readonly<Attempt>): void;
  cooled(name: string | undefined, isCooling: boolean): void;
  read(): Reading;
  /** The attempts of the first request that went on to another target; undefined while there is none. */
  sample(): PortkeyEvents['request-end'] | undefined;
}

interface Count {
  answered: number;
  failed: number;
  lately: number;
  isCooling: boolean;
  readonly times: number[];
}

/** A scoreboard for targets of these names. */
export function createScoreboard(names: readonly string[]): Scoreboard {
  const counts = new Map(names.map((name): [string, Count] => [name, emptyCount()]));
  let requests = 0;
  let failed = 0;
  let sample: PortkeyEvents['request-end'] | undefined;
  return {
    requestEnded(event) {
      // Given up when the user ended the demo.
      if (event.outcome.result === 'aborted') return;
      requests += 1;
      if (event.outcome.result !== 'success') failed += 1;
      if (event.attempts.length > 1) sample ??= event;
    },
    attemptEnded({ name = '', outcome, durationMs }) {
      const count = counts.get(name);
      if (count === undefined) return;
      if (outcome !== 'success') count.failed += 1;
      else {
        count.answered += 1;
        count.lately += 1;
        count.times.push(durationMs ?? 0);
      }
    },
    cooled(name = '', isCooling) {
      const count = counts.get(name);
      if (count !== undefined) count.isCooling = isCooling;
    },
    read() {
      const rows = [...counts].map(([name, count]) => rowOf(name, count));
      for (const count of counts.values()) count.lately = 0;
      return { requests, failed, rows };
    },
    sample: () => sample,
  };
}

function emptyCount(): Count {
  return { answered: 0, failed: 0, lately: 0, isCooling: false, times: [] };
}

function rowOf(name: string, { times, ...counts }: Count): Row {
  const p50Ms = distributionOf(times)?.p50;
  return { name, ...counts, ...(p50Ms === undefined ? {} : { p50Ms }) };
}
