import { backgroundClock, type Clock, systemClock } from '../../core/runtime.ts';
import type { LookupCache } from '../../vault/lookup-cache.ts';

/** Keys that are looked up anew by themselves. */
export interface PolledKeys {
  /** Somebody asked for `key`. */
  use(key: string): void;
  stop(): void;
}

const idleMs = 10 * 60_000;
const mostKeys = 1000;

/**
 * Refreshes what was asked for in the last ten minutes every `everyMs`. Of what was not, the next caller waits for a new answer. Nothing here
 * keeps the process running, and without keys there is no timer.
 */
export function polledKeys(
  cache: Pick<LookupCache<unknown>, 'refresh' | 'expire'>,
  clock: Clock,
  everyMs: number,
): PolledKeys {
  const timers = clock === systemClock ? backgroundClock : clock;
  const usedAt = new Map<string, number>();
  let cancel: (() => void) | undefined;
  let isStopped = false;

  function poll(): void {
    cancel = undefined;
    for (const [key, at] of usedAt) {
      if (clock.now() - at < idleMs) cache.refresh(key);
      else forget(key);
    }
    schedule();
  }

  function forget(key: string): void {
    usedAt.delete(key);
    cache.expire(key);
  }

  function schedule(): void {
    if (!isStopped && usedAt.size > 0) cancel ??= timers.after(everyMs, poll);
  }

  return {
    use(key) {
      if (usedAt.size >= mostKeys && !usedAt.has(key)) forget(usedAt.keys().next().value ?? '');
      usedAt.set(key, clock.now());
      schedule();
    },
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
