import type { Config } from '../../../../config/config.ts';
import { percent, sharesOf } from '../../../../config/plan/shares.ts';
import type { TargetSnapshot } from '../../../../routing/state/target-state.ts';

/** A node of a config, with what is known of it. */
export interface ConfigNode {
  /** `config.targets[1]` */
  readonly path: string;
  readonly name: string | undefined;
  /** Of a node with children. */
  readonly mode: string | undefined;
  /** Of a target: its provider, or `@slug` of the virtual key. */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  /** What leads here from its parent. */
  readonly edge: Edge | undefined;
  /** How the target is doing. */
  readonly state: TargetSnapshot | undefined;
  /** Recent calls that were answered here or below. */
  readonly calls: number;
  readonly children: readonly ConfigNode[];
}

/** When a request comes to a node. */
export interface Edge {
  readonly label: string;
  readonly why?: string;
  /** Of a loadbalance: its part, 0 to 1. */
  readonly share?: number;
}

/** What is known while a config is in use; nothing of a draft. */
export interface TreeFacts {
  readonly states?: ReadonlyMap<string, TargetSnapshot> | undefined;
  /** Recent calls by the place that answered. */
  readonly calls?: ReadonlyMap<string, number> | undefined;
}

/** The tree of a config. */
export function configTree(config: Config, facts: TreeFacts = {}): ConfigNode {
  return toNode(config, { path: 'config', edge: undefined }, facts);
}

interface Spot {
  readonly path: string;
  readonly edge: Edge | undefined;
}

function toNode(node: Config, { path, edge }: Spot, facts: TreeFacts): ConfigNode {
  const { name, strategy, provider, virtual_key: key, override_params: params, targets, model_groups: groups } = node;
  const model = params?.model;
  const edges = edgesOf(node);
  const children = [
    ...(targets ?? []).map((target, index) =>
      toNode(target, { path: `${path}.targets[${index}]`, edge: edges[index] }, facts),
    ),
    ...Object.entries(groups ?? {}).map(([group, child]) =>
      toNode(
        child,
        { path: `${path}.model_groups[${JSON.stringify(group)}]`, edge: { label: `model ${group}` } },
        facts,
      ),
    ),
  ];
  const own = facts.calls?.get(path) ?? 0;
  return {
    path,
    name,
    mode: children.length === 0 ? undefined : (strategy?.mode ?? 'model groups'),
    provider: key === undefined ? provider : `@${key}`,
    model: typeof model === 'string' ? model : undefined,
    edge,
    state: facts.states?.get(path),
    calls: children.reduce((sum, child) => sum + child.calls, own),
    children,
  };
}

function edgesOf({ strategy, targets = [] }: Config): readonly (Edge | undefined)[] {
  if (strategy?.mode === 'loadbalance')
    return sharesOf(strategy, targets).map(({ share, why }) => ({ label: percent(share), why, share }));
  if (strategy?.mode === 'fallback')
    return targets.map((_, index) => ({ label: index === 0 ? 'first' : `then ${index + 1}` }));
  if (strategy?.mode !== 'conditional') return [];
  const { conditions = [], default: otherwise } = strategy;
  return targets.map(({ name }) => {
    const queries = conditions.filter(({ then }) => then === name).map(({ query }) => `if ${JSON.stringify(query)}`);
    const all = [...queries, ...(otherwise === name && name !== undefined ? ['otherwise'] : [])];
    return { label: all.length === 0 ? 'never' : all.join(' or ') };
  });
}
