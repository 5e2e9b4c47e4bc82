import type { Config } from '../config.ts';
import { type Inherited, inherit, nothingInherited } from '../inherit.ts';
import { groupArrivals } from './group-arrivals.ts';
import type { PlanNode, PlannedRequest } from './plan.ts';
import { nodeSettings, targetSettings } from './settings-told.ts';
import { type Arrival, spread } from './spread.ts';
import { targetFacts } from './target-facts.ts';

/** What would become of a request in a checked config: nothing is sent, nothing is picked, no key is looked up. */
export function planRequest(config: Config, planned: PlannedRequest): PlanNode {
  const arrival = { path: 'config', share: 1, isReachable: true, why: 'every request' };
  return plan(config, arrival, { inherited: nothingInherited, planned });
}

/** What comes down to a node. */
interface Scope {
  readonly inherited: Inherited;
  readonly planned: PlannedRequest;
}

function plan(node: Config, arrival: Arrival, above: Scope): PlanNode {
  const scope = { ...above, inherited: inherit(above.inherited, node) };
  const told = { ...arrival, ...(node.name === undefined ? {} : { name: node.name }) };
  if (node.model_groups !== undefined) return { ...told, ...planGroups(node, arrival, scope) };
  if (node.targets === undefined || node.strategy === undefined) {
    const facts = targetFacts(node, scope.inherited, scope.planned);
    return { ...told, kind: 'target', ...facts, settings: targetSettings(node, scope.inherited), children: [] };
  }
  const { arrivals, conditions } = spread(node.strategy, node.targets, arrival, scope.planned);
  return {
    ...told,
    kind: node.strategy.mode,
    ...(conditions === undefined ? {} : { conditions }),
    settings: nodeSettings(node, node.strategy),
    children: node.targets.flatMap((target, index) => {
      const below = arrivals[index];
      return below === undefined ? [] : [plan(target, below, scope)];
    }),
  };
}

/** The groups on the way of the request, in their order, then the others. */
function planGroups(
  root: Config,
  { path, isReachable }: Arrival,
  { inherited, planned }: Scope,
): Pick<PlanNode, 'kind' | 'settings' | 'children'> {
  const groups = Object.entries(root.model_groups ?? {});
  const { model } = planned.request.body;
  const asked = typeof model === 'string' ? model : '';
  const way = groupArrivals(root, asked);
  const pathOf = (group: string) => `${path}.model_groups[${JSON.stringify(group)}]`;
  const onTheWay = way.flatMap(({ named, isFirst, why }) => {
    const node = root.model_groups?.[named.group];
    const request = { ...planned.request, body: { ...planned.request.body, model: named.model } };
    const scope = { inherited, planned: { ...planned, request, captured: named.captured } };
    const arrival = { path: pathOf(named.group), share: isFirst ? 1 : 0, isReachable, why };
    return node === undefined ? [] : [plan(node, arrival, scope)];
  });
  const others = groups.filter(([name]) => !way.some(({ named }) => named.group === name));
  const nobody = asked === '' ? 'the request names no model' : `no group answers to model "${asked}"`;
  return {
    kind: 'model_groups',
    settings: [...(way.length === 0 ? [nobody] : []), ...nodeSettings(root, undefined)],
    children: [
      ...onTheWay,
      ...others.map(([name, node]) => {
        const arrival = { path: pathOf(name), share: 0, isReachable: false, why: 'another group is asked for' };
        return plan(node, arrival, { inherited, planned });
      }),
    ],
  };
}
