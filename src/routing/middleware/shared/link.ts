import type { Runtime } from '../../../core/runtime.ts';
import type { SharedClaim, SharedState } from '../../../core/shared-state.ts';
import { createHolds, type SharedHold } from './holds.ts';
import { inTime } from './in-time.ts';
import { createOpenings, type OnOpening } from './openings.ts';
import { createShortages, type Shortages } from './shortages.ts';
import { createTransmitter, leaseMs } from './transmitter.ts';

/** A client's line to the shared state. Nothing here rejects, and nobody waits longer than the shared state's `timeoutMs`. */
export interface SharedLink {
  /**
   * Takes the first of `candidates` all of whose claims fit, in one round trip. At once when the shared state is known to be gone. Whoever
   * gets a hold must `end` it.
   */
  reserve(candidates: readonly (readonly SharedClaim[])[]): SharedVerdict | Promise<SharedVerdict>;
  /** Tells the others that a target is out of use until `until` (clock milliseconds). Nobody waits. */
  open(id: string, until: number): void;
  /** Hears what the others say, now and then. Nobody waits. */
  glance(): void;
  /** What all processes together have used up, as last heard. */
  readonly shortages: Shortages;
}

/** What the shared state says to candidates. */
export type SharedVerdict =
  | { readonly kind: 'taken'; readonly index: number; readonly hold: SharedHold }
  /** None fits; why, is among the shortages. */
  | { readonly kind: 'refused' }
  /** It did not answer: own limits decide. The hold is for the first candidate. */
  | { readonly kind: 'unknown'; readonly hold: SharedHold };

/** Without other traffic the others are heard this often, in milliseconds. */
const glanceEveryMs = 100;

/** Opens the line. `onOpening` is told of targets that other processes took out of use. */
export function createSharedLink(
  state: SharedState,
  runtime: Pick<Runtime, 'clock' | 'events' | 'traceId'>,
  onOpening: OnOpening,
): SharedLink {
  const { clock } = runtime;
  const openings = createOpenings(clock, onOpening);
  const shortages = createShortages(clock);
  // What others had used up is not known any more.
  const transmitter = createTransmitter(state, { openings, onDown: shortages.clear }, runtime);
  const { sender, corrections, flushSoon } = transmitter;
  const holds = createHolds({ sender, corrections, flushSoon, clock, leaseMs });

  async function ask(candidates: readonly (readonly SharedClaim[])[]): Promise<SharedVerdict> {
    const lease = holds.newLease();
    const asked = transmitter.send(candidates, lease);
    const answer = await inTime(asked, state.timeoutMs, clock);
    if (answer === 'late') {
      transmitter.late();
      return { kind: 'unknown', hold: holds.undecided(candidates, lease, asked) };
    }
    if (answer === undefined) return { kind: 'unknown', hold: holds.absent(candidates[0] ?? []) };
    const { taken, at } = answer;
    shortages.note(answer.shortages);
    if (taken === undefined) return { kind: 'refused' };
    return { kind: 'taken', index: taken, hold: holds.taken(candidates[taken] ?? [], lease, at) };
  }

  return {
    shortages,
    reserve: (candidates) =>
      transmitter.isUp() ? ask(candidates) : { kind: 'unknown', hold: holds.absent(candidates[0] ?? []) },
    open(id, until) {
      openings.add(id, until);
      if (transmitter.isUp()) transmitter.send();
    },
    glance() {
      if (clock.now() - transmitter.lastSentAt >= glanceEveryMs && transmitter.isUp()) transmitter.send();
    },
  };
}
