import type { DocumentStore } from './document-store.ts';
import type { SharedTable } from './shared-table.ts';
import type { Store } from './store.ts';
import type { VectorLog } from './vector-log.ts';

/** All that clients of several processes share. */
export interface Shared {
  readonly state: SharedState;
  /** Where caches keep answers. */
  readonly store: Store;
  /** Where semantic caches tell each other of their vectors. */
  readonly vectors: VectorLog;
  /** Where servers keep what admin calls make: keys, routes. Absent: each keeps its own. */
  readonly table?: SharedTable;
  /** Where servers keep configs and prompts. Absent: each keeps its own. */
  readonly documents?: (collection: 'configs' | 'prompts') => DocumentStore;
}

/**
 * What several processes know together of what targets have left. Each process has limits of its own, which go on when this is
 * gone; here they are added up. One `exchange` is one round trip.
 */
export interface SharedState {
  /** The longest a request waits for an answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Does all that a message asks, at once for everybody who looks. Rejects when that cannot be known. */
  exchange(message: SharedMessage): Promise<SharedAnswer>;
}

/** What an attempt asks of a limit that processes share. Amounts are whole numbers. */
export type SharedClaim = WindowClaim | TotalClaim | LeaseClaim;

/** An amount within a sliding window. */
export interface WindowClaim {
  readonly kind: 'window';
  /** The same in every process whose requests count together. */
  readonly key: string;
  readonly amount: number;
  /** What the amounts of any `windowMs` add up to at most. A single amount beyond it counts as the whole. */
  readonly limit: number;
  readonly windowMs: number;
  /** Only counted: it is taken whether it fits or not, and a shortage is told. */
  readonly isSoft?: boolean;
}

/** An amount that adds up until a period ends. */
export interface TotalClaim {
  readonly kind: 'total';
  /** Names the period too: the next one begins with another key. */
  readonly key: string;
  readonly amount: number;
  readonly limit: number;
  readonly endsInMs: number;
}

/** A place among `limit`, until it is given back; lost to its holder when that is silent for {@link SharedMessage.leaseMs}. */
export interface LeaseClaim {
  readonly kind: 'lease';
  readonly key: string;
  readonly limit: number;
}

/** One process to the others. */
export interface SharedMessage {
  /** Who sends; nobody else's. */
  readonly sender: string;
  /** Number of the batch of `corrections`, counting up; 0 without any. A batch sent again under its number is applied once. */
  readonly batch: number;
  readonly corrections: readonly Correction[];
  /** Targets taken out of use here. */
  readonly openings: readonly TargetOpening[];
  /** The version of everybody's openings known here. */
  readonly seenVersion: number;
  /** Alternatives, the preferred one first: the first all of whose claims fit is taken, as a whole. */
  readonly candidates: readonly (readonly SharedClaim[])[];
  /** Whom a request that belongs to others would go to: looked at before the candidates are. */
  readonly bound?: BondWish | undefined;
  /** Changes of whom requests go to. */
  readonly bonds: readonly Bond[];
  /** Names the places that are taken for a candidate; used once. */
  readonly lease: string;
  readonly leaseMs: number;
}

/** Requests that belong together go to one target, in every process. */
export interface BondWish {
  /** The same in every process for requests that belong together. */
  readonly key: string;
  /** The target of each candidate. The one they are bound to is asked first; where they are bound to none, they are from now on to the one taken. */
  readonly targets: readonly string[];
  /** How long that lasts from now, also where it is so already. */
  readonly ttlMs: number;
}

/** A change of whom requests go to, or a question. */
export type Bond =
  /** To `target`, where they are bound to none, or to `over`. */
  | {
      readonly kind: 'bind';
      readonly key: string;
      readonly target: string;
      readonly over?: string;
      readonly ttlMs: number;
    }
  /** To none, where it is `target`. */
  | { readonly kind: 'unbind'; readonly key: string; readonly target: string }
  | { readonly kind: 'ask'; readonly key: string };

/** A change of what was taken before, or was used without asking. */
export type Correction =
  /** `amount`, which may be negative, on top of what `claim.key` holds: of the time `takenAt`, or of now. */
  | { readonly kind: 'add'; readonly claim: WindowClaim | TotalClaim; readonly takenAt?: number }
  | { readonly kind: 'release'; readonly key: string; readonly lease: string }
  | { readonly kind: 'renew'; readonly key: string; readonly lease: string };

/** A target that is not to be called for a while. */
export interface TargetOpening {
  readonly id: string;
  /** Milliseconds from now; clocks of processes differ. */
  readonly forMs: number;
}

/** A limit without room for a claim. */
export interface Shortage {
  /** The claim's. */
  readonly key: string;
  /** Milliseconds until it may fit; Infinity where that depends on a call that must end first. */
  readonly waitMs: number;
}

/** What comes of a message. */
export interface SharedAnswer {
  /** Index of the candidate that was taken; undefined when none fits. */
  readonly taken: number | undefined;
  /** When it was taken, by the clock of the shared state, in milliseconds: for corrections. */
  readonly at: number;
  /** Limits that a claim does not fit, of candidates looked at; and those where another like the one taken would not. */
  readonly shortages: readonly Shortage[];
  readonly version: number;
  /** Every target taken out of use anywhere, where `version` is not the one already seen. */
  readonly openings: readonly TargetOpening[];
  /** Whom the requests of {@link SharedMessage.bound} are bound to by now. */
  readonly bound?: string | undefined;
  /** The same of each of {@link SharedMessage.bonds}. */
  readonly bonds?: readonly (string | undefined)[];
}
