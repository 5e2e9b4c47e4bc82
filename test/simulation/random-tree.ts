import type { Config, Retry } from '../../src/config/config.ts';
import type { Seeded } from './seeded.ts';

/** A random config over the targets `t0.test` … and what it must keep to. */
export interface RandomTree {
  readonly config: Config;
  /** Attempts no request may exceed. */
  readonly mostAttempts: number;
  /** Identities of the targets in it. */
  readonly targets: ReadonlySet<string>;
}

/** How large trees may grow. */
export interface TreeSize {
  readonly depth: number;
  readonly targets: number;
}

const algorithms = ['weighted', 'random', 'round_robin', 'least_busy', 'latency', 'sticky'] as const;

/** Draws a tree. Its root has a deadline, so that every request must end. */
export function randomTree(chance: Seeded, size: TreeSize): RandomTree {
  const targets = new Set<string>();
  const used = { targets };
  const root = node(chance, { ...size, isRoot: true }, used);
  const config: Config = { ...root, total_timeout: chance.int(2_000, 60_000) };
  return { config, mostAttempts: attemptsOf(config, 0), targets };
}

interface Draw extends TreeSize {
  readonly isRoot: boolean;
}

function node(chance: Seeded, draw: Draw, used: { targets: Set<string> }): Config {
  const settings = shared(chance);
  const isLeaf = draw.depth <= 0 || draw.targets <= 1 || (!draw.isRoot && chance.chance(0.35));
  return isLeaf ? { ...settings, ...leaf(chance, used) } : { ...settings, ...branch(chance, draw, used) };
}

/** Settings that any node may have. */
function shared(chance: Seeded): Config {
  return {
    ...(chance.chance(0.25) ? { retry: retry(chance) } : {}),
    ...(chance.chance(0.3) ? { cooldown: cooldown(chance) } : {}),
    ...(chance.chance(0.2) ? { request_timeout: chance.int(200, 5_000) } : {}),
    ...(chance.chance(0.2) ? { first_token_timeout: chance.int(200, 5_000) } : {}),
    ...(chance.chance(0.2) ? { idle_timeout: chance.int(100, 3_000) } : {}),
  };
}

function retry(chance: Seeded): Retry {
  return {
    attempts: chance.int(0, 3),
    ...(chance.chance(0.5) ? { use_retry_after_header: true } : {}),
    ...(chance.chance(0.3) ? { scope: 'node' as const } : {}),
    ...(chance.chance(0.2) ? { max_wait: chance.int(0, 3_000) } : {}),
  };
}

function cooldown(chance: Seeded): NonNullable<Config['cooldown']> {
  return {
    allowed_fails: chance.int(0, 4),
    time: chance.pick([0, 1, 5, 30]),
    window: chance.pick([1, 10, 60]),
    when_all_open: chance.pick(['wait', 'fail'] as const),
    max_wait: chance.pick([0, 1, 10]),
    ...(chance.chance(0.3) ? { failure_ratio: 0.5, min_requests: chance.int(2, 20) } : {}),
    ...(chance.chance(0.5) ? { exempt_single: false } : {}),
  };
}

function leaf(chance: Seeded, used: { targets: Set<string> }): Config {
  const id = `t${chance.int(0, 299)}`;
  used.targets.add(id);
  return {
    id,
    provider: 'openai',
    api_key: `secret-of-${id}`,
    custom_host: `http://${id}/v1`,
    ...(limitOf(id) === undefined ? {} : { max_concurrency: limitOf(id) as number }),
  };
}

/** Requests in flight that a target takes: the same wherever it stands. */
export function limitOf(id: string): number | undefined {
  const number = Number(id.slice(1));
  return number % 7 === 0 ? 1 + (number % 4) : undefined;
}

function branch(chance: Seeded, { depth, targets }: TreeSize, used: { targets: Set<string> }): Config {
  const count = chance.int(1, Math.min(targets, chance.chance(0.05) ? 40 : 5));
  const below = { depth: depth - 1, targets: Math.max(1, Math.floor(targets / count)), isRoot: false };
  const children = Array.from({ length: count }, () => node(chance, below, used));
  const mode = chance.pick(['fallback', 'fallback', 'loadbalance', 'loadbalance', 'conditional', 'single'] as const);
  if (mode === 'single') return { strategy: { mode }, targets: children.slice(0, 1) };
  if (mode === 'conditional') return conditional(children);
  if (mode === 'fallback') {
    const codes = chance.chance(0.2) ? { on_status_codes: [429, 500, 503] } : {};
    return { strategy: { mode, ...codes }, targets: children };
  }
  const weighted = children.map((child, index) => ({
    ...child,
    weight: index === 0 ? 1 : chance.pick([0, 0.5, 1, 3]),
  }));
  const algorithm = chance.chance(0.7) ? { algorithm: chance.pick(algorithms) } : {};
  const failover = chance.chance(0.7) ? { failover: true } : { failover: false };
  return { strategy: { mode, ...algorithm, ...failover }, targets: weighted };
}

/** The first child for requests of tier 0, the second for tier 1, else the last. */
function conditional(children: readonly Config[]): Config {
  const targets = children.map((child, index) => ({ ...child, name: `c${index}` }));
  const conditions = targets.map((_, index) => ({
    query: { 'metadata.tier': { $eq: String(index) } },
    then: `c${index}`,
  }));
  return { strategy: { mode: 'conditional', conditions, default: `c${targets.length - 1}` }, targets };
}

/** Attempts a request can make at most. `inherited`: retries each target below has unless it names its own. */
function attemptsOf(config: Config, inherited: number): number {
  const { retry: own, strategy, targets = [] } = config;
  const retries = own === undefined || own.scope === 'node' ? inherited : own.attempts;
  const tries = own?.scope === 'node' ? own.attempts + 1 : 1;
  if (strategy === undefined) return tries * (1 + retries);
  const below = targets.map((target) => attemptsOf(target, retries));
  const all = strategy.mode === 'fallback' || (strategy.mode === 'loadbalance' && strategy.failover === true);
  return tries * (all ? below.reduce((sum, count) => sum + count, 0) : Math.max(...below));
}

/** A target's place in a tree. */
export interface Seat {
  readonly id: string;
  /** Its cooldown holds here. */
  readonly cools: boolean;
}

/** Every target by where it stands. */
export function seatsOf(
  config: Config,
  path = 'config',
  above: Above = { cooldown: undefined, isLone: true },
): ReadonlyMap<string, Seat> {
  const cooldown =
    config.cooldown === undefined ? above.cooldown : config.cooldown.time === 0 ? undefined : config.cooldown;
  const { id = '', strategy, targets = [] } = config;
  if (strategy === undefined) {
    const isExempt = above.isLone && cooldown?.exempt_single !== false;
    return new Map([[path, { id, cools: cooldown !== undefined && !isExempt }]]);
  }
  const isLone = targets.length === 1;
  return new Map(
    targets.flatMap((target, index) => [...seatsOf(target, `${path}.targets[${index}]`, { cooldown, isLone })]),
  );
}

interface Above {
  readonly cooldown: Config['cooldown'];
  readonly isLone: boolean;
}

/** A target that a failed request had to try, by where it stands. */
export interface Duty {
  readonly path: string;
  readonly id: string;
}

/**
 * Targets that must all have failed, or not have been ready, before a request for `tier` may fail. Those below a choice that does not go on
 * to siblings, and those behind a list of statuses, are nobody's duty.
 */
export function dutiesOf(config: Config, tier: string, path = 'config'): readonly Duty[] {
  const { strategy, targets = [], id = '' } = config;
  if (strategy === undefined) return [{ path, id }];
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
