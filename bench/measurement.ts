import type { Operation } from './contender.ts';

/** What one round of one contender took. */
export interface Measurement {
  /** User and system time of the whole process, per operation. */
  readonly cpuUs: number;
  readonly wallUs: number;
  /** Median of the times that the operations told, in milliseconds. */
  readonly toldMs: number | undefined;
}

/** How much to run. */
export interface Load {
  readonly operations: number;
  readonly concurrency: number;
}

/** Runs an operation many times over and takes the time. No collection is forced in between: it would throw compiled code away, and measure compiling it again. */
export async function measure(operation: Operation, { operations, concurrency }: Load): Promise<Measurement> {
  const told: number[] = [];
  let left = operations;
  const lane = async () => {
    while (left-- > 0) {
      const result = await operation();
      if (typeof result === 'number') told.push(result);
    }
  };
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, lane));
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    cpuUs: (user + system) / operations,
    wallUs: (wallMs * 1000) / operations,
    toldMs: told.length === 0 ? undefined : median(told),
  };
}

/** The middle of `values`; of two, the upper one. NaN of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
