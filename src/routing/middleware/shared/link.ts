import type { Runtime } from '../../../core/runtime.ts';
import type { Bond, BondWish, SharedClaim, SharedState } from '../../../core/shared-state.ts';
import type { OnBound } from './bonds.ts';
import { createHolds, type SharedHold } from './holds.ts';
import { inTime } from './in-time.ts';
import { createOpenings, type OnOpening } from './openings.ts';
import { createOutage, type Outage } from './outage.ts';
import { createShortages, type Shortages } from './shortages.ts';
import { createTransmitter, leaseMs } from './transmitter.ts';

/** A client's line to the shared state. Nothing here rejects, and nobody waits longer than the shared state's `timeoutMs`. */
export interface SharedLink {
  /**
   * Takes the first of `candidates` all of whose claims fit, in one round trip. At once when the shared state is known to be gone. Whoever
   * gets a hold must `end` it. `bound`: whom the request would rather go to.
   */
  reserve(candidates: readonly (readonly SharedClaim[])[], bound?: BondWish): SharedVerdict | Promise<SharedVerdict>;
  /** Tells of a change of whom requests go to. Nobody waits; `onBound` hears what came of it, if anything does. */
  bind(bond: Bond, onBound: OnBound): void;
  /** Whom requests of `key` go to, in one round trip; undefined at once when the shared state is known to be gone. */
  boundTo(key: string): Promise<string | undefined> | undefined;
  /** Tells the others that a target is out of use until `until` (clock milliseconds). Nobody waits. */
  open(id: string, until: number): void;
  /** Hears what the others say, now and then. Nobody waits. */
  glance(): void;
  /** Resolves when the others know what is used and given back, or cannot be told. */
  flush(): Promise<void>;
  /** What all processes together have used up, as last heard. */
  readonly shortages: Shortages;
}

/** What the shared state says to candidates. */
export type SharedVerdict =
  | { readonly kind: 'taken'; readonly index: number; readonly hold: SharedHold; readonly bound?: string | undefined }
  /** None fits; why, is among the shortages. */
  | { readonly kind: 'refused'; readonly bound?: string | undefined }
  /** It did not answer: own limits decide. The hold is for the first candidate. */
  | { readonly kind: 'unknown'; readonly hold: SharedHold };

/** Without other traffic the others are heard this often, in milliseconds. */
const glanceEveryMs = 100;

/** Opens the line. `onOpening` is told of targets that other processes took out of use; `outage` is that of all that lies there. */
export function createSharedLink(
  state: SharedState,
  runtime: Pick<Runtime, 'clock' | 'events' | 'traceId'>,
  onOpening: OnOpening,
  outage: Outage = createOutage(),
): SharedLink {
  const { clock } = runtime;
  const openings = createOpenings(clock, onOpening);
  const shortages = createShortages(clock);
  // What others had used up is not known any more.
  const transmitter = createTransmitter(state, { openings, onDown: shortages.clear, outage }, runtime);
  const { sender, corrections, bonds, flushSoon } = transmitter;
  const holds = createHolds({ sender, corrections, flushSoon, clock, leaseMs });

  async function ask(candidates: readonly (readonly SharedClaim[])[], wish?: BondWish): Promise<SharedVerdict> {
    const lease = holds.newLease();
    const asked = transmitter.send({ candidates, lease, bound: wish });
    const answer = await inTime(asked, state.timeoutMs, clock);
    if (answer === 'late') {
      transmitter.late();
      return { kind: 'unknown', hold: holds.undecided(candidates, lease, asked) };
    }
    if (answer === undefined) return { kind: 'unknown', hold: holds.absent(candidates[0] ?? []) };
    const { taken, at, bound } = answer;
    shortages.note(answer.shortages);
    if (taken === undefined) return { kind: 'refused', bound };
    return { kind: 'taken', index: taken, hold: holds.taken(candidates[taken] ?? [], lease, at), bound };
  }

  async function askBound(key: string): Promise<string | undefined> {
    let target: string | undefined;
    bonds.add({ kind: 'ask', key }, (bound) => {
      target = bound;
    });
    if ((await inTime(transmitter.send(), state.timeoutMs, clock)) === 'late') transmitter.late();
    return target;
  }

  return {
    shortages,
    flush: transmitter.flush,
    reserve: (candidates, bound) =>
      transmitter.isUp() ? ask(candidates, bound) : { kind: 'unknown', hold: holds.absent(candidates[0] ?? []) },
    bind(bond, onBound) {
      if (!transmitter.isUp()) return;
      bonds.add(bond, onBound);
      flushSoon();
    },
    boundTo: (key) => (transmitter.isUp() ? askBound(key) : undefined),
    open(id, until) {
      openings.add(id, until);
      if (transmitter.isUp()) transmitter.send();
    },
    glance() {
      if (clock.now() - transmitter.lastSentAt >= glanceEveryMs && transmitter.isUp()) transmitter.send();
    },
  };
}
