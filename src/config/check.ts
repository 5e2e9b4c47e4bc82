import { didYouMean } from '../core/did-you-mean.ts';
import { isJsonObject } from '../core/json.ts';
import { toSettings } from '../core/settings.ts';
import { findProvider, providerNames } from '../providers/hosts/index.ts';
import { compileQuery } from '../routing/strategies/query.ts';
import { checkGroups } from './check-groups.ts';
import type { Config, Strategy } from './config.ts';
import { checkHooks } from './guard/check-hooks.ts';
import { checkHealthCheck } from './health/health-check.ts';
import type { Issues } from './issues.ts';
import { checkLimits, checkQueues, checkWeightBy } from './limits/check-limits.ts';
import { checkMoney } from './money/check-money.ts';
import { fieldsOf } from './own-credentials.ts';
import { checkCache } from './semantic/embedding.ts';

/**
 * Reports what a config cannot mean: no targets, weights without sum, unknown names, bad queries, unusable leaves. Of a node whose
 * shape is wrong (`broken` holds their paths) only the provider and the targets are looked at.
 */
export function checkMeaning(
  config: Config,
  issues: Issues,
  broken: ReadonlySet<string>,
  { guardrails = {} }: ConfigNames = {},
): void {
  checkNode(config, { path: '$', isRoot: true, issues, guardrails }, broken);
}

/** What the client's options define and configs may name. */
export interface ConfigNames {
  /** Guardrails by ID. */
  readonly guardrails?: Readonly<Record<string, unknown>> | undefined;
}

interface Spot {
  readonly path: string;
  readonly isRoot: boolean;
  readonly issues: Issues;
  readonly guardrails: Readonly<Record<string, unknown>>;
}

function checkNode(node: Config, spot: Spot, broken: ReadonlySet<string>): void {
  const { path } = spot;
  if (typeof node.provider === 'string') checkProvider(node, node.provider, spot);
  if (!broken.has(path)) checkSoundNode(node, spot, broken);
  for (const [name, group] of Object.entries(isJsonObject(node.model_groups) ? node.model_groups : {})) {
    const at = `${path}.model_groups[${JSON.stringify(name)}]`;
    if (isJsonObject(group)) checkNode(group, { ...spot, path: at, isRoot: false }, broken);
  }
  const embedding = broken.has(path) ? undefined : node.cache?.embedding;
  if (embedding !== undefined)
    checkNode(embedding, { ...spot, path: `${path}.cache.embedding`, isRoot: false }, broken);
  if (!Array.isArray(node.targets)) return;
  node.targets.forEach((target, index) => {
    if (isJsonObject(target)) checkNode(target, { ...spot, path: `${path}.targets[${index}]`, isRoot: false }, broken);
  });
}

function checkSoundNode(node: Config, spot: Spot, broken: ReadonlySet<string>): void {
  const { path, issues } = spot;
  checkHooks(node, {
    isRoot: spot.isRoot,
    named: spot.guardrails,
    report: (below, message) => issues.add(`${path}${below}`, message),
  });
  if (isJsonObject(node.cache)) checkCache(node.cache, `${path}.cache`, issues);
  checkCooldown(node, spot);
  if (node.affinity !== undefined && node.strategy?.mode !== 'loadbalance')
    issues.add(
      `${path}.affinity`,
      'Has a meaning only on a node that spreads requests: one with "strategy": { "mode": "loadbalance" }.',
    );
  checkMoney(node, path, issues);
  checkLimits(node, path, issues);
  checkGroups(node, spot);
  if (node.model_groups !== undefined) return;
  if (node.strategy === undefined && node.targets === undefined) {
    checkLeaf(node, spot);
    checkHealthCheck(node, (below, message) => issues.add(`${path}.health_check${below}`, message));
    return;
  }
  if (node.strategy === undefined) {
    issues.add(
      `${path}.strategy`,
      'Missing. A node with "targets" needs "strategy": { "mode": "fallback" | "loadbalance" | "conditional" | "single" }.',
    );
  }
  checkNotLeaf(node, spot);
  if (node.targets === undefined || node.targets.length === 0)
    issues.add(`${path}.targets`, 'Needs at least one target.');
  // What targets of a wrong shape mean to each other nobody knows.
  else if (node.strategy !== undefined && !node.targets.some((_, index) => broken.has(`${path}.targets[${index}]`)))
    checkStrategy(node.strategy, node.targets, spot);
}

