import type { Clock } from '../../core/runtime.ts';

/** Does `act` again and again, `everyMs` after it last ended; what it rejects with is dropped. The returned function ends that. */
export function repeat(act: () => Promise<unknown>, everyMs: number, clock: Clock): () => void {
  let isStopped = false;
  let cancel: (() => void) | undefined;
  const next = () => {
    if (isStopped) return;
    cancel = clock.after(everyMs, () => {
      act()
        .catch(() => undefined)
        .finally(next);
    });
  };
  next();
  return () => {
    isStopped = true;
    cancel?.();
  };
}
