import type { EventSink } from '../../core/events.ts';
import type { Clock } from '../../core/runtime.ts';

/** Counts records that are lost and says so now and then. */
export interface LossReporter {
  add(records: number, why: string): void;
  /** Tells now what was not told yet. */
  tell(): void;
}

const quietMs = 10_000;

/** Tells the first loss at once as a `warning` event of code `logs`, later ones together, at most every 10 s. */
export function lossReporter({ clock, events }: { readonly clock: Clock; readonly events: EventSink }): LossReporter {
  let untold = 0;
  let reason = '';
  let quietUntil = Number.NEGATIVE_INFINITY;

  function tell(): void {
    if (untold === 0) return;
    const message = `${untold} log ${untold === 1 ? 'record was' : 'records were'} dropped: ${reason}.`;
    untold = 0;
    quietUntil = clock.now() + quietMs;
    events.emit('warning', { code: 'logs', message });
  }

  return {
    add(records, why) {
      if (records === 0) return;
      untold += records;
      reason = why;
      if (clock.now() >= quietUntil) tell();
    },
    tell,
  };
}
