import type { Clock } from '../../../core/runtime.ts';

/**
 * What `promise` brings, or `late` when it takes longer than `ms`. The time is waited in two parts: when this process itself was busy for all of
 * the first, an answer that lies ready is read before the second is over.
 */
export function inTime<Value>(promise: Promise<Value>, ms: number, clock: Clock): Promise<Value | 'late'> {
  return new Promise((resolve, reject) => {
    let cancel = clock.after(Math.max(0, ms - 1), () => {
      cancel = clock.after(Math.min(1, ms), () => resolve('late'));
    });
    promise.then(resolve, reject).finally(() => cancel());
  });
}
