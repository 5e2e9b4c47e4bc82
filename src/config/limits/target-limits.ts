import type { Limit, LimitSet } from '../../core/limit.ts';
import { maxConcurrency, rateLimit, sharedLimit, upstreamLimit } from '../../routing/middleware/index.ts';
import { noteLimits, type TargetState } from '../../routing/state/target-state.ts';
import type { UpstreamGate } from '../../routing/state/upstream-gate.ts';
import type { WindowMeter } from '../../routing/state/window-meter.ts';
import type { Config } from '../config.ts';
import { labelLimits } from '../labels.ts';
import type { TargetMoney } from '../money/target-money.ts';
import type { Place } from '../place.ts';
import { groupLimits } from './group-limits.ts';
import { type LimitSpec, limitSpecs } from './limit-specs.ts';
import { nodeIdentity } from './node-identity.ts';
import { isOn } from './queue-policy.ts';

/** All that limits the calls of one target. */
export interface TargetLimits extends LimitSet {
  /** Those that hold for this target and not for all of a node above: what sets it apart from its siblings. */
  readonly own: readonly Limit[];
  /** What the provider says; undefined where nobody looks. */
  readonly gate: UpstreamGate | undefined;
  /** Tokens of the last minute; undefined where no picker compares them. */
  readonly usage: WindowMeter | undefined;
  /** A call that finds no room waits for it. */
  readonly isQueued: boolean;
}

/** What is known of a target whose limits are made. */
export interface LimitedBy {
  readonly state: TargetState;
  readonly money: TargetMoney;
  /** Rate limits of the virtual keys that its calls go with. */
  readonly keyRates: readonly Limit[];
}

/**
 * Every limit that a call of a target must fit, reserved together: first those of the nodes above it, then its group's and its own, last what
 * its provider says. A limit that refuses is among `binding`, one that pickers heed and nothing else among `steering`.
 */
export function targetLimits(node: Config, place: Place, { state, money, keyRates }: LimitedBy): TargetLimits {
  const { inherited, compared, options } = place;
  const above = place.above.flatMap((each) => nodeRates(each.node, each.path));
  const ownRates = ratesOf(node, place, state);
  const rates = [...above, ...ownRates];
  const said = providerLimit(node, place, state);
  const usage = compared === 'usage' ? options.states.meter(`target ${state.id} usage`, usageWindowMs) : undefined;
  const limits = new Map(rates.map((rate) => [rate, limitOf(rate, place)]));
  const limitsOf = (some: readonly OwnedRate[]) => some.flatMap((rate) => limits.get(rate) ?? []);
  const places = placesOf(node, place, state);
  const local = {
    binding: [
      // What no time changes comes first: it is the better reason.
      ...labelLimits(node, place),
      ...money.shared,
      ...money.own,
      ...keyRates,
      ...limitsOf(rates.filter(isBinding)),
      ...places,
      ...(said?.binds === true ? [said.limit] : []),
    ],
    steering: [
      ...limitsOf(rates.filter((rate) => !isBinding(rate))),
      ...(usage === undefined ? [] : [metered(usage)]),
      ...(said?.binds === false ? [said.limit] : []),
    ],
  };
  const heeding = heedingShortages(options.shared);
  const set = { binding: local.binding.map(heeding), steering: local.steering.map(heeding) };
  const own = [...money.own, ...keyRates, ...limitsOf(ownRates), ...places].map(heeding);
  state.quotaGroup = inherited.quotaGroup;
  noteLimits(state, place.path, [...set.binding, ...set.steering]);
  const isQueued = isOn(inherited.queue) || rates.some(({ spec }) => spec.mode === 'queue');
  return { ...set, own, gate: said?.gate, usage, isQueued };
}

/** Each limit as it stands for all processes: the same for the same one. */
function heedingShortages(shared: Place['options']['shared']): (limit: Limit) => Limit {
  if (shared === undefined) return (limit) => limit;
  const heeding = new Map<Limit, Limit>();
  return (limit) => {
    const known = heeding.get(limit) ?? sharedLimit(limit, shared.shortages);
    heeding.set(limit, known);
    return known;
  };
}

/** The limits that a node with targets has of its own, as they stand for all that is below. */
export function nodeLimits(node: Config, { path, options: { states } }: Place): readonly Limit[] {
  return nodeRates(node, path).map((rate) => limitOf(rate, { options: { states } }));
}

/** A rate limit and whose it is. */
interface OwnedRate {
  readonly spec: LimitSpec;
  /** Names the owner in every process; without secrets. */
  readonly owner: string;
  /** The owner for people. */
  readonly guards: string;
}

function ratesOf(node: Config, { path, root, inherited }: Place, state: TargetState): readonly OwnedRate[] {
  const group = inherited.quotaGroup;
  return [
    ...(group === undefined ? [] : owned(groupLimits(root).get(group) ?? [], groupName(group), groupName(group))),
    ...owned(ownSpecs(node), `target ${state.id}`, path),
  ];
}

function nodeRates(node: Config, path: string): readonly OwnedRate[] {
  const specs = ownSpecs(node);
  return specs.length === 0 ? [] : owned(specs, `node ${nodeIdentity(node)}`, path);
}

/** Limits written beside a `quota_group` are the group's. */
function ownSpecs(node: Config): readonly LimitSpec[] {
  return node.quota_group === undefined ? limitSpecs(node) : [];
}

function owned(specs: readonly LimitSpec[], owner: string, guards: string): readonly OwnedRate[] {
  return specs.map((spec) => ({ spec, owner, guards }));
}

function groupName(group: string): string {
  return `quota group ${group}`;
}

function isBinding({ spec }: OwnedRate): boolean {
  return spec.mode !== 'steer';
}

function limitOf(
  { spec, owner, guards }: OwnedRate,
  { options: { states } }: { readonly options: Pick<Place['options'], 'states'> },
): Limit {
  const key = `${owner} ${spec.of} ${spec.perMs}`;
  return rateLimit({ ...spec, key, guards }, states.meter(key, spec.windowMs));
}

function placesOf({ max_concurrency }: Config, { path, inherited }: Place, state: TargetState): readonly Limit[] {
  if (max_concurrency === undefined) return [];
  return [maxConcurrency(max_concurrency, { path, state, mode: isOn(inherited.queue) ? 'queue' : 'enforce' })];
}

/**
 * What the provider says of its own limits, where anybody looks. It refuses where the target has limits of its own, shares a quota, waits in a
 * queue, or is picked by its limits; elsewhere a provider that is asked too early may answer all the same.
 */
function providerLimit(node: Config, { path, inherited, compared, options }: Place, state: TargetState) {
  const { quotaGroup: group, queue } = inherited;
  const hasOwn = limitSpecs(node).some(({ mode }) => mode !== 'steer');
  const binds = group !== undefined || hasOwn || isOn(queue) || compared === 'rate_limit_aware';
  if (!binds && compared === undefined) return undefined;
  const gate = group === undefined ? state.ownGate : options.states.groupGate(group);
  state.gate = gate;
  return { gate, binds, limit: upstreamLimit(gate, group === undefined ? path : groupName(group)) };
}

const usageWindowMs = 60_000;

/** Counts tokens for a picker that compares them, and limits nothing. */
function metered(meter: WindowMeter): Limit {
  const policy = {
    of: 'tokens',
    limit: Number.POSITIVE_INFINITY,
    perMs: usageWindowMs,
    windowMs: usageWindowMs,
  } as const;
  return rateLimit({ ...policy, mode: 'steer', guards: '', key: '' }, meter);
}
