import type { Runtime } from '../../../core/runtime.ts';
import { publicReason } from '../../../vault/bounded.ts';
import { inTime } from '../shared/in-time.ts';
import type { Outage } from '../shared/outage.ts';

/** Runs work on something of the user's that may fail or hang, so that nobody is harmed. */
export type StoreGuard = <Answer, Result>(
  work: GuardedWork,
  run: () => Answer | PromiseLike<Answer>,
  read: (answer: Answer) => Result,
) => Result | undefined | Promise<Result | undefined>;

/** What is done, and how long it may take. */
export interface GuardedWork {
  /** `read`: completes "failed to …". */
  readonly name: string;
  readonly limitMs: number;
  /** A request waits for it, and goes on without it after `limitMs`: being late is no failure before nothing is heard for longer. */
  readonly isAwaited: boolean;
}

/** How a guard speaks of what it guards, and how long it leaves it alone after a failure. */
export interface GuardOptions {
  readonly code: 'store' | 'shared_state';
  readonly subject: string;
  readonly consequence: string;
  readonly pauseMs: number;
  /** Of all that lies in the same place, where others use that too. */
  readonly outage?: Outage | undefined;
}

/** Silence that is taken for an outage. Until then a slow answer costs each request its own short wait. Milliseconds. */
const silenceMs = 100;

/** Before the first answer a connection may still be under way. Milliseconds. */
const firstSilenceMs = 2000;

/**
 * A guard whose work never throws or rejects, and answers at once where the work does. After a failure nothing is tried for a while, so that an
 * outage costs next to nothing; the first failure of an outage is told in one `warning` event.
 */
export function createStoreGuard(
  { code, subject, consequence, pauseMs, outage }: GuardOptions,
  { clock, events }: Pick<Runtime, 'clock' | 'events'>,
): StoreGuard {
  let isDown = false;
  let hasAnswered = false;
  let askAgainAt = Number.NEGATIVE_INFINITY;
  let silentSince: number | undefined;

  function failed(action: string, reason: string): undefined {
    askAgainAt = clock.now() + pauseMs;
    silentSince = undefined;
    if (isDown) return;
    isDown = true;
    if (outage?.begins() === false) return;
    events.emit('warning', { code, message: `${subject} failed to ${action}: ${reason}. ${consequence}` });
  }

  function late({ name, limitMs, isAwaited }: GuardedWork): undefined {
    if (!isAwaited || isDown) return failed(name, `no answer within ${limitMs} ms`);
    const longestMs = Math.max(limitMs, hasAnswered ? silenceMs : firstSilenceMs);
    if (silentSince !== undefined && clock.now() - silentSince >= longestMs) failed(name, `silent for ${longestMs} ms`);
  }

  function worked<Value>(value: Value): Value {
    isDown = false;
    hasAnswered = true;
    silentSince = undefined;
    outage?.ends();
    return value;
  }

  async function wait<Answer, Result>(
    work: GuardedWork,
    answer: PromiseLike<Answer>,
    read: (answer: Answer) => Result,
  ): Promise<Result | undefined> {
    // An answer that comes too late is no use, and still one.
    const heard = Promise.resolve(answer).then((value) => worked({ result: read(value) }));
    try {
      const outcome = await inTime(heard, work.limitMs, clock);
      return outcome === 'late' ? late(work) : outcome.result;
    } catch (error) {
      return failed(work.name, publicReason(error));
    }
  }

  return (work, run, read) => {
    if (clock.now() < askAgainAt) return undefined;
    try {
      const answer = run();
      if (!isThenable(answer)) return worked(read(answer));
      silentSince ??= clock.now();
      return wait(work, answer, read);
    } catch (error) {
      return failed(work.name, publicReason(error));
    }
  };
}

function isThenable<Answer>(answer: Answer | PromiseLike<Answer>): answer is PromiseLike<Answer> {
  return typeof (answer as { readonly then?: unknown } | null | undefined)?.then === 'function';
}
