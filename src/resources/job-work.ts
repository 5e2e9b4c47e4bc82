import type { CallOptions } from '../config/client-options.ts';
import { APIError } from '../core/errors/api-error.ts';
import type { ErrorKind } from '../core/errors/kind.ts';
import { PortkeyError } from '../core/errors/portkey-error.ts';
import type { JobError, JobOutcome, JobTask, JobWork } from '../core/jobs.ts';
import { linkedAbort } from '../core/linked-abort.ts';
import type { Runtime } from '../core/runtime.ts';
import { defaultBackoff, retryDelayMs } from '../routing/middleware/index.ts';
import type { Caller } from './caller.ts';

/** Makes the calls of jobs through the client's targets. */
export function jobWork(caller: Pick<Caller, 'call'>, runtime: Pick<Runtime, 'clock' | 'random'>): JobWork {
  const { clock } = runtime;
  return async (task, signal) => {
    const link = linkedAbort(signal);
    const cancelTimer = clock.after(Math.max(0, task.deadline - clock.now()), () => link.abort(new DeadlineError()));
    try {
      const { endpoint, body, params } = task;
      const { reply } = await caller.call({ endpoint, body }, params as CallOptions, { signal: link.signal });
      return reply.body.kind === 'json'
        ? { kind: 'finished', result: reply.body.value }
        : { kind: 'failed', error: { message: 'The reply is no JSON object.', kind: 'unreadable' } };
    } catch (error) {
      const isLate = link.signal.reason instanceof DeadlineError;
      return isLate ? { kind: 'failed', error: late } : afterFailure(error, task, runtime);
    } finally {
      cancelTimer();
      link.unlink();
    }
  };
}

class DeadlineError extends Error {}

const late: JobError = {
  message: 'The job was not done by its deadline.',
  kind: 'timeout',
  status: 408,
  type: 'timeout_error',
  code: 'job_deadline',
};

/** Want of room passes: such a job waits for as long as its deadline allows. */
const passing: readonly ErrorKind[] = ['rate_limit', 'capacity', 'overloaded'];

/** Faults that may be gone on the next try. */
const faults: readonly ErrorKind[] = ['network', 'timeout', 'server', 'truncated', 'unreadable'];

/** More tries after faults, as LiteLLM's queue has them. */
const mostFaults = 3;

/** What a failed try means for the job: another one when that may help and its time allows, else the failure. */
export function afterFailure(
  error: unknown,
  { tries, faults: faultsBefore, deadline }: Pick<JobTask, 'tries' | 'faults' | 'deadline'>,
  { clock, random }: Pick<Runtime, 'clock' | 'random'>,
): JobOutcome {
  const failed: JobOutcome = { kind: 'failed', error: toJobError(error) };
  if (!(error instanceof PortkeyError)) return failed;
  const isFault = faults.includes(error.kind);
  if (!passing.includes(error.kind) && !(isFault && faultsBefore < mostFaults)) return failed;
  const nowMs = clock.now();
  const afterMs = waitMs(error, isFault ? faultsBefore : tries, nowMs, random());
  return nowMs + afterMs < deadline ? { kind: 'again', afterMs, isFault } : failed;
}

/** A local refusal knows to the millisecond when there is room. */
function waitMs(error: PortkeyError, times: number, nowMs: number, chance: number): number {
  const { retryAfterMs } = error as { readonly retryAfterMs?: unknown };
  if (typeof retryAfterMs === 'number') return retryAfterMs;
  return retryDelayMs(error, times, { useHeader: true, chance, nowMs, backoff: defaultBackoff });
}

/** The error as plain data. */
function toJobError(error: unknown): JobError {
  if (!(error instanceof PortkeyError)) return { message: String(error), kind: 'config' };
  const { message, kind } = error;
  if (!(error instanceof APIError)) return { message, kind };
  const { status, type, code, param } = error;
  return {
    message,
    kind,
    ...(status === undefined ? {} : { status }),
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { param }),
  };
}
