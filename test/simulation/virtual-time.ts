import type { Clock } from '../../src/core/runtime.ts';

/** A clock that jumps from one timer to the next. Timers of the same moment go off in the order they were set. */
export interface VirtualTime extends Clock {
  /** Lets the next timer go off; false when none is left. */
  step(): boolean;
  /** Timers not yet gone off or cancelled. */
  readonly pending: number;
  /** `check` is called whenever all that was to happen at a moment has happened, before time goes on. */
  onStill(check: () => void): void;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** Makes a {@link VirtualTime} that begins at `start`. Timers are kept in a binary heap. */
export function virtualTime(start = Date.UTC(2026, 0, 1)): VirtualTime {
  let now = start;
  const checks: (() => void)[] = [];
  let orders = 0;
  let pending = 0;
  const heap: Timer[] = [];
  return {
    now: () => now,
    after(ms, callback) {
      const timer: Timer = { at: now + Math.max(0, ms), order: orders++, callback };
      pending++;
      push(heap, timer);
      return () => {
        if (timer.callback === undefined) return;
        timer.callback = undefined;
        pending--;
      };
    },
    step() {
      for (let timer = pop(heap); timer !== undefined; timer = pop(heap)) {
        const { callback } = timer;
        if (callback === undefined) continue;
        timer.callback = undefined;
        pending--;
        if (timer.at > now) for (const check of checks) check();
        now = Math.max(now, timer.at);
        callback();
        return true;
      }
      return false;
    },
    onStill: (check) => void checks.push(check),
    get pending() {
      return pending;
    },
  };
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Timer[], timer: Timer): void {
  let hole = heap.push(timer) - 1;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = heap[parent] as Timer;
    if (!isBefore(timer, above)) break;
    heap[hole] = above;
    hole = parent;
  }
  heap[hole] = timer;
}

function pop(heap: Timer[]): Timer | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child++;
    if (!isBefore(heap[child] as Timer, last)) break;
    heap[hole] = heap[child] as Timer;
    hole = child;
  }
  heap[hole] = last;
  return first;
}
