import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors/config-error.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { isPortkeyLegacy, legacyToConfig } from './importers/portkey-legacy.ts';

/** Looks a config up by its ID; undefined when there is none. Answers at once where it can. */
export interface FindConfig {
  (id: string): unknown;
  /** IDs known, for did-you-mean; absent where they cannot be listed. */
  readonly ids?: () => readonly string[];
  /** Version of a config found here; absent where the source has none. */
  readonly versionOf?: (config: object) => string | undefined;
}

/** A document whose `{ref: id}` nodes are replaced by the configs they name, and which configs those were. */
export interface Expanded {
  readonly document: unknown;
  readonly refs: ReadonlyMap<string, unknown>;
}

const keptBesideRef = ['name', 'weight', 'on_errors', 'onErrors'] as const;

/** Replaces refs at any depth. At once unless a lookup takes time. Unknown IDs and cycles are `ConfigError`s that name path and trail. */
export function expandRefs(document: unknown, find: FindConfig): Expanded | Promise<Expanded> {
  if (!holdsRef(document)) return { document, refs: none };
  const refs = new Map<string, unknown>();
  const look = (id: string) => {
    const found: unknown = find(id);
    if (!(found instanceof Promise)) refs.set(id, found);
    return found instanceof Promise ? found.then((config) => keep(refs, id, config)) : found;
  };
  const expanded = expand(document, { path: '$', trail: [], look, ids: find.ids ?? (() => []) });
  return expanded instanceof Promise
    ? expanded.then((result) => ({ document: result, refs }))
    : { document: expanded, refs };
}

const none: ReadonlyMap<string, unknown> = new Map();

function keep(refs: Map<string, unknown>, id: string, config: unknown): unknown {
  refs.set(id, config);
  return config;
}

/** Depth is bounded where the shape is checked; here a set guards against objects that contain themselves. */
function holdsRef(node: unknown, seen = new Set<unknown>()): boolean {
  if (!isJsonObject(node) || seen.has(node)) return false;
  seen.add(node);
  if (typeof node.ref === 'string') return true;
  if (Object.values(groupsOf(node)).some((group) => holdsRef(group, seen))) return true;
  if (isJsonObject(node.cache) && holdsRef(node.cache.embedding, seen)) return true;
  return Array.isArray(node.targets) && node.targets.some((target) => holdsRef(target, seen));
}

/** Model groups of a root, in either spelling. */
function groupsOf(node: JsonObject): JsonObject {
  const groups = node.model_groups ?? node.modelGroups;
  return isJsonObject(groups) ? groups : {};
}

interface Spot {
  readonly path: string;
  readonly trail: readonly string[];
  readonly look: (id: string) => unknown;
  readonly ids: () => readonly string[];
}

function expand(node: unknown, spot: Spot): unknown {
  if (!isJsonObject(node)) return node;
  if (typeof node.ref === 'string') return expandRef(node, node.ref, spot);
  const expanded = expandEmbedding(node, spot);
  return expanded instanceof Promise ? expanded.then((done) => expandBelow(done, spot)) : expandBelow(expanded, spot);
}

/** Who makes embeddings for a cache may be a config of its own. */
function expandEmbedding(node: JsonObject, spot: Spot): JsonObject | Promise<JsonObject> {
  const { cache } = node;
  if (!isJsonObject(cache) || cache.embedding === undefined) return node;
  const embedding = expand(cache.embedding, { ...spot, path: `${spot.path}.cache.embedding` });
  const withEmbedding = (done: unknown) => ({ ...node, cache: { ...cache, embedding: done } });
  return embedding instanceof Promise ? embedding.then(withEmbedding) : withEmbedding(embedding);
}

function expandBelow(node: JsonObject, spot: Spot): unknown {
  if (Object.keys(groupsOf(node)).length > 0) return expandGroups(node, spot);
  if (!Array.isArray(node.targets)) return node;
  const targets = node.targets.map((target, index) =>
    expand(target, { ...spot, path: `${spot.path}.targets[${index}]` }),
  );
  if (!targets.some((target) => target instanceof Promise)) return { ...node, targets };
  return Promise.all(targets).then((done) => ({ ...node, targets: done }));
}

function expandGroups(node: JsonObject, spot: Spot): unknown {
  const { modelGroups: _respelt, ...rest } = node;
  const groups = Object.entries(groupsOf(node)).map(([name, group]): [string, unknown] => [
    name,
    expand(group, { ...spot, path: `${spot.path}.model_groups[${JSON.stringify(name)}]` }),
  ]);
  const done = (all: readonly [string, unknown][]) => ({ ...rest, model_groups: Object.fromEntries(all) });
  if (!groups.some(([, group]) => group instanceof Promise)) return done(groups);
  return Promise.all(groups.map(async ([name, group]): Promise<[string, unknown]> => [name, await group])).then(done);
}

function expandRef(node: JsonObject, id: string, spot: Spot): unknown {
  if (spot.trail.includes(id)) {
    const cycle = [...spot.trail.slice(spot.trail.indexOf(id)), id].join(' -> ');
    throw new ConfigError([
      { path: `${spot.path}.ref`, message: `The configs refer to each other in a circle: ${cycle}.` },
    ]);
  }
  const found = spot.look(id);
  const below = { ...spot, trail: [...spot.trail, id] };
  return found instanceof Promise ? found.then((config) => graft(node, config, below)) : graft(node, found, below);
}

/** The named config in the ref's place; what the ref says of its place stands. */
function graft(node: JsonObject, found: unknown, spot: Spot): unknown {
  const id = spot.trail.at(-1) ?? '';
  if (!isJsonObject(found)) {
    const hint = didYouMean(id, spot.ids());
    throw new ConfigError([{ path: `${spot.path}.ref`, message: `There is no config "${id}".${hint}` }]);
  }
  for (const key of Object.keys(node)) {
    if (key !== 'ref' && !keptBesideRef.some((kept) => kept === key)) {
      throw new ConfigError([
        {
          path: `${spot.path}.${key}`,
          message: 'Cannot stand beside "ref": the named config says it. Beside "ref" only name, weight and on_errors.',
        },
      ]);
    }
  }
  const { ref: _ref, ...place } = node;
  const expanded = expand(isPortkeyLegacy(found) ? legacyToConfig(found) : found, spot);
  return expanded instanceof Promise
    ? expanded.then((config) => ({ ...(config as JsonObject), ...place }))
    : { ...(expanded as JsonObject), ...place };
}