function checkProvider(node: Config, provider: string, { path, issues }: Spot): void {
  if (provider.startsWith('@')) return;
  const known = findProvider(provider);
  if (known?.retired !== undefined) issues.add(`${path}.provider`, known.retired);
  for (const { name, spellings } of toSettings(fieldsOf(node), known?.fieldPrefix).collisions) {
    const [first, second] = spellings;
    issues.add(`${path}.${second ?? name}`, `Given twice, as "${first}" and as "${second}". Keep one.`);
  }
  if (known !== undefined) return;
  const hint = didYouMean(provider, providerNames) || ` Valid: ${providerNames.join(', ')}.`;
  issues.add(`${path}.provider`, `Unknown provider "${provider}".${hint}`);
}

function checkCooldown({ cooldown, cb_config, strategy }: Config, { path, issues }: Spot): void {
  const places = [
    ...(cooldown === undefined ? [] : ['cooldown']),
    ...(cb_config === undefined ? [] : ['cb_config']),
    ...(strategy?.cb_config === undefined ? [] : ['strategy.cb_config']),
  ];
  const [first, second] = places;
  if (second !== undefined)
    issues.add(`${path}.${second}`, `Given together with "${first}", which says the same thing. Keep one.`);
  const { time, max_time } = cooldown ?? {};
  if (max_time !== undefined && time !== undefined && max_time < time)
    issues.add(`${path}.cooldown.max_time`, `Must be at least "time", ${time}, received ${max_time}.`);
}

/** A target must say whom to ask; only a root may leave that to the client's options. */
function checkLeaf(node: Config, { path, isRoot, issues }: Spot): void {
  if (node.provider !== undefined && node.virtual_key !== undefined && node.provider.startsWith('@')) {
    issues.add(
      `${path}.virtual_key`,
      `Given together with provider "${node.provider}", which names a virtual key too. Keep one.`,
    );
  }
  if (node.api_key !== undefined && (node.virtual_key !== undefined || node.provider?.startsWith('@') === true)) {
    issues.add(`${path}.api_key`, 'Given together with a virtual key, which brings its own. Keep one.');
  }
  const model = node.override_params?.model ?? node.default_params?.model;
  const namesKey = typeof model === 'string' && model.startsWith('@');
  if (isRoot || node.provider !== undefined || node.virtual_key !== undefined || namesKey) return;
  const hint =
    node.api_key === undefined
      ? ' What is undefined, as an unset environment variable is, counts as not given.'
      : ' An "api_key" alone does not say whose it is.';
  issues.add(
    path,
    `This target names nobody to ask: give "provider", "virtual_key", or "override_params": { "model": "@slug/model" }.${hint}`,
  );
}

/** Keys that only a target may have. */
export const leafKeys = [
  'provider',
  'api_key',
  'virtual_key',
  'max_concurrency',
  'health_check',
  'pricing',
  'max_input_tokens',
  'max_output_tokens',
] as const;

function checkNotLeaf(node: Config, { path, issues }: Spot): void {
  for (const key of leafKeys) {
    if (node[key] !== undefined)
      issues.add(`${path}.${key}`, 'Has no effect on a node with "targets". It belongs on a target.');
  }
}

