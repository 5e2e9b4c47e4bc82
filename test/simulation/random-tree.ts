import type { CacheConfig, Config, Retry } from '../../src/config/config.ts';
import type { Seeded } from './seeded.ts';
import {
  type AccountFact,
  budgetOf,
  type Flavour,
  type MeterFact,
  metersOf,
  type TargetFacts,
  toBudget,
} from './target-facts.ts';

/** A random config over the targets `t0.test` … and what it must keep to. */
export interface RandomTree {
  readonly config: Config;
  /** Attempts no request may exceed. */
  readonly mostAttempts: number;
  /** What nodes with an `id` limit. */
  readonly nodes: ReadonlyMap<string, NodeFacts>;
  /** Only one target, and a queue before it. */
  readonly isLine: boolean;
}

/** What a node limits for all that is below. */
export interface NodeFacts {
  readonly meters: readonly MeterFact[];
  readonly accounts: readonly AccountFact[];
}

/** How trees are drawn. */
export interface TreeSize {
  readonly depth: number;
  readonly targets: number;
}

/** The world a tree is drawn for. */
export interface TreeScope {
  readonly flavour: Flavour;
  readonly factsOf: (id: string) => TargetFacts;
  /** Targets are `t<first>` and the `count - 1` next ones. */
  readonly pool: { readonly first: number; readonly count: number };
  /** A number that no other tree of the world has. */
  readonly serial: number;
}

const plainAlgorithms = ['weighted', 'random', 'round_robin', 'least_busy', 'latency', 'sticky'] as const;
const limitAlgorithms = ['rate_limit_aware', 'usage'] as const;

/** Draws a tree. Its root has a deadline, so that every request must end. */
export function randomTree(chance: Seeded, size: TreeSize, scope: TreeScope): RandomTree {
  const nodes = new Map<string, NodeFacts>();
  const draw: Draw = { ...size, isRoot: true, mayQueue: true, scope, nodes };
  const lone = scope.flavour.limits && chance.chance(0.2) ? leaf(chance, draw) : undefined;
  const isLine = lone !== undefined && lone.api_keys === undefined;
  const root = isLine ? line(chance, lone) : node(chance, draw);
  const config: Config = { ...root, total_timeout: chance.int(2_000, 60_000) };
  return { config, mostAttempts: attemptsOf(config, 0), nodes, isLine };
}

interface Draw extends TreeSize {
  readonly isRoot: boolean;
  /** Requests may wait here: no sibling could answer in the meantime. */
  readonly mayQueue: boolean;
  readonly scope: TreeScope;
  readonly nodes: Map<string, NodeFacts>;
}

/** One target with several places or a rate, and requests that wait for it in line. */
function line(chance: Seeded, target: Config): Config {
  const cools = chance.chance(0.3) ? { cooldown: { ...cooldown(chance), exempt_single: false } } : {};
  const lined = { ...queue(chance), max_wait: chance.pick([0.5, 2, 10, 30]) };
  return { ...target, ...cools, queue: lined, ...(chance.chance(0.2) ? { retry: retry(chance) } : {}) };
}

function node(chance: Seeded, draw: Draw): Config {
  const settings = { ...shared(chance, draw), ...(draw.isRoot || chance.chance(0.1) ? cached(chance, draw) : {}) };
  const isLeaf = draw.depth <= 0 || draw.targets <= 1 || (!draw.isRoot && chance.chance(0.35));
  return isLeaf ? { ...settings, ...leaf(chance, draw) } : { ...settings, ...branch(chance, draw) };
}

/** Settings that any node may have. */
function shared(chance: Seeded, { mayQueue, scope: { flavour } }: Draw): Config {
  return {
    ...(chance.chance(0.25) ? { retry: retry(chance) } : {}),
    ...(chance.chance(0.3) ? { cooldown: cooldown(chance) } : {}),
    ...(chance.chance(0.2) ? { request_timeout: chance.int(200, 5_000) } : {}),
    ...(chance.chance(0.2) ? { first_token_timeout: chance.int(200, 5_000) } : {}),
    ...(chance.chance(0.2) ? { idle_timeout: chance.int(100, 3_000) } : {}),
    ...(flavour.limits && mayQueue && chance.chance(0.25) ? { queue: queue(chance) } : {}),
  };
}

function queue(chance: Seeded): NonNullable<Config['queue']> {
  return {
    max_wait: chance.pick([0, 0.5, 2, 10, 30]),
    ...(chance.chance(0.4) ? { max_size: chance.pick([1, 3, 20]) } : {}),
    ...(chance.chance(0.5) ? { aging: chance.pick([0, 0.2, 3]) } : {}),
    ...(chance.chance(0.2) ? { default_priority: chance.int(-2, 5) } : {}),
  };
}

function cached(chance: Seeded, { scope: { flavour } }: Draw): { cache?: CacheConfig } {
  if (!flavour.caches || !chance.chance(0.6)) return {};
  return { cache: { mode: 'simple', max_age: chance.pick([1, 20, 600]) } };
}

function retry(chance: Seeded): Retry {
  return {
    attempts: chance.int(0, 3),
    ...(chance.chance(0.5) ? { use_retry_after_header: true } : {}),
    ...(chance.chance(0.3) ? { scope: 'node' as const } : {}),
    ...(chance.chance(0.2) ? { max_wait: chance.int(0, 3_000) } : {}),
    ...(chance.chance(0.1) ? { budget: { ratio: chance.next(), min_per_second: chance.int(0, 3) } } : {}),
  };
}

