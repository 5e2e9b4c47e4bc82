/** Whether a target may be called: closed (yes), open until a time (no), then half open (one probe), then closed again with a ramp. */
export interface Circuit {
  /** Clock milliseconds until which it is open; undefined when closed. */
  openUntil(): number | undefined;
  /** Clock milliseconds from which a call may enter: 0 when closed, Infinity while a probe is under way or it is disabled. */
  readyAt(): number;
  /** 0 while no call may enter, 1 in normal times; in between while it recovers. */
  share(now: number): number;
  /** Asks for a call. Whoever gets `probe` must `close`, `trip` or `release` afterwards. */
  enter(now: number): 'pass' | 'probe' | 'refused';
  /** Opens. A closed circuit, or one whose probe failed, opens for a time that doubles on repeats; an open one keeps the later deadline. True when it opened anew. */
  trip(now: number, opening: Opening): boolean;
  /** The target answered: back to work, little by little. False when it was closed anyway. */
  close(now: number): boolean;
  /** While it is disabled nobody may enter, whatever time and answers say. True when it turned. */
  setDisabled(value: boolean): boolean;
  isDisabled(): boolean;
  /** A probe ended without saying anything of the target. */
  release(): void;
}

/** For how long a circuit opens. */
export interface Opening {
  readonly timeMs: number;
  readonly maxTimeMs: number;
  /** What the target itself asked for; not bound by `maxTimeMs`. */
  readonly atLeastMs: number;
  readonly wasProbe: boolean;
}

/** How long a recovered target takes to get its whole weight back. Opening within this time counts as a repeat. */
export const rampMs = 10_000;
const leastShare = 0.1;

/** A closed circuit. */
export function createCircuit(): Circuit {
  let openUntil: number | undefined;
  let closedAt: number | undefined;
  let repeats = 0;
  let isProbing = false;
  let isDisabled = false;

  function openAnew(now: number, { timeMs, maxTimeMs, atLeastMs }: Opening): void {
    const isRepeat = openUntil !== undefined || (closedAt !== undefined && now - closedAt < rampMs);
    repeats = isRepeat ? repeats + 1 : 0;
    const doubledMs = Math.min(timeMs * 2 ** repeats, Math.max(timeMs, maxTimeMs));
    // A straggler may have put the deadline off while the probe was out.
    openUntil = Math.max(openUntil ?? 0, now + Math.max(doubledMs, atLeastMs));
    isProbing = false;
    closedAt = undefined;
  }

  return {
    openUntil: () => openUntil,
    readyAt() {
      if (isDisabled) return Number.POSITIVE_INFINITY;
      return openUntil === undefined ? 0 : isProbing ? Number.POSITIVE_INFINITY : openUntil;
    },
    share(now) {
      if (isDisabled) return 0;
      if (openUntil !== undefined) return isProbing || now < openUntil ? 0 : 1;
      if (closedAt === undefined || now - closedAt >= rampMs) return 1;
      return Math.max(leastShare, (now - closedAt) / rampMs);
    },
    enter(now) {
      if (isDisabled) return 'refused';
      if (openUntil === undefined) return 'pass';
      if (isProbing || now < openUntil) return 'refused';
      isProbing = true;
      return 'probe';
    },
    trip(now, opening) {
      if (openUntil === undefined || opening.wasProbe) {
        openAnew(now, opening);
        return true;
      }
      openUntil = Math.max(openUntil, now + Math.max(opening.timeMs, opening.atLeastMs));
      return false;
    },
    close(now) {
      if (openUntil === undefined) return false;
      openUntil = undefined;
      isProbing = false;
      closedAt = now;
      return true;
    },
    setDisabled(value) {
      const hasTurned = value !== isDisabled;
      isDisabled = value;
      return hasTurned;
    },
    isDisabled: () => isDisabled,
    release() {
      isProbing = false;
    },
  };
}
