import type { Clock, Runtime } from '../../../core/runtime.ts';
import type { SharedAnswer, SharedMessage, SharedState } from '../../../core/shared-state.ts';
import { type Bonds, createBonds } from './bonds.ts';
import { type BreakerListener, createBreaker } from './breaker.ts';
import { type Corrections, createCorrections } from './corrections.ts';
import { inTime } from './in-time.ts';
import type { Openings } from './openings.ts';

/** Sends messages to the shared state, each with all there is to say at that moment. */
export interface Transmitter {
  /** Names this client to the shared state; nobody else's. */
  readonly sender: string;
  readonly corrections: Corrections;
  readonly bonds: Bonds;
  /** Clock milliseconds of the last message. */
  readonly lastSentAt: number;
  /** Is an answer to be expected? Finds out about recovery by the way. */
  isUp(): boolean;
  /** Never rejects; resolves to undefined when there is no answer to be had. */
  send(asked?: Partial<Pick<SharedMessage, 'candidates' | 'lease' | 'bound'>>): Promise<SharedAnswer | undefined>;
  /** Somebody gave up waiting for an answer. */
  late(): void;
  /** Sees to it that corrections and bonds are sent soon, with another message or without. */
  flushSoon(): void;
  /** Resolves when all there is to say has been said, or nobody answers; within a second. */
  flush(): Promise<void>;
}

/** A holder who is silent for this long loses his places. Milliseconds. */
export const leaseMs = 30_000;

/** What was used is told this much later at most. Milliseconds. */
const flushAfterMs = 10;

/** What messages carry beside candidates, and who hears when answers are to be expected no more. */
export interface TransmitterScope extends BreakerListener {
  readonly openings: Openings;
}

/** Whoever ends waits no longer for the last of it. Milliseconds. */
const longestFlushMs = 1000;

/** Has sent nothing yet. */
export function createTransmitter(
  state: SharedState,
  scope: TransmitterScope,
  runtime: Pick<Runtime, 'clock' | 'events' | 'traceId'>,
): Transmitter {
  const { clock } = runtime;
  const { openings } = scope;
  const breaker = createBreaker(runtime, scope);
  const corrections = createCorrections(clock);
  const bonds = createBonds();
  const sender = runtime.traceId();
  let lastSentAt = Number.NEGATIVE_INFINITY;
  let lastSent: Promise<unknown> = Promise.resolve();

  const isAnythingReady = () => corrections.isReady || bonds.isWaiting;

  const send: Transmitter['send'] = (asked) => {
    const sent = transmit(asked);
    lastSent = sent;
    return sent;
  };

  const transmit: Transmitter['send'] = async ({ candidates = [], lease = '', bound } = {}) => {
    const news = openings.news();
    const { seenVersion } = openings;
    const batch = corrections.next();
    const told = bonds.next();
    lastSentAt = clock.now();
    breaker.sent();
    try {
      const asked = { candidates, lease, leaseMs, bound, bonds: told.bonds };
      const answer = await state.exchange({ ...batch, sender, openings: news.openings, seenVersion, ...asked });
      breaker.answered();
      corrections.applied(batch.batch);
      openings.hear(answer, news);
      told.hear(answer.bonds ?? []);
      if (isAnythingReady()) flushSoon();
      return answer;
    } catch (error) {
      breaker.failed(error);
      corrections.unknown(batch.batch);
      return undefined;
    }
  };

  const flushSoon = soon(clock, () => {
    if (isAnythingReady() && breaker.mode() !== 'down') send();
  });

  return {
    sender,
    corrections,
    bonds,
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
    flush: () => flushed({ clock, isAnythingReady, isUp: () => breaker.mode() === 'up', send, last: () => lastSent }),
  };
}

/** Runs `run` within {@link flushAfterMs}, once however often it was asked for. */
function soon(clock: Clock, run: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    clock.after(flushAfterMs, () => {
      isDue = false;
      run();
    });
  };
}

interface Flushing {
  readonly clock: Clock;
  readonly isAnythingReady: () => boolean;
  readonly isUp: () => boolean;
  readonly send: () => Promise<unknown>;
  /** The last message, on its way or answered. */
  readonly last: () => Promise<unknown>;
}

async function flushed({ clock, isAnythingReady, isUp, send, last }: Flushing): Promise<void> {
  const giveUpAt = clock.now() + longestFlushMs;
  for (;;) {
    const left = giveUpAt - clock.now();
    if (left <= 0 || (await inTime(last(), left, clock)) === 'late') return;
    if (!isAnythingReady() || !isUp()) return;
    send();
  }
}