function cooldown(chance: Seeded): NonNullable<Config['cooldown']> {
  return {
    allowed_fails: chance.int(0, 4),
    time: chance.pick([0, 1, 5, 30]),
    window: chance.pick([1, 10, 60]),
    when_all_open: chance.pick(['wait', 'fail', 'panic'] as const),
    max_wait: chance.pick([0, 1, 10]),
    ...(chance.chance(0.3) ? { failure_ratio: 0.5, min_requests: chance.int(2, 20) } : {}),
    ...(chance.chance(0.5) ? { exempt_single: false } : {}),
  };
}

function leaf(chance: Seeded, { scope: { factsOf, pool } }: Draw): Config {
  return factsOf(`t${(pool.first + chance.int(0, pool.count - 1)) % 300}`).fields;
}

function branch(chance: Seeded, draw: Draw): Config {
  const { depth, targets, scope } = draw;
  const count = chance.int(1, Math.min(targets, chance.chance(0.05) ? 40 : 5));
  const mode = chance.pick(['fallback', 'fallback', 'loadbalance', 'loadbalance', 'conditional', 'single'] as const);
  const below: Draw = {
    ...draw,
    depth: depth - 1,
    targets: Math.max(1, Math.floor(targets / count)),
    isRoot: false,
    mayQueue: mode !== 'loadbalance',
  };
  const children = Array.from({ length: mode === 'single' ? 1 : count }, () => node(chance, below));
  const limits = limitsOfNode(chance, draw);
  if (mode === 'single') return { ...limits, strategy: { mode }, targets: children };
  if (mode === 'conditional') return { ...limits, ...conditional(children) };
  if (mode === 'fallback') {
    const onStatusCodes = chance.chance(0.2) ? { on_status_codes: [429, 500, 502, 503, 504, 529] } : {};
    return { ...limits, strategy: { mode, ...onStatusCodes }, targets: children };
  }
  const weighted = children.map((child, index) => ({
    ...child,
    weight: index === 0 ? 1 : chance.pick([0, 0.5, 1, 3]),
  }));
  const algorithms = scope.flavour.limits && chance.chance(0.3) ? limitAlgorithms : plainAlgorithms;
  const algorithm = chance.chance(0.7) ? { algorithm: chance.pick<string>(algorithms) as 'weighted' } : {};
  const byCost = scope.flavour.money && chance.chance(0.1) ? { algorithm: 'cost' as const } : {};
  const failover = chance.chance(0.7) ? { failover: true } : { failover: false };
  const affinity = chance.chance(0.15) ? { affinity: { by: 'user' as const, ttl: chance.pick([1, 60]) } } : {};
  return { ...limits, ...affinity, strategy: { mode, ...algorithm, ...byCost, ...failover }, targets: weighted };
}

/** Limits and budgets of a node, over all that is below; its name is its own. */
function limitsOfNode(chance: Seeded, { scope, nodes }: Draw): Config {
  const rates =
    scope.flavour.limits && chance.chance(0.15)
      ? [{ requests: chance.int(2, 12), per: chance.pick(['500ms', '1s', '5s'] as const) }]
      : [];
  const id = `n${scope.serial}-${nodes.size}`;
  const accounts = scope.flavour.money && chance.chance(0.15) ? [budgetOf(`node ${id}`, chance.int(0, 99))] : [];
  if (rates.length + accounts.length === 0) return {};
  nodes.set(id, { meters: metersOf(`node ${id}`, rates), accounts });
  const onExhausted = accounts.length > 0 && chance.chance(0.3) ? { on_exhausted: 'reject' as const } : {};
  return {
    id,
    ...(rates.length === 0 ? {} : { rate_limit: rates }),
    ...(accounts.length === 0 ? {} : { budget: accounts.map(toBudget), ...onExhausted }),
  };
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
  const { retry: own, strategy, targets = [], api_keys } = config;
  const retries = own === undefined || own.scope === 'node' ? inherited : own.attempts;
  const tries = own?.scope === 'node' ? own.attempts + 1 : 1;
  if (strategy === undefined) return tries * (1 + retries) * (api_keys?.length ?? 1);
  const below = targets.map((target) => attemptsOf(target, retries));
  const all = strategy.mode === 'fallback' || (strategy.mode === 'loadbalance' && strategy.failover === true);
  return tries * (all ? below.reduce((sum, count) => sum + count, 0) : Math.max(...below));
}

/** The same tree with other weights, timeouts and pickers: what a config looks like after an edit. Targets stay where they are. */
export function edited(tree: RandomTree, chance: Seeded): RandomTree {
  return { ...tree, config: { ...editedNode(tree.config, chance), total_timeout: tree.config.total_timeout ?? 0 } };
}

function editedNode(node: Config, chance: Seeded): Config {
  const { strategy, targets } = node;
  const own = {
    ...node,
    ...(node.weight === undefined || node.weight === 0 ? {} : { weight: chance.pick([0.5, 1, 2]) }),
    ...(node.request_timeout === undefined ? {} : { request_timeout: chance.int(200, 5_000) }),
  };
  if (strategy === undefined || targets === undefined) return own;
  const algorithm =
    strategy.mode === 'loadbalance' && strategy.failover !== undefined
      ? { algorithm: chance.pick<string>(plainAlgorithms) as 'weighted' }
      : {};
  return {
    ...own,
    strategy: { ...strategy, ...algorithm },
    targets: targets.map((target) => editedNode(target, chance)),
  };
}
