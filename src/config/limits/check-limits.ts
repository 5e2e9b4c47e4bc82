import { quantities } from '../../routing/state/quantity.ts';
import type { Config, Strategy } from '../config.ts';
import type { Issues } from '../issues.ts';
import type { LimitFields, RateLimit } from './limit-config.ts';
import { limitSpecs } from './limit-specs.ts';
import { weightOf } from './weights.ts';

/** Reports limits of a node that cannot be meant: none or several quantities in one, the same one twice, keys of nobody. */
export function checkLimits(node: Config, path: string, issues: Issues): void {
  checkRates(node, path, issues);
  if (node.api_keys !== undefined) checkApiKeys(node, node.api_keys, path, issues);
}

function checkRates(node: LimitFields, path: string, issues: Issues): void {
  const { rate_limit } = node;
  const listed: readonly RateLimit[] = rate_limit === undefined ? [] : [rate_limit].flat();
  listed.forEach((limit, index) => {
    const at = Array.isArray(rate_limit) ? `${path}.rate_limit[${index}]` : `${path}.rate_limit`;
    const given = quantities.filter((quantity) => limit[quantity] !== undefined);
    if (given.length === 0) issues.add(at, `Says how much of nothing. Give one of ${quoted(quantities)}.`);
    if (given.length > 1)
      issues.add(at, `Limits ${quoted(given)} at once. Make it a list with one of them in each element.`);
  });
  const seen = new Map<string, string>();
  for (const { of, perMs, key } of limitSpecs(node)) {
    const name = `${of} ${perMs}`;
    const before = seen.get(name);
    if (before !== undefined)
      issues.add(
        `${path}.${key}`,
        `Given together with "${before}", which limits the same quantity in the same time. Keep one.`,
      );
    seen.set(name, key);
  }
}

function checkApiKeys(node: Config, keys: NonNullable<Config['api_keys']>, path: string, issues: Issues): void {
  const at = `${path}.api_keys`;
  if (node.targets !== undefined || node.strategy !== undefined) {
    issues.add(at, 'Has no effect on a node with "targets". It belongs on a target.');
    return;
  }
  if (node.provider === undefined || node.provider.startsWith('@'))
    issues.add(at, 'Needs "provider" beside it, which says whose keys they are.');
  for (const key of ['api_key', 'virtual_key'] as const)
    if (node[key] !== undefined) issues.add(`${path}.${key}`, 'Given together with "api_keys". Keep one.');
  if (node.max_concurrency !== undefined)
    issues.add(
      `${path}.max_concurrency`,
      'Beside "api_keys" it belongs into each of them: { "key": …, "max_concurrency": … }.',
    );
  const seen = new Set<string>();
  keys.forEach((entry, index) => {
    const key = typeof entry === 'string' ? entry : entry.key;
    if (seen.has(key)) issues.add(`${at}[${index}]`, 'The same key stands in the list before.');
    seen.add(key);
    if (typeof entry !== 'string') checkRates(entry, `${at}[${index}]`, issues);
  });
}

/** Reports a `weight_by` that no target has a limit for. `path` is that of the node. */
export function checkWeightBy(strategy: Strategy, targets: readonly Config[], path: string, issues: Issues): void {
  const { weight_by: by } = strategy;
  if (by === undefined || by === 'weight' || targets.some((target) => weightOf(target, strategy) > 0)) return;
  issues.add(
    `${path}.strategy.weight_by`,
    `No target has ${by === 'rpm' ? '"rpm", or a "rate_limit" of requests' : '"tpm", or a "rate_limit" of tokens'}, so none could ever be picked.`,
  );
}

/** Reports a queue on one of several targets of a loadbalance: while a request waits there, a sibling could answer. */
export function checkQueues(targets: readonly Config[], path: string, issues: Issues): void {
  if (targets.length === 1) return;
  targets.forEach(({ queue }, index) => {
    if (queue !== undefined && queue.max_wait !== 0)
      issues.add(
        `${path}.targets[${index}].queue`,
        `While a request waits for this target its siblings could answer it. Write "queue" on the node, ${path}.`,
      );
  });
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}
