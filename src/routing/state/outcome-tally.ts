/** Outcomes of the last `windowMs`, counted in slices of a twentieth of it: old ones leave a slice at a time. */
export interface OutcomeTally {
  add(now: number, failed: boolean): void;
  totals(now: number): { readonly requests: number; readonly failures: number };
  clear(): void;
}

const slices = 20;

/** An empty tally. Its memory does not grow with traffic. */
export function createOutcomeTally(windowMs: number): OutcomeTally {
  const sliceMs = windowMs / slices;
  const requests = new Uint32Array(slices);
  const failures = new Uint32Array(slices);
  let newest = 0;

  /** Empties the slices that have passed since the newest was written. */
  function moveTo(now: number): number {
    const current = Math.floor(now / sliceMs);
    const from = Math.max(newest + 1, current - slices + 1);
    for (let slice = from; slice <= current; slice++) {
      requests[slice % slices] = 0;
      failures[slice % slices] = 0;
    }
    newest = Math.max(newest, current);
    return newest % slices;
  }

  return {
    add(now, failed) {
      const at = moveTo(now);
      requests[at] = (requests[at] ?? 0) + 1;
      if (failed) failures[at] = (failures[at] ?? 0) + 1;
    },
    totals(now) {
      moveTo(now);
      return { requests: sum(requests), failures: sum(failures) };
    },
    clear() {
      requests.fill(0);
      failures.fill(0);
    },
  };
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
