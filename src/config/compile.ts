import { compose, type Handler } from '../core/handler.ts';
import { lazyMiddleware } from '../core/lazy-middleware.ts';
import { lazyPart } from '../core/lazy-part.ts';
import type { AffineNode } from './affinity/affine-node.ts';
import { compileGroups } from './compile-groups.ts';
import { compileStrategy, type HealthyChild, strategyHealth } from './compile-strategy.ts';
import { compileLeaf } from './compile-target.ts';
import type { Config, Strategy } from './config.ts';
import { configLabels } from './config-labels.ts';
import { limitedNodeHealth } from './health/child-health.ts';
import { type Inherited, inherit, nothingInherited } from './inherit.ts';
import { refuseUnknownRegion } from './labels.ts';
import { nodeLimits } from './limits/target-limits.ts';
import { weightOf } from './limits/weights.ts';
import { groupResolver } from './model-names.ts';
import { nodeCost } from './money/expected-cost.ts';
import { nodeStack } from './node-stack.ts';
import type { Compared, Compiled, CompileOptions, Node, Place } from './place.ts';
import { rootStack } from './root-stack.ts';
import { defaultEmbeddingTimeoutMs } from './semantic/semantic-policy.ts';

const litellmPart = lazyPart('litellm-fields', () => import('./litellm-fields/litellm-fields.ts'));

/** A checked config to one composed handler. Nothing of it is interpreted per request. */
export function compileConfig(config: Config, options: CompileOptions): Handler {
  const labels = configLabels(config);
  const root = {
    root: config,
    inherited: options.inherited,
    above: [],
    labels,
    isPriced: false,
    options,
    compared: undefined,
    hasQueue: false,
    isLone: true,
    isLastResort: true,
    compileAside: (node: Config, path: string): Handler => {
      const inherited = { ...nothingInherited, requestTimeoutMs: defaultEmbeddingTimeoutMs };
      return compileNode(node, { ...root, root: node, labels: configLabels(node), path, inherited }).handler;
    },
  };
  const { handler } = compileNode(config, { ...root, path: 'config' });
  const resolve = groupResolver(config);
  const fields =
    config.compat === 'litellm' ? [lazyMiddleware(litellmPart, ({ litellmFields }) => litellmFields(resolve))] : [];
  return compose([...fields, ...rootStack(config, options)], refuseUnknownRegion(labels, handler));
}

function compileNode(node: Config, place: Place): Compiled {
  const here = {
    ...place,
    inherited: inherit(place.inherited, node),
    hasQueue: node.queue !== undefined || place.hasQueue,
  };
  const { handler, ...facts } = compileInner(node, here, place.inherited.customHost ?? place.options.customHost);
  const ownLimits = facts.children.length === 0 ? [] : nodeLimits(node, place);
  return {
    health: limitedNodeHealth(facts.health, ownLimits),
    handler: compose(nodeStack(node, { ...here, ...facts }), handler),
  };
}

/** `hostAbove`: the address that parents, else the client, give. */
function compileInner(node: Config, here: Place, hostAbove: string | undefined): Compiled & Node {
  const below = { ...here, above: [...here.above, { path: here.path, node }] };
  if (node.model_groups !== undefined) return compileGroups(node, below, compileNode);
  if (node.targets === undefined || node.strategy === undefined) return compileLeaf(node, here, hostAbove);
  return compileBranch(node.targets, node.strategy, { ...below, affine: affineOf(node, here.options) });
}

function affineOf({ affinity, id }: Config, { affinities, shared }: CompileOptions): AffineNode | undefined {
  return affinity === undefined ? undefined : { affinity, id, maps: affinities, link: shared };
}

interface Branch extends Place {
  readonly affine: AffineNode | undefined;
}

function compileBranch(targets: readonly Config[], strategy: Strategy, place: Branch): Compiled & Node {
  const { path, options, affine } = place;
  const compared = comparedBy(strategy, place.inherited) ?? place.compared;
  const isLone = targets.length === 1;
  const isPriced = place.isPriced || strategy.algorithm === 'cost';
  const goesOn = strategy.mode === 'fallback' || strategy.mode === 'loadbalance';
  // Where nothing else could answer in the meantime, children wait for themselves.
  const leadsToOne = isLone || !goesOn;
  const isLastResort = place.isLastResort && leadsToOne;
  const hasQueue = place.hasQueue && leadsToOne;
  const below = { ...place, compared, hasQueue, isLone, isLastResort, isPriced };
  const children = targets.map((target, index): HealthyChild => {
    const childPath = `${path}.targets[${index}]`;
    return {
      path: childPath,
      ...compileNode(target, { ...below, path: childPath }),
      weight: weightOf(target, strategy),
      ...(target.name === undefined ? {} : { name: target.name }),
      ...(target.on_errors === undefined ? {} : { onErrors: target.on_errors }),
    };
  });
  return {
    handler: compileStrategy(strategy, children, {
      path,
      runtime: options.runtime,
      affine,
      shared: options.shared,
      states: options.states,
    }),
    health: { ...strategyHealth(strategy, children), ...nodeCost(strategy.mode, children) },
    children,
    waitsBelow: isLastResort || hasQueue,
  };
}

/** By what a loadbalance compares its targets; undefined where it never looks at them. Shares by weight are looked at only while targets cool. */
function comparedBy({ mode, algorithm, sticky }: Strategy, { cooldown }: Inherited): Compared | undefined {
  if (mode !== 'loadbalance') return undefined;
  if (typeof algorithm === 'function') return 'function';
  const isByWeight = algorithm === 'weighted' || algorithm === 'random' || algorithm === undefined;
  if (!isByWeight || cooldown !== undefined) return algorithm ?? 'weighted';
  return sticky === undefined ? undefined : 'sticky';
}
