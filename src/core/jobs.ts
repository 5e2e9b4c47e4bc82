import type { Endpoint } from './endpoint.ts';
import type { ErrorKind } from './errors/kind.ts';
import type { JsonObject } from './json.ts';

/** Where jobs wait until they are done, and their results until they are fetched. */
export interface JobQueue {
  /** Jobs outlive this process: what they carry is kept elsewhere, and must hold no secret. */
  readonly isDurable: boolean;
  /** From now on jobs are done by `work`, a bounded number at once. Called once, before anything else. */
  start(work: JobWork, warn: (message: string) => void): void;
  /** Resolves when the job is kept. Rejects with `JobQueueFullError`, or when the queue cannot be reached. */
  submit(job: NewJob): Promise<SubmittedJob>;
  /** Undefined for a job never submitted, or finished so long ago that it is forgotten. */
  get(id: string): Promise<JobSnapshot | undefined>;
  /** Takes a job back: it is not done, or its call is aborted. False when there is none, or it has finished. */
  cancel(id: string): Promise<boolean>;
  /** Does no further jobs, and lets go of connections. Jobs of a durable queue stay. */
  close(): Promise<void>;
}

/** A call to be made some time. Plain JSON. */
export interface NewJob {
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly body: JsonObject;
  /** Portkey's options of the call. */
  readonly params: JsonObject;
  /** 0 to 1000, lower is done earlier; equal ones in the order they came. */
  readonly priority: number;
  /** Milliseconds since the epoch by which the job is done or has failed. */
  readonly deadline: number;
}

/** What is known of a job at once. */
export interface SubmittedJob {
  readonly id: string;
  readonly status: 'queued';
  /** Seconds until it is done, roughly; at least 1. */
  readonly eta: number;
}

/** How a job stands. */
export interface JobSnapshot {
  readonly id: string;
  /** `queued` also between two tries. */
  readonly status: 'queued' | 'running' | 'finished';
  /** Of a finished job: what the call would have answered. Otherwise `error`. */
  readonly result?: JsonObject;
  readonly error?: JobError;
}

/** Why a job failed: an error object as OpenAI's API has it, and our kind. */
export interface JobError {
  readonly message: string;
  readonly kind: ErrorKind;
  readonly status?: number;
  readonly type?: string;
  readonly code?: string | null;
  readonly param?: string | null;
}

/** Makes the call of a job once. Never rejects. `signal` aborts when the job is taken back, or the queue is closed. */
export type JobWork = (task: JobTask, signal: AbortSignal) => Promise<JobOutcome>;

/** A job whose turn it is. */
export interface JobTask extends Omit<NewJob, 'priority'> {
  /** Calls made before. */
  readonly tries: number;
  /** Those of them that failed by a fault, not for want of room. */
  readonly faults: number;
}

/** What came of a try. */
export type JobOutcome =
  | { readonly kind: 'finished'; readonly result: JsonObject }
  | { readonly kind: 'failed'; readonly error: JobError }
  /** Try again after `afterMs`. */
  | { readonly kind: 'again'; readonly afterMs: number; readonly isFault: boolean };
