import { InvalidRequestError } from '../../../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';

/** A node of a config whose shares are set by weights. */
export interface WeightedNode {
  /** `$.targets[1]` */
  readonly path: string;
  readonly name: string;
  readonly targets: readonly { readonly name: string; readonly percent: number }[];
}

/** The loadbalance nodes that stand in a config itself, not in one it refers to. */
export function weightedNodes(node: unknown, path = '$'): readonly WeightedNode[] {
  if (!isJsonObject(node)) return [];
  const { targets, strategy, name } = node;
  const list: readonly unknown[] = Array.isArray(targets) ? targets : [];
  const groups = node.model_groups ?? node.modelGroups;
  const below = [
    ...list.flatMap((target, index) => weightedNodes(target, `${path}.targets[${index}]`)),
    ...Object.entries(isJsonObject(groups) ? groups : {}).flatMap(([group, child]) =>
      weightedNodes(
        child,
        `${path}.${node.model_groups === undefined ? 'modelGroups' : 'model_groups'}[${JSON.stringify(group)}]`,
      ),
    ),
  ];
  if (list.length < 2 || !isByWeight(strategy)) return below;
  const percents = toPercents(list.map(weightIn));
  const shown = list.map((target, index) => ({ name: nameOf(target, index), percent: percents[index] ?? 0 }));
  return [{ path, name: typeof name === 'string' ? name : path, targets: shown }, ...below];
}

/** The same config with other weights at a node. Throws `InvalidRequestError` where there is no such node, or not so many targets. */
export function withWeights(content: JsonObject, path: string, weights: readonly number[]): JsonObject {
  const node = weightedNodes(content).find((one) => one.path === path);
  const areWeights = weights.every((weight) => Number.isFinite(weight) && weight >= 0);
  if (node === undefined || node.targets.length !== weights.length || !areWeights)
    throw new InvalidRequestError('weights', 'The config has no such node any more. Look at it again.');
  const copy = structuredClone(content);
  const found = at(copy, path);
  const targets = isJsonObject(found) && Array.isArray(found.targets) ? (found.targets as JsonObject[]) : [];
  for (const [index, target] of targets.entries()) Object.assign(target, { weight: weights[index] });
  return copy;
}

/** Turns and other measures than weights make shares of their own. */
function isByWeight(strategy: unknown): boolean {
  if (!isJsonObject(strategy) || strategy.mode !== 'loadbalance') return false;
  const by = strategy.weight_by ?? strategy.weightBy ?? 'weight';
  return strategy.algorithm !== 'round_robin' && by === 'weight';
}

function weightIn(target: unknown): number {
  const weight = isJsonObject(target) ? (target.weight ?? 1) : 1;
  return typeof weight === 'number' && weight >= 0 ? weight : 1;
}

/** Whole percents that are 100 together: what rounding leaves goes to those that lost most by it. */
export function toPercents(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (weight / sum) * 100);
  const percents = exact.map(Math.floor);
  const byLoss = exact.map((value, index) => ({ index, loss: value - Math.floor(value) }));
  byLoss.sort((a, b) => b.loss - a.loss);
  const left = 100 - percents.reduce((total, percent) => total + percent, 0);
  for (const { index } of byLoss.slice(0, left)) percents[index] = (percents[index] ?? 0) + 1;
  return percents;
}

function nameOf(target: unknown, index: number): string {
  if (!isJsonObject(target)) return `Target ${index}`;
  const { name, ref, provider, override_params: params, strategy } = target;
  const key = target.virtual_key ?? target.virtualKey;
  const model = isJsonObject(params) ? params.model : undefined;
  const who = typeof key === 'string' ? `@${key}` : (provider ?? (isJsonObject(strategy) ? strategy.mode : undefined));
  const texts = [name ?? ref ?? who, name === undefined ? model : undefined].filter((text) => typeof text === 'string');
  return texts.length === 0 ? `Target ${index}` : texts.join(' · ');
}

function at(content: JsonObject, path: string): unknown {
  const steps = [...path.matchAll(/\.([A-Za-z_]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)];
  return steps.reduce<unknown>((node, [, member, index, group]) => {
    const key = member ?? index ?? String(JSON.parse(group ?? '""'));
    return (node as Readonly<Record<string, unknown>>)[key];
  }, content);
}
