import type { Runtime } from '../../../core/runtime.ts';
import { bounded, publicReason } from '../../../vault/bounded.ts';

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
}

/** How a guard speaks of what it guards, and how long it leaves it alone after a failure. */
export interface GuardOptions {
  readonly subject: string;
  readonly consequence: string;
  readonly pauseMs: number;
}

/**
 * A guard whose work never throws or rejects, and answers at once where the work does. After a failure nothing is tried for a while, so that an
 * outage costs next to nothing; the first failure of an outage is told in one `warning` event of code `store`.
 */
export function createStoreGuard(
  { subject, consequence, pauseMs }: GuardOptions,
  { clock, events }: Pick<Runtime, 'clock' | 'events'>,
): StoreGuard {
  let isDown = false;
  let askAgainAt = Number.NEGATIVE_INFINITY;

  function failed(action: string, error: unknown): undefined {
    askAgainAt = clock.now() + pauseMs;
    if (isDown) return;
    isDown = true;
    events.emit('warning', {
      code: 'store',
      message: `${subject} failed to ${action}: ${publicReason(error)}. ${consequence}`,
    });
  }

  function worked<Value>(value: Value): Value {
    isDown = false;
    return value;
  }

  return ({ name, limitMs }, run, read) => {
    if (clock.now() < askAgainAt) return undefined;
    try {
      const answer = run();
      if (!isThenable(answer)) return worked(read(answer));
      return bounded(async () => answer, limitMs, clock).then(
        (late) => worked(read(late)),
        (error) => failed(name, error),
      );
    } catch (error) {
      return failed(name, error);
    }
  };
}

function isThenable<Answer>(answer: Answer | PromiseLike<Answer>): answer is PromiseLike<Answer> {
  return typeof (answer as { readonly then?: unknown } | null | undefined)?.then === 'function';
}
