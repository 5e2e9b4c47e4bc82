import type { RequestDemand } from './demand.ts';
import type { Taking } from './limit.ts';

/** What is known of a child at this moment, for whoever picks among children. A node's health is made of its children's. */
export interface Health {
  /** Stays the same when the config is edited elsewhere: target identity, for a node its targets' together. */
  readonly identity: string;
  /** Identities of the targets it stands for. */
  readonly targets: readonly string[];
  /** Can the child ever be not ready? Those that can never be cost no question. */
  readonly isGuarded: boolean;
  /** Can {@link Health.share} ever be another than 1? */
  readonly isWatched: boolean;
  /** Does it depend on what a request needs? Whoever asks such a child gives a demand. */
  readonly isLimited: boolean;
  /** Does a request that finds no room wait for it, rather than be refused? */
  readonly isQueued: boolean;
  /** Clock milliseconds until which the child cools; in the past when it does not. Infinity while that depends on a probe under way. */
  coolsUntil(): number;
  /** Clock milliseconds from which it may be called with `demand`: not after `now` when it is ready. Infinity while that depends on a call that must end first, or never comes. */
  readyAt(now: number, demand?: RequestDemand): number;
  /** As {@link Health.readyAt}, whether it cools or not. */
  roomAt(now: number, demand?: RequestDemand): number;
  /** Which of the targets a request may go to, where that depends on the request: the same for those that may go to the same. */
  lane?(demand: RequestDemand): string;
  /** False when no time makes it ready for `demand`. */
  fitsEver(demand: RequestDemand): boolean;
  /**
   * Part of its weight the child may take at `now`: 0 while it cools or has no room, growing to 1 after it recovered;
   * {@link lastChoice} while it may be called, but better is not.
   */
  share(now: number, demand?: RequestDemand): number;
  /** Requests in flight, streams until they end. */
  inFlight(): number;
  /** Requests like this that it could take beside those in flight; Infinity without a limit. */
  headroom(now: number, demand?: RequestDemand): number;
  /** Part of its limits in use, that of the fullest one; 0 without a limit. */
  usedShare(now: number): number;
  /** Micro-dollars that a request is expected to cost; undefined where no price is known, absent where nobody asks. */
  readonly costMicro?: (now: number, demand: RequestDemand) => number | undefined;
  /** Tokens of the last minute, estimates of calls under way included; 0 where no picker compares them. */
  usedTokens(now: number): number;
  /** What a call takes of limits that processes share; absent for a node, and where this process is alone. */
  taking?(demand: RequestDemand): Taking;
  /** Undefined while nothing was measured. */
  latency(streamed: boolean): LatencyEstimate | undefined;
}

/** The share of a child that is called only when no other can be: over a limit that only steers, or told by its provider to wait. */
export const lastChoice = 1e-9;

/** A moving average of response times. */
export interface LatencyEstimate {
  /** Time to the first token of a stream, or to the whole of another reply. */
  readonly ms: number;
  /** Clock milliseconds of the last measurement. */
  readonly at: number;
}
