import type { PortkeyError } from './errors/portkey-error.ts';
import type { SharedClaim } from './shared-state.ts';
import type { Usage } from './usage.ts';

/** What one call may use up of a target, known before it is sent. Estimates, on the safe side; each is worked out when it is first read. */
export interface Demand {
  readonly inputTokens: number;
  /** Tokens the reply may have at most: what the body allows, else an allowance for a reply of unknown length. */
  readonly outputTokens: number;
  /** Nothing bounds the reply: `outputTokens` is an allowance. */
  readonly isOutputGuessed: boolean;
  /** The model as the target will be asked for it; empty where the request names none. */
  readonly model: string;
  /** The model as the body names it, `@slug/` included; as `model` when absent. */
  readonly askedModel?: string;
  /** Tokens that each choice of the reply may have, where the body says so. */
  readonly askedTokens?: number | undefined;
  /** Tags and regions that the call asks of its target. */
  readonly tags?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whose call it is, where one client serves several. */
  readonly tenant?: string | undefined;
}

/** Something a target has only so much of: requests or tokens in a time, places in flight, money, room in its context window. */
export interface Limit {
  /** Clock milliseconds from which `demand` fits; not after `now` when it fits now, Infinity while that depends on a call that must end first, or never comes. */
  readyAt(demand: Demand, now: number): number;
  /** False for a demand that no time makes fit: it is refused at once, never waited for. Absent: every demand fits some time. */
  fitsEver?(demand: Demand): boolean;
  /** Takes what `demand` needs. Only where it fits now: nothing may wait between the question and this. One that only steers is asked whether it fits or not. */
  reserve(demand: Demand, now: number): Reservation;
  /** What a call is refused with that does not fit. */
  refusal(demand: Demand, now: number): PortkeyError;
  /** Requests like this one that fit now; Infinity when absent. */
  room?(demand: Demand, now: number): number;
  /** Part in use, from 0; 0 when absent. */
  usedShare?(now: number): number;
  /** What a reservation takes, for a store that several processes share; absent, or undefined, where there is nothing to share. */
  claim?(demand: Demand): Claim | undefined;
  /** How it stands, for people. */
  snapshot?(now: number): LimitSnapshot | undefined;
  /** The same limit as far as this process alone uses it; absent where that is all. */
  readonly alone?: Limit;
}

/** What a call holds of a limit from before it is sent until its reply ends. Exactly one of the two is called, once. */
export interface Reservation {
  /** The reply has ended: what it really used takes the place of what was reserved, which stands when nobody knows. */
  settle(usage: Usage | undefined, now: number): void;
  /** Nothing was used: the call was not sent, or was not counted upstream. */
  refund(now: number): void;
}

/** The limits of a target, in the order they are asked. */
export interface LimitSet {
  /** A call that does not fit one of them is refused. */
  readonly binding: readonly Limit[];
  /** They count what is sent, and only pickers heed them. */
  readonly steering: readonly Limit[];
}

/** What one reservation takes of one quantity. */
export interface Claim {
  /** The same in every process that shares the quantity; without secrets. */
  readonly key: string;
  readonly amount: number;
  /** How much there is, of a window or at once. */
  readonly limit: number;
  /** Milliseconds of the sliding window; undefined for what is held only until the reply ends. */
  readonly windowMs?: number;
  /** Milliseconds until all of it is free again, for a total that begins anew with each period; `key` names the period too. */
  readonly endsInMs?: number;
  /** What a reply that used `usage` takes instead of `amount`; all of it when absent. */
  readonly amountOf?: (usage: Usage) => number;
}

/** What one call takes of limits that processes share: the claims, and as they are sent. One to one. */
export interface Taking {
  readonly claims: readonly Claim[];
  readonly shared: readonly SharedClaim[];
}

/** How one limit stands, as plain data. */
export interface LimitSnapshot {
  /** `requests`, `tokens`, `input_tokens`, `output_tokens`, `concurrency`, … */
  readonly of: string;
  /** Milliseconds of the window, without the safety margin; absent where there is none. */
  readonly perMs?: number;
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Milliseconds since the epoch when all of it is free again, should nothing more be sent; absent where no time tells. */
  readonly resetAt?: number;
  /** Whether it refuses or only steers. */
  readonly mode: 'steer' | 'enforce' | 'queue';
  /** What it guards: `config.targets[0]`, or the quota group's name. */
  readonly guards: string;
}
