import type { Limit, LimitSnapshot } from '../../core/limit.ts';
import type { BudgetSnapshot } from './budget/budget-words.ts';
import { type Circuit, createCircuit } from './circuit.ts';
import { createFailureLog, type FailureLog } from './failure-log.ts';
import { createMovingAverage, type MovingAverage } from './moving-average.ts';
import { createOutcomeTally, type OutcomeTally } from './outcome-tally.ts';
import { createUpstreamGate, type UpstreamGate } from './upstream-gate.ts';

/** How budgets stand. What holds for several targets is told once: `told` keeps it. */
export type TellBudgets = (now: number, told: Told) => readonly BudgetSnapshot[];

type Told = Map<unknown, readonly BudgetSnapshot[]>;

/** What is known of one target, shared by every place of every config that names it. */
export interface TargetState {
  readonly id: string;
  /** Provider, or `@slug` of the virtual key until its first call. */
  provider: string;
  /** Where it stands in configs, in the order compiled; the latest places only. */
  readonly paths: Set<string>;
  /** Requests in flight, streams until they end. Raised and lowered by the observer. */
  inFlight: number;
  /** Calls that hold a place of `max_concurrency`: from their admission until their reply ends. */
  held: number;
  readonly circuit: Circuit;
  /** To the first token of streams, and to the end of other replies: they are worlds apart. */
  readonly latency: { readonly streamed: MovingAverage; readonly whole: MovingAverage };
  /** What its provider says of its limits; the quota group's where it belongs to one. */
  gate: UpstreamGate;
  readonly ownGate: UpstreamGate;
  /** The quota group it belongs to where it was compiled last. */
  quotaGroup: string | undefined;
  /** Its limits by where they were compiled; the latest places only. */
  readonly limitsAt: Map<string, readonly Limit[]>;
  /** Failures that have a limit of their own, by what they are called, the others under `any`. */
  failures(of: string, window: FailureWindow): FailureLog;
  /** Outcomes of a window. */
  tally(windowMs: number): OutcomeTally;
  /** Counted failures within the longest window asked for. */
  countFailures(now: number): number;
  /** How the budgets of each place stand. */
  readonly budgets: Map<string, TellBudgets>;
  /** The counts start again, as after opening. */
  clearCounts(): void;
}

/** How far back failures are counted, and how many are enough to know. */
export interface FailureWindow {
  readonly windowMs: number;
  readonly entries: number;
}

const mostPaths = 16;
const mostTallies = 8;

/** A target never called. */
export function createTargetState(id: string, provider: string): TargetState {
  const logs = new Map<string, FailureLog>();
  const tallies = new Map<number, OutcomeTally>();
  let longestMs = 0;
  const ownGate = createUpstreamGate();
  return {
    id,
    provider,
    paths: new Set(),
    inFlight: 0,
    held: 0,
    circuit: createCircuit(),
    latency: { streamed: createMovingAverage(), whole: createMovingAverage() },
    gate: ownGate,
    ownGate,
    quotaGroup: undefined,
    limitsAt: new Map(),
    failures(of, { windowMs, entries }) {
      const log = logs.get(of) ?? createFailureLog();
      logs.set(of, log);
      log.reserve(entries);
      longestMs = Math.max(longestMs, windowMs);
      return log;
    },
    tally(windowMs) {
      const known = tallies.get(windowMs);
      if (known !== undefined) return known;
      const made = createOutcomeTally(windowMs);
      if (tallies.size >= mostTallies) tallies.delete(tallies.keys().next().value ?? 0);
      tallies.set(windowMs, made);
      return made;
    },
    countFailures: (now) => [...logs.values()].reduce((count, log) => count + log.countSince(now - longestMs), 0),
    budgets: new Map(),
    clearCounts() {
      for (const log of logs.values()) log.clear();
      for (const tally of tallies.values()) tally.clear();
    },
  };
}

/** Notes that a target stands at `path` too. */
export function addPath({ paths }: TargetState, path: string): void {
  if (paths.size >= mostPaths && !paths.has(path)) paths.delete(paths.keys().next().value ?? '');
  paths.add(path);
}

/** Notes what budgets a target has at `path`, one of its places. */
export function noteBudgets({ budgets, paths }: TargetState, path: string, snapshots: TellBudgets): void {
  for (const known of budgets.keys()) if (!paths.has(known)) budgets.delete(known);
  budgets.set(path, snapshots);
}

