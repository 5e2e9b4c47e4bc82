import type { Runtime } from '../../../core/runtime.ts';
import type { SharedAnswer, SharedMessage, SharedState } from '../../../core/shared-state.ts';
import { createBreaker } from './breaker.ts';
import { type Corrections, createCorrections } from './corrections.ts';
import type { Openings } from './openings.ts';

/** Sends messages to the shared state, each with all there is to say at that moment. */
export interface Transmitter {
  /** Names this client to the shared state; nobody else's. */
  readonly sender: string;
  readonly corrections: Corrections;
  /** Clock milliseconds of the last message. */
  readonly lastSentAt: number;
  /** Is an answer to be expected? Finds out about recovery by the way. */
  isUp(): boolean;
  /** Never rejects; resolves to undefined when there is no answer to be had. */
  send(candidates?: SharedMessage['candidates'], lease?: string): Promise<SharedAnswer | undefined>;
  /** Somebody gave up waiting for an answer. */
  late(): void;
  /** Sees to it that corrections are sent soon, with another message or without. */
  flushSoon(): void;
}

/** A holder who is silent for this long loses his places. Milliseconds. */
export const leaseMs = 30_000;

/** What was used is told this much later at most. Milliseconds. */
const flushAfterMs = 10;

/** Has sent nothing yet. `onDown` is called when answers are to be expected no more. */
export function createTransmitter(
  state: SharedState,
  { openings, onDown }: { readonly openings: Openings; readonly onDown: () => void },
  runtime: Pick<Runtime, 'clock' | 'events' | 'traceId'>,
): Transmitter {
  const { clock } = runtime;
  const breaker = createBreaker(runtime, onDown);
  const corrections = createCorrections(clock);
  const sender = runtime.traceId();
  let lastSentAt = Number.NEGATIVE_INFINITY;
  let isFlushDue = false;

  const send: Transmitter['send'] = async (candidates = [], lease = '') => {
    const news = openings.news();
    const { seenVersion } = openings;
    const batch = corrections.next();
    lastSentAt = clock.now();
    breaker.sent();
    try {
      const message = { ...batch, sender, openings: news.openings, seenVersion, candidates, lease, leaseMs };
      const answer = await state.exchange(message);
      breaker.answered();
      corrections.applied(batch.batch);
      openings.hear(answer, news);
      if (corrections.isReady) flushSoon();
      return answer;
    } catch (error) {
      breaker.failed(error);
      corrections.unknown(batch.batch);
      return undefined;
    }
  };

  function flushSoon(): void {
    if (isFlushDue) return;
    isFlushDue = true;
    clock.after(flushAfterMs, () => {
      isFlushDue = false;
      if (corrections.isReady && breaker.mode() !== 'down') send();
    });
  }

  return {
    sender,
    corrections,
    get lastSentAt() {
      return lastSentAt;
    },
    isUp() {
      const mode = breaker.mode();
      if (mode === 'probe') send();
      return mode === 'up';
    },
    send,
    late: breaker.late,
    flushSoon,
  };
}
