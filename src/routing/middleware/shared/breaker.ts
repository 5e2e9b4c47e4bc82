import type { Runtime } from '../../../core/runtime.ts';
import { publicReason } from '../../../vault/bounded.ts';
import type { Outage } from './outage.ts';

/** Whether the shared state is worth asking. */
export interface Breaker {
  /** `up`: ask. `probe`: send something nobody waits for. `down`: leave it alone. */
  mode(): 'up' | 'probe' | 'down';
  sent(): void;
  answered(): void;
  failed(error: unknown): void;
  /** Somebody gave up waiting. It is down once nothing has been heard for a while. */
  late(): void;
}

/** Silence that is taken for an outage, in milliseconds. Until then a slow answer costs each request its own short wait. */
const silenceMs = 100;

/** Before the first answer a connection may still be under way. Milliseconds. */
const firstSilenceMs = 2000;

/** From one probe to the next, in milliseconds. */
const pauseMs = 1000;

/** What a breaker tells of. */
export interface BreakerListener {
  /** It goes down. */
  readonly onDown: () => void;
  readonly outage: Outage;
}

/** A breaker that is up. The first failure of an outage is told in one `warning` event; recovery is found by probes that no request waits for. */
export function createBreaker(
  { clock, events }: Pick<Runtime, 'clock' | 'events'>,
  { onDown, outage }: BreakerListener,
): Breaker {
  let isDown = false;
  let probeAt = 0;
  let hasAnswered = false;
  let isUnheard = false;
  let silentSince = 0;

  function goDown(reason: string): void {
    if (isDown) return;
    isDown = true;
    probeAt = clock.now() + pauseMs;
    onDown();
    if (!outage.begins()) return;
    const message = `The shared state ${reason}. Until it answers again this process goes by its own limits alone.`;
    events.emit('warning', { code: 'shared_state', message });
  }

  return {
    mode() {
      if (!isDown) return 'up';
      if (clock.now() < probeAt) return 'down';
      probeAt = clock.now() + pauseMs;
      return 'probe';
    },
    sent() {
      if (isUnheard) return;
      isUnheard = true;
      silentSince = clock.now();
    },
    answered() {
      hasAnswered = true;
      isUnheard = false;
      isDown = false;
      outage.ends();
    },
    failed(error) {
      isUnheard = false;
      goDown(`failed: ${reasonOf(error)}`);
    },
    late() {
      const longestMs = hasAnswered ? silenceMs : firstSilenceMs;
      if (isUnheard && clock.now() - silentSince >= longestMs) goDown(`is silent for ${longestMs} ms`);
    },
  };
}

/** With the code that an error reply of Redis begins with, as in `READONLY You can't write against a read only replica.` */
function reasonOf(error: unknown): string {
  const [code] = /^[A-Z]{3,20}(?= )/.exec(error instanceof Error ? error.message : '') ?? [];
  return code === undefined ? publicReason(error) : `${publicReason(error)} ${code}`;
}