function checkStrategy(strategy: Strategy, targets: readonly Config[], spot: Spot): void {
  const { path, issues } = spot;
  const { mode } = strategy;
  for (const [key, owner] of Object.entries(ownerOfKey)) {
    if (strategy[key as keyof Strategy] !== undefined && owner !== mode && !isEdgeOfFailover(key, strategy)) {
      issues.add(`${path}.strategy.${key}`, `Has no effect with mode "${mode}". It belongs to mode "${owner}".`);
    }
  }
  if (mode === 'single' && targets.length > 1) {
    issues.add(
      `${path}.targets`,
      `Mode "single" takes one target, here are ${targets.length}. Use "fallback" or "loadbalance".`,
    );
  }
  if (mode === 'loadbalance' && targets.every((target) => target.weight === 0)) {
    issues.add(`${path}.targets`, 'Every weight is 0, so no target could ever be picked.');
  }
  if (strategy.share_deadline === true && !goesOnAfterFailure(strategy))
    issues.add(
      `${path}.strategy.share_deadline`,
      'Has no effect where no other target is tried: it needs mode "fallback", or "loadbalance" with "failover".',
    );
  if (mode === 'loadbalance') {
    checkWeightBy(strategy, targets, path, issues);
    checkQueues(targets, path, issues);
  }
  const inside = { ...spot, path: `${path}.strategy`, isRoot: false };
  checkSticky(strategy, inside);
  if (mode === 'conditional') checkConditional(strategy, targets, inside);
}

function goesOnAfterFailure({ mode, algorithm, failover = algorithm !== undefined }: Strategy): boolean {
  return mode === 'fallback' || (mode === 'loadbalance' && failover);
}

function checkSticky({ algorithm, sticky }: Strategy, { path, issues }: Spot): void {
  if (sticky === undefined || algorithm === undefined) return;
  if (algorithm !== 'sticky' && sticky.enabled !== false)
    issues.add(
      `${path}.sticky`,
      'Has no effect beside another "algorithm". Leave "algorithm" out, or make it "sticky".',
    );
  if (algorithm === 'sticky' && sticky.enabled === false)
    issues.add(`${path}.sticky.enabled`, 'Contradicts "algorithm": "sticky". Keep one.');
}

/** A loadbalance that tries its siblings goes on by the same lists as a fallback. */
function isEdgeOfFailover(key: string, { mode, algorithm, failover = algorithm !== undefined }: Strategy): boolean {
  return mode === 'loadbalance' && failover && (key === 'on_status_codes' || key === 'on_errors');
}

const ownerOfKey: Readonly<Partial<Record<keyof Strategy, Strategy['mode']>>> = {
  on_status_codes: 'fallback',
  on_errors: 'fallback',
  conditions: 'conditional',
  default: 'conditional',
  algorithm: 'loadbalance',
  failover: 'loadbalance',
  sticky: 'loadbalance',
  weight_by: 'loadbalance',
};

function checkConditional(
  { conditions = [], ...strategy }: Strategy,
  targets: readonly Config[],
  { path, issues }: Spot,
): void {
  const names = targets.map((target) => target.name).filter((name) => name !== undefined);
  const requireName = (name: string, at: string) => {
    if (names.includes(name)) return;
    issues.add(
      at,
      `No target is named "${name}".${didYouMean(name, names) || ` Names: ${names.join(', ') || 'none'}.`}`,
    );
  };
  if (conditions.length === 0) issues.add(`${path}.conditions`, 'Mode "conditional" needs at least one condition.');
  conditions.forEach(({ query, then }, index) => {
    compileQuery(query, (below, message) => issues.add(`${path}.conditions[${index}].query${below}`, message));
    requireName(then, `${path}.conditions[${index}].then`);
  });
  if (strategy.default !== undefined) requireName(strategy.default, `${path}.default`);
  for (const name of new Set(names.filter((given, index) => names.indexOf(given) !== index))) {
    issues.add(
      `${path.replace(/\.strategy$/, '')}.targets`,
      `Two targets are named "${name}". A condition must lead to one.`,
    );
  }
}
