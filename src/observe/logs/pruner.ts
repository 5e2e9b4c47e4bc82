import { bounded, publicReason } from '../../core/bounded.ts';
import type { EventSink } from '../../core/events.ts';
import type { LogStore } from '../../core/log-store.ts';
import type { Clock } from '../../core/runtime.ts';

/** How long records are kept. */
export interface Retention {
  readonly days?: number | undefined;
  readonly records?: number | undefined;
}

const everyMs = 60_000;
const longestMs = 10 * 60_000;
const dayMs = 24 * 60 * 60 * 1000;

/** Removes what is kept too long when it is called, at most once a minute, in the background. A store that fails is told in a `warning` event. */
export function pruner(
  store: LogStore,
  { days, records }: Retention,
  { clock, events }: { readonly clock: Clock; readonly events: EventSink },
): () => void {
  if (days === undefined && records === undefined) return () => undefined;
  let dueAt = Number.NEGATIVE_INFINITY;
  let isRunning = false;

  async function run(now: number): Promise<void> {
    const limits = {
      ...(days === undefined ? {} : { before: now - days * dayMs }),
      ...(records === undefined ? {} : { records }),
    };
    try {
      await bounded(() => store.prune(limits), longestMs, clock);
    } catch (error) {
      const message = `Old log records could not be removed: ${publicReason(error)}.`;
      events.emit('warning', { code: 'logs', message });
    }
    isRunning = false;
  }

  return () => {
    const now = clock.now();
    if (isRunning || now < dueAt) return;
    dueAt = now + everyMs;
    isRunning = true;
    void run(now);
  };
}
