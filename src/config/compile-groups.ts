import type { Middleware } from '../core/handler.ts';
import type { FallbackMap, FallbackStep, GroupFallbacks } from '../core/model-groups.ts';
import { groupNames, modelGroups, type ResolveGroup, toFallbackMap } from '../routing/strategies/index.ts';
import type { Config } from './config.ts';
import { nodeHealth } from './health/child-health.ts';
import { inherit } from './inherit.ts';
import { roomFor } from './limits/room.ts';
import type { GroupFallbackMap } from './model-group-fields.ts';
import { modelNames } from './model-names.ts';
import { modelReplies } from './model-replies.ts';
import type { Compiled, Node, Place } from './place.ts';

/** How a node below is compiled. */
type Compile = (node: Config, place: Place) => Compiled;

interface Group extends Compiled {
  readonly path: string;
  readonly node: Config;
}

const defaultMaxFallbacks = 5;

/** The root of a config with model groups: each group compiled once, a request's way through them made of those. */
export function compileGroups(root: Config, place: Place, compile: Compile): Compiled & Node {
  const { path, inherited, options } = place;
  const groups = new Map(
    Object.entries(root.model_groups ?? {}).map(([name, node]): [string, Group] => {
      const groupPath = `${path}.model_groups[${JSON.stringify(name)}]`;
      const below = { ...place, path: groupPath, inherited, hasQueue: false, isLone: true, isLastResort: true };
      const compiled = compile(node, below);
      return [name, { ...compiled, path: groupPath, node }];
    }),
  );
  const { listed, aliases } = modelNames(root);
  const resolve = groupNames([...groups.keys()], aliases);
  const plan = {
    resolve,
    groups,
    fallbacks: fallbacksOf(root, resolve),
    maxFallbacks: root.max_fallbacks ?? defaultMaxFallbacks,
  };
  return {
    handler: modelReplies(root)(
      modelGroups({ ...plan, above: waits(plan, place), known: listed }, options.runtime.events),
    ),
    health: nodeHealth([...groups.values()].map(({ health }) => health)),
    children: [],
    waitsBelow: true,
  };
}

interface Plan {
  readonly resolve: ResolveGroup;
  readonly groups: ReadonlyMap<string, Group>;
  readonly fallbacks: GroupFallbacks;
  readonly maxFallbacks: number;
}

function fallbacksOf(root: Config, resolve: ResolveGroup): GroupFallbacks {
  const { fallbacks, context_window_fallbacks, content_policy_fallbacks, default_fallbacks } = root;
  const general = { ...(default_fallbacks === undefined ? {} : { '*': default_fallbacks }), ...fallbacks };
  return {
    general: toMap(general, resolve) ?? new Map(),
    contextWindow: toMap(context_window_fallbacks, resolve),
    contentPolicy: toMap(content_policy_fallbacks, resolve),
  };
}

/** An empty map counts as none, as in LiteLLM. */
function toMap(map: GroupFallbackMap = {}, resolve: ResolveGroup): FallbackMap | undefined {
  const entries = Object.entries(map);
  if (entries.length === 0) return undefined;
  return toFallbackMap(
    entries.map(([name, models]): [string, readonly FallbackStep[]] => [name, models.map((model) => ({ model }))]),
    resolve,
  );
}

/** Where others are asked in a group's place, a request waits above them all: for the first that may be called. */
function waits(plan: Plan, place: Place): ReadonlyMap<string, Middleware> {
  return new Map(
    [...plan.groups].flatMap(([name, { node, path }]): [string, Middleware][] => {
      const reached = reachable(name, plan);
      if (reached.length < 2) return [];
      const above = { ...place, path, inherited: inherit(place.inherited, node), hasQueue: false };
      const [room] = roomFor(above, nodeHealth(reached.map((group) => group.health)), false);
      return room === undefined ? [] : [[name, room]];
    }),
  );
}

/** A group, and those that may be asked in its place when nothing of it may be called. */
function reachable(name: string, { fallbacks: { general }, groups, resolve, maxFallbacks }: Plan): readonly Group[] {
  const found = new Set([name]);
  let edge = [name];
  for (let depth = 0; depth < maxFallbacks && edge.length > 0; depth++) {
    const steps = edge.flatMap((group) => general.get(group) ?? general.get('*') ?? []);
    edge = steps
      .map(({ model }) => resolve(model)?.group ?? '')
      .filter((group) => groups.has(group) && !found.has(group));
    for (const group of edge) found.add(group);
  }
  return [...found].flatMap((group) => groups.get(group) ?? []);
}
