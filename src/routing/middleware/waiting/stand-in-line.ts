import type { Reply } from '../../../core/reply.ts';
import type { Clock } from '../../../core/runtime.ts';
import type { ServedLine } from './serve-line.ts';

/** On what terms somebody waits. */
export interface Terms {
  readonly rank: number;
  readonly order: number;
  /** See `InLane`. */
  readonly lane: unknown;
  /** Clock milliseconds from which it may go; Infinity while that depends on somebody else. */
  readonly readyAt: (now: number) => number;
  /** Clock milliseconds. */
  readonly giveUpAt: number;
  readonly signal: AbortSignal;
  /** What it is refused with when its time is over, and when others are more urgent. */
  readonly tooLate: () => Error;
  readonly tooFull: () => Error;
}

/** What the holder does when its turn has come. `onPlaced` is to be called when it has its place. */
export type Go = (onPlaced: () => void, now: number) => Promise<Reply>;

/** Waits in `line` and goes on when its turn has come. Leaves at once when the signal aborts, and when its time is over. */
export function standInLine(line: ServedLine, terms: Terms, go: Go, clock: Clock): Promise<Reply> {
  const { signal, giveUpAt } = terms;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const cancelTimer = clock.after(giveUpAt - clock.now(), () => leave(terms.tooLate()));
    const onAbort = () => leave(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const letGo = () => {
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
    };
    const leave = (reason: unknown) => {
      letGo();
      reject(reason);
      line.leave(ticket);
    };
    const ticket = {
      rank: terms.rank,
      order: terms.order,
      lane: terms.lane,
      position: -1,
      readyAt: terms.readyAt,
      go(onPlaced: () => void) {
        letGo();
        const answer = go(onPlaced, clock.now());
        // Where nothing below tells of the place, the answer does.
        answer.then(onPlaced, onPlaced);
        resolve(answer);
      },
      dismiss: () => leave(terms.tooFull()),
    };
    line.join(ticket);
  });
}
