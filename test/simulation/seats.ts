import type { Config } from '../../src/config/config.ts';
import type { RandomTree } from './random-tree.ts';
import type { AccountFact, MeterFact, TargetFacts } from './target-facts.ts';

/** A target's place in a tree, and all that holds there. */
export interface Seat {
  readonly path: string;
  readonly id: string;
  readonly provider: string;
  /** Its cooldown holds here. */
  readonly cools: boolean;
  /** For so long at first; it ends no earlier than so long after a later failure. Milliseconds. */
  readonly coolsForMs: number;
  /** When everything cools it may be called all the same. */
  readonly panics: boolean;
  readonly maxConcurrency: number | undefined;
  readonly group: string | undefined;
  /** What its provider says of its limits may keep calls away. */
  readonly isGated: boolean;
  /** Who asks it may be given what another was given, a failure too. */
  readonly isCached: boolean;
  readonly meters: readonly MeterFact[];
  readonly accounts: readonly AccountFact[];
  readonly requestTimeoutMs: number | undefined;
  readonly firstTokenTimeoutMs: number | undefined;
}

interface Above {
  readonly cooldown: Config['cooldown'];
  /** Some node above has a cooldown, switched off or not. */
  readonly namesCooldown: boolean;
  readonly isLone: boolean;
  readonly panics: boolean;
  readonly isGated: boolean;
  readonly isCached: boolean;
  readonly requestTimeoutMs: number | undefined;
  readonly firstTokenTimeoutMs: number | undefined;
  readonly meters: readonly MeterFact[];
  readonly accounts: readonly AccountFact[];
}

const nothingAbove: Above = {
  cooldown: undefined,
  namesCooldown: false,
  isLone: true,
  panics: false,
  isGated: false,
  isCached: false,
  requestTimeoutMs: undefined,
  firstTokenTimeoutMs: undefined,
  meters: [],
  accounts: [],
};

const defaultCooldownSeconds = 30;

/** Every target by where it stands. */
export function seatsOf(tree: RandomTree, factsOf: (id: string) => TargetFacts): ReadonlyMap<string, Seat> {
  const seats = new Map<string, Seat>();
  walk(tree.config, 'config', nothingAbove);
  return seats;

  function walk(node: Config, path: string, outer: Above): void {
    const above = inherit(node, outer);
    const { strategy, targets = [], id = '' } = node;
    if (strategy === undefined) {
      leaf(id, path, above);
      return;
    }
    const { meters = [], accounts = [] } = tree.nodes.get(id) ?? {};
    const inner = {
      ...above,
      isLone: targets.length === 1,
      isGated: above.isGated || ['rate_limit_aware', 'usage'].includes(String(strategy.algorithm)),
      meters: [...above.meters, ...meters],
      accounts: [...above.accounts, ...accounts],
    };
    for (const [index, target] of targets.entries()) walk(target, `${path}.targets[${index}]`, inner);
  }

  function leaf(id: string, path: string, above: Above): void {
    const facts = factsOf(id);
    if (facts.keys === undefined) {
      sit(id, path, facts, above);
      return;
    }
    const inner = {
      ...above,
      cooldown: above.namesCooldown ? above.cooldown : {},
      isLone: facts.keys.length === 1,
      isGated: true,
      meters: [...above.meters, ...facts.meters],
      accounts: [...above.accounts, ...facts.accounts],
    };
    for (const [index, key] of facts.keys.entries()) sit(key.fields.id ?? '', `${path}.targets[${index}]`, key, inner);
  }

  function sit(id: string, path: string, facts: TargetFacts, above: Above): void {
    const { cooldown, isLone, panics } = above;
    const isExempt = isLone && cooldown?.exempt_single !== false;
    seats.set(path, {
      path,
      id,
      provider: facts.provider,
      cools: cooldown !== undefined && cooldown.time !== 0 && !isExempt,
      coolsForMs: (cooldown?.time ?? defaultCooldownSeconds) * 1000,
      panics,
      maxConcurrency: facts.maxConcurrency,
      group: facts.group,
      isCached: above.isCached,
      isGated: above.isGated || facts.group !== undefined || facts.meters.length > 0,
      meters: [...above.meters, ...facts.meters],
      accounts: [...above.accounts, ...facts.accounts],
      requestTimeoutMs: above.requestTimeoutMs,
      firstTokenTimeoutMs: above.firstTokenTimeoutMs,
    });
  }
}

function inherit(node: Config, outer: Above): Above {
  return {
    ...outer,
    cooldown: node.cooldown ?? outer.cooldown,
    // Requests wait above, by what is written there.
    panics: outer.panics || node.cooldown?.when_all_open === 'panic',
    namesCooldown: outer.namesCooldown || node.cooldown !== undefined,
    isGated: outer.isGated || node.queue !== undefined,
    isCached: outer.isCached || node.cache !== undefined,
    requestTimeoutMs: node.request_timeout ?? outer.requestTimeoutMs,
    firstTokenTimeoutMs: node.first_token_timeout ?? outer.firstTokenTimeoutMs,
  };
}

/**
 * Paths of targets that must all have failed, or not have been ready, before a request for `tier` may fail. Those below a choice that does
 * not go on to siblings, and those behind a list of statuses, are nobody's duty.
 */
export function dutiesOf(config: Config, tier: string, path = 'config'): readonly string[] {
  const { strategy, targets = [], api_keys } = config;
  if (strategy === undefined)
    return api_keys === undefined ? [path] : api_keys.map((_, index) => `${path}.targets[${index}]`);
  const below = (index: number) => dutiesOf(targets[index] ?? {}, tier, `${path}.targets[${index}]`);
  if (strategy.mode === 'single') return below(0);
  if (strategy.mode === 'conditional') {
    const index = targets.findIndex((_, at) => String(at) === tier);
    return below(index === -1 ? targets.length - 1 : index);
  }
  if (strategy.on_status_codes !== undefined) return below(0);
  if (strategy.mode === 'loadbalance' && strategy.failover !== true) return [];
  return targets.flatMap((target, index) =>
    strategy.mode === 'loadbalance' && target.weight === 0 ? [] : below(index),
  );
}
