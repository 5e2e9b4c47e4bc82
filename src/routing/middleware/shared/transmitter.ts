import type { Runtime } from '../../../core/runtime.ts';
import type { SharedAnswer, SharedMessage, SharedState } from '../../../core/shared-state.ts';
import { createBreaker } from './breaker.ts';
import { type Corrections, createCorrections } from './corrections.ts';

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
  /** To be told with the next message: a target is out of use until clock milliseconds. */
  tell(id: string, until: number): void;
}

/** Told of a target that is out of use, until clock milliseconds. */
export type OnOpening = (id: string, until: number) => void;

/** A holder who is silent for this long loses his places. Milliseconds. */
export const leaseMs = 30_000;

/** What was used is told this much later at most. Milliseconds. */
const flushAfterMs = 10;

/** Has sent nothing yet. `onOpening` also hears of what was told from here. */
export function createTransmitter(
  state: SharedState,
  runtime: Pick<Runtime, 'clock' | 'events' | 'traceId'>,
  onOpening: OnOpening,
): Transmitter {
  const { clock } = runtime;
  const breaker = createBreaker(runtime);
  const corrections = createCorrections(clock);
  const sender = runtime.traceId();
  const untold = new Map<string, number>();
  let seenVersion = 0;
  let lastSentAt = Number.NEGATIVE_INFINITY;
  let isFlushDue = false;

  function hear({ version, openings }: SharedAnswer, told: readonly (readonly [string, number])[]): void {
    for (const [id, until] of told) if (untold.get(id) === until) untold.delete(id);
    if (version === seenVersion) return;
    seenVersion = version;
    const now = clock.now();
    for (const { id, forMs } of openings) onOpening(id, now + forMs);
  }

  const send: Transmitter['send'] = async (candidates = [], lease = '') => {
    const now = clock.now();
    const told = [...untold].filter(([, until]) => until > now);
    const openings = told.map(([id, until]) => ({ id, forMs: until - now }));
    const batch = corrections.next();
    lastSentAt = now;
    breaker.sent();
    try {
      const answer = await state.exchange({ ...batch, sender, openings, seenVersion, candidates, lease, leaseMs });
      breaker.answered();
      corrections.applied(batch.batch);
      hear(answer, told);
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
    tell: (id, until) => void untold.set(id, Math.max(until, untold.get(id) ?? 0)),
  };
}
