import { compose, type Handler } from '../core/handler.ts';
import type { Health } from '../core/health.ts';
import type { Child } from '../core/strategy.ts';
import { compileStrategy } from './compile-strategy.ts';
import { compileLeaf } from './compile-target.ts';
import type { Config, Strategy } from './config.ts';
import { nodeHealth } from './health/child-health.ts';
import { inherit } from './inherit.ts';
import { nodeStack } from './node-stack.ts';
import type { Compiled, CompileOptions, Node, Place } from './place.ts';

/** A checked config to one composed handler. Nothing of it is interpreted per request. */
export function compileConfig(config: Config, options: CompileOptions): Handler {
  const place: Place = {
    path: 'config',
    root: config,
    inherited: options.inherited,
    options,
    isLone: true,
    isLastResort: true,
  };
  return compileNode(config, place).handler;
}

function compileNode(node: Config, place: Place): Compiled {
  const here = { ...place, inherited: inherit(place.inherited, node) };
  const { handler, ...facts } =
    node.targets === undefined || node.strategy === undefined
      ? compileLeaf(node, here, place.inherited.customHost ?? place.options.customHost)
      : compileBranch(node.targets, node.strategy, here);
  return { health: facts.health, handler: compose(nodeStack(node, { ...here, ...facts }), handler) };
}

function compileBranch(targets: readonly Config[], strategy: Strategy, place: Place): Compiled & Node {
  const { path, root, inherited, options } = place;
  const isLone = targets.length === 1;
  const goesOn = strategy.mode === 'fallback' || strategy.mode === 'loadbalance';
  const isLastResort = place.isLastResort && (isLone || !goesOn);
  const children = targets.map((target, index): Child & { readonly health: Health } => {
    const childPath = `${path}.targets[${index}]`;
    return {
      path: childPath,
      ...compileNode(target, { path: childPath, root, inherited, options, isLone, isLastResort }),
      weight: target.weight ?? 1,
      ...(target.name === undefined ? {} : { name: target.name }),
      ...(target.on_errors === undefined ? {} : { onErrors: target.on_errors }),
    };
  });
  const reachable = strategy.mode === 'loadbalance' ? children.filter(({ weight }) => weight > 0) : children;
  return {
    handler: compileStrategy(strategy, children, { path, runtime: options.runtime }),
    health: nodeHealth(reachable.map((child) => child.health)),
    children,
    waitsBelow: isLastResort,
  };
}