/** Notes what limits a target at `path`. */
export function noteLimits({ limitsAt }: TargetState, path: string, limits: readonly Limit[]): void {
  limitsAt.delete(path);
  if (limits.length === 0) return;
  if (limitsAt.size >= mostPaths) limitsAt.delete(limitsAt.keys().next().value ?? '');
  limitsAt.set(path, limits);
}

/** How a target is doing, as plain data. */
export interface TargetSnapshot {
  /** `id` of the config, else a hash of provider, credential, address and the model where the config sets one. */
  readonly id: string;
  /** Provider, or `@slug` of a virtual key not yet used. */
  readonly provider: string;
  /** `config.targets[0]`, at most 16. */
  readonly paths: readonly string[];
  /** Requests in flight, streams until they end. */
  readonly inFlight: number;
  /** `cooling`: not called until `openUntil`. `probing`: its next call, or one under way, decides. `recovering`: called with part of its weight. `disabled`: taken out of use by hand, until it is enabled. */
  readonly health: 'ready' | 'cooling' | 'probing' | 'recovering' | 'disabled';
  /** Milliseconds since the epoch. */
  readonly openUntil?: number;
  /** Failures that count, within the window of its cooldown. */
  readonly fails: number;
  /** Moving average until the first token of streams, in milliseconds. */
  readonly firstTokenMs?: number;
  /** Moving average until the end of other replies, in milliseconds. */
  readonly replyMs?: number;
  /** The budgets that its calls must fit: the target's own, of the nodes above it, of the client; absent where it has none. */
  readonly budgets?: readonly BudgetSnapshot[];
  /** What limits it, with those of the nodes above; absent without limits. */
  readonly limits?: readonly LimitSnapshot[];
  readonly quotaGroup?: string;
  /** Milliseconds since the epoch until which its provider asked to wait; absent when it did not. */
  readonly askedToWaitUntil?: number;
  /** Requests that wait for it, or for others as well; absent when there are none. */
  readonly waiting?: number;
}

/** A copy of what is known. */
export function snapshotOf(state: TargetState, now: number, waiting: number, told: Told): TargetSnapshot {
  const openUntil = state.circuit.openUntil();
  const firstToken = state.latency.streamed.estimate();
  const reply = state.latency.whole.estimate();
  const budgets = budgetsOf(state, now, told);
  const limits = limitsOf(state, now);
  const waitUntil = state.gate.closedUntil(now);
  return {
    id: state.id,
    provider: state.provider,
    paths: [...state.paths],
    inFlight: state.inFlight,
    health: healthOf(state.circuit, now),
    ...(openUntil === undefined ? {} : { openUntil }),
    fails: state.countFailures(now),
    ...(firstToken === undefined ? {} : { firstTokenMs: firstToken.ms }),
    ...(reply === undefined ? {} : { replyMs: reply.ms }),
    ...(budgets.length === 0 ? {} : { budgets }),
    ...(limits.length === 0 ? {} : { limits }),
    ...(state.quotaGroup === undefined ? {} : { quotaGroup: state.quotaGroup }),
    ...(waitUntil === undefined ? {} : { askedToWaitUntil: waitUntil }),
    ...(waiting === 0 ? {} : { waiting }),
  };
}

/** A budget over several places is told of once. */
function budgetsOf({ budgets }: TargetState, now: number, told: Told): readonly BudgetSnapshot[] {
  const all = [...budgets.values()].flatMap((tell) => tell(now, told));
  const seen = new Map(all.map((budget) => [JSON.stringify([budget.path, budget.of, budget.period]), budget]));
  return [...seen.values()];
}

/** The same limit at several places is told once. */
function limitsOf({ limitsAt }: TargetState, now: number): readonly LimitSnapshot[] {
  const told = new Map<string, LimitSnapshot>();
  for (const limit of [...limitsAt.values()].flat()) {
    const snapshot = limit.snapshot?.(now);
    if (snapshot !== undefined)
      told.set(`${snapshot.of} ${snapshot.perMs} ${snapshot.limit} ${snapshot.guards}`, snapshot);
  }
  return [...told.values()];
}

function healthOf(circuit: Circuit, now: number): TargetSnapshot['health'] {
  if (circuit.isDisabled()) return 'disabled';
  const openUntil = circuit.openUntil();
  if (openUntil === undefined) return circuit.share(now) < 1 ? 'recovering' : 'ready';
  return circuit.readyAt() > now && Number.isFinite(circuit.readyAt()) ? 'cooling' : 'probing';
}
