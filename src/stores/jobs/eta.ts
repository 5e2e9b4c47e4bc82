/** Guesses how long jobs will take, by how long they took. */
export interface Eta {
  /** One took this long, in milliseconds. */
  took(ms: number): void;
  /** Whole seconds until the last of `jobs` waiting ones is done; at least 1. */
  secondsFor(jobs: number): number;
}

const firstGuessMs = 5000;
/** How much the latest job counts against those before. */
const weight = 0.1;

/** Knows nothing yet: a job is taken for 5 s. */
export function createEta(concurrency: number): Eta {
  let averageMs: number | undefined;
  return {
    took(ms) {
      averageMs = averageMs === undefined ? ms : averageMs + weight * (ms - averageMs);
    },
    secondsFor: (jobs) => Math.max(1, Math.ceil((Math.ceil(jobs / concurrency) * (averageMs ?? firstGuessMs)) / 1000)),
  };
}
