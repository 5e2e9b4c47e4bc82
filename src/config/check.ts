import { didYouMean } from '../core/did-you-mean.ts';
import { isJsonObject } from '../core/json.ts';
import { toSettings } from '../core/settings.ts';
import { findProvider, providerNames } from '../providers/hosts/index.ts';
import { compileQuery } from '../routing/strategies/query.ts';
import { checkGroups } from './check-groups.ts';
import type { Config, Strategy } from './config.ts';
import type { Issues } from './issues.ts';
import { fieldsOf } from './own-credentials.ts';
import { checkCache } from './semantic/embedding.ts';

/**
 * Reports what a config cannot mean: no targets, weights without sum, unknown names, bad queries, unusable leaves. Of a node whose
 * shape is wrong (`broken` holds their paths) only the provider and the targets are looked at.
 */
export function checkMeaning(config: Config, issues: Issues, broken: ReadonlySet<string>): void {
  checkNode(config, { path: '$', isRoot: true, issues }, broken);
}

interface Spot {
  readonly path: string;
  readonly isRoot: boolean;
  readonly issues: Issues;
}

function checkNode(node: Config, spot: Spot, broken: ReadonlySet<string>): void {
  const { path, issues } = spot;
  if (typeof node.provider === 'string') checkProvider(node, node.provider, spot);
  if (!broken.has(path)) checkSoundNode(node, spot);
  for (const [name, group] of Object.entries(isJsonObject(node.model_groups) ? node.model_groups : {})) {
    const at = `${path}.model_groups[${JSON.stringify(name)}]`;
    if (isJsonObject(group)) checkNode(group, { path: at, isRoot: false, issues }, broken);
  }
  const embedding = broken.has(path) ? undefined : node.cache?.embedding;
  if (embedding !== undefined) checkNode(embedding, { path: `${path}.cache.embedding`, isRoot: false, issues }, broken);
  if (!Array.isArray(node.targets)) return;
  node.targets.forEach((target, index) => {
    if (isJsonObject(target)) checkNode(target, { path: `${path}.targets[${index}]`, isRoot: false, issues }, broken);
  });
}

function checkSoundNode(node: Config, spot: Spot): void {
  const { path, issues } = spot;
  if (isJsonObject(node.cache)) checkCache(node.cache, `${path}.cache`, issues);
  checkCooldown(node, spot);
  checkGroups(node, spot);
  if (node.model_groups !== undefined) return;
  if (node.strategy === undefined && node.targets === undefined) {
    checkLeaf(node, spot);
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
  else if (node.strategy !== undefined) checkStrategy(node.strategy, node.targets, spot);
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
  const hint = node.api_key === undefined ? '' : ' An "api_key" alone does not say whose it is.';
  issues.add(
    path,
    `This target names nobody to ask: give "provider", "virtual_key", or "override_params": { "model": "@slug/model" }.${hint}`,
  );
}

const leafKeys = ['provider', 'api_key', 'virtual_key', 'max_concurrency'] as const;

function checkNotLeaf(node: Config, { path, issues }: Spot): void {
  for (const key of leafKeys) {
    if (node[key] !== undefined)
      issues.add(`${path}.${key}`, 'Has no effect on a node with "targets". It belongs on a target.');
  }
}

function checkStrategy(strategy: Strategy, targets: readonly Config[], { path, issues }: Spot): void {
  const { mode } = strategy;
  for (const [key, owner] of Object.entries(ownerOfKey)) {
    if (strategy[key as keyof Strategy] !== undefined && owner !== mode) {
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
  checkSticky(strategy, { path: `${path}.strategy`, issues, isRoot: false });
  if (mode === 'conditional') checkConditional(strategy, targets, { path: `${path}.strategy`, issues, isRoot: false });
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

const ownerOfKey: Readonly<Partial<Record<keyof Strategy, Strategy['mode']>>> = {
  on_status_codes: 'fallback',
  on_errors: 'fallback',
  conditions: 'conditional',
  default: 'conditional',
  algorithm: 'loadbalance',
  failover: 'loadbalance',
  sticky: 'loadbalance',
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
