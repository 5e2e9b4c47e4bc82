import { compose, type Handler } from '../core/handler.ts';
import type { Health } from '../core/health.ts';
import type { Child } from '../core/strategy.ts';
import { compileGroups } from './compile-groups.ts';
import { compileStrategy } from './compile-strategy.ts';
import { compileLeaf } from './compile-target.ts';
import type { Config, Strategy } from './config.ts';
import { nodeHealth } from './health/child-health.ts';
import { inherit, nothingInherited } from './inherit.ts';
import { litellmFields } from './litellm-fields/litellm-fields.ts';
import { groupResolver } from './model-names.ts';
import { nodeStack } from './node-stack.ts';
import type { Compiled, CompileOptions, Node, Place } from './place.ts';
import { defaultEmbeddingTimeoutMs } from './semantic/semantic-policy.ts';

/** A checked config to one composed handler. Nothing of it is interpreted per request. */
export function compileConfig(config: Config, options: CompileOptions): Handler {
  const root = {
    root: config,
    inherited: options.inherited,
    above: [],
    options,
    isLone: true,
    isLastResort: true,
    compileAside: (node: Config, path: string): Handler => {
      const inherited = { ...nothingInherited, requestTimeoutMs: defaultEmbeddingTimeoutMs };
      return compileNode(node, { ...root, path, inherited }).handler;
    },
  };
  const { handler } = compileNode(config, { ...root, path: 'config' });
  return config.compat === 'litellm' ? litellmFields(groupResolver(config))(handler) : handler;
}

function compileNode(node: Config, place: Place): Compiled {
  const here = { ...place, inherited: inherit(place.inherited, node) };
  const { handler, ...facts } = compileInner(node, here, place.inherited.customHost ?? place.options.customHost);
  return { health: facts.health, handler: compose(nodeStack(node, { ...here, ...facts }), handler) };
}

/** `hostAbove`: the address that parents, else the client, give. */
function compileInner(node: Config, here: Place, hostAbove: string | undefined): Compiled & Node {
  if (node.model_groups !== undefined) return compileGroups(node, here, compileNode);
  if (node.targets === undefined || node.strategy === undefined) return compileLeaf(node, here, hostAbove);
  return compileBranch(node.targets, node.strategy, { ...here, above: [...here.above, { path: here.path, node }] });
}

function compileBranch(targets: readonly Config[], strategy: Strategy, place: Place): Compiled & Node {
  const { path, inherited } = place;
  const isLone = targets.length === 1;
  const goesOn = strategy.mode === 'fallback' || strategy.mode === 'loadbalance';
  const isLastResort = place.isLastResort && (isLone || !goesOn);
  const children = targets.map((target, index): Child & { readonly health: Health } => {
    const childPath = `${path}.targets[${index}]`;
    return {
      path: childPath,
      ...compileNode(target, { ...place, path: childPath, inherited, isLone, isLastResort }),
      weight: target.weight ?? 1,
      ...(target.name === undefined ? {} : { name: target.name }),
      ...(target.on_errors === undefined ? {} : { onErrors: target.on_errors }),
    };
  });
  const reachable = strategy.mode === 'loadbalance' ? children.filter(({ weight }) => weight > 0) : children;
  return {
    handler: compileStrategy(strategy, children, { path, runtime: place.options.runtime }),
    health: nodeHealth(reachable.map((child) => child.health)),
    children,
    waitsBelow: isLastResort,
  };
}
