import { requireNamespace } from '../namespace.ts';

/** Options of `bullJobs`. */
export interface BullJobsOptions {
  /** Queues of one namespace are one queue. Default `default`. */
  readonly namespace?: string;
  /** Does this process do jobs, or only submit them? Default true. */
  readonly works?: boolean;
  /** Jobs this process does at once. Default 20. */
  readonly concurrency?: number;
  /** Jobs that may wait; one more is refused. Default 10,000. */
  readonly maxWaiting?: number;
  /** Milliseconds a result is kept. Default an hour. */
  readonly resultTtlMs?: number;
  /** Milliseconds after which a job whose process died is done by another. Default 30,000. */
  readonly takeOverMs?: number;
}

/** The options with their defaults. */
export type BullSettings = Required<BullJobsOptions>;

const defaults: BullSettings = {
  namespace: 'default',
  works: true,
  concurrency: 20,
  maxWaiting: 10_000,
  resultTtlMs: 3_600_000,
  takeOverMs: 30_000,
};

/** Throws a `TypeError` for options that cannot be meant. */
export function toSettings(options: BullJobsOptions): BullSettings {
  const settings = { ...defaults, ...options };
  requireNamespace(settings.namespace);
  for (const name of ['concurrency', 'maxWaiting', 'resultTtlMs', 'takeOverMs'] as const)
    if (!(Number.isInteger(settings[name]) && settings[name] > 0))
      throw new TypeError(`"${name}" is a whole number above 0, not ${settings[name]}.`);
  return settings;
}
