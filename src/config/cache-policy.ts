import type { Handler } from '../core/handler.ts';
import type { Runtime } from '../core/runtime.ts';
import { type CachePolicy, type CacheShared, canonicalJson } from '../routing/middleware/index.ts';
import { childrenOf } from './children.ts';
import type { CacheConfig, Config } from './config.ts';
import { configLabels } from './config-labels.ts';
import type { Inherited } from './inherit.ts';
import { toSemanticPolicy } from './semantic/semantic-policy.ts';
import { withoutCredentials } from './without-credentials.ts';

/** What the caches of a client share, and what its options say of them. */
export interface ClientCache extends CacheShared {
  /** Nobody else's: tells this client's entries from those of others in the same store. */
  readonly clientId: string;
  /** An ID that nobody can guess. */
  readonly newId: () => string;
  readonly namespace: string | undefined;
  readonly forceRefresh: boolean;
}

/** Where a node with a `cache` stands. */
export interface CachePlace {
  /** The whole config. */
  readonly root: Config;
  readonly path: string;
  readonly inherited: Inherited;
  readonly customHost: string | undefined;
  readonly client: ClientCache;
  readonly runtime: Runtime;
  /** Compiles the node that stands at `path` beside the tree of targets. */
  readonly compileAside: (node: Config, path: string) => Handler;
}

const defaultMaxAgeSeconds = 7 * 24 * 60 * 60;

/** `cache` of `node` as a policy. */
export function toCachePolicy(node: Config, cache: CacheConfig, place: CachePlace): CachePolicy {
  const { path, root, inherited, client, runtime, compileAside } = place;
  const semantic = toSemanticPolicy(cache, (node) => compileAside(node, `${path}.cache.embedding`), runtime);
  const { hasTags, hasRegions } = configLabels(root);
  return {
    path,
    maxAgeMs: (cache.max_age ?? defaultMaxAgeSeconds) * 1000,
    forceRefresh: client.forceRefresh,
    isOptIn: cache.opt_in === true,
    identity: () => identityOf(cache, place),
    namespace: cache.namespace ?? client.namespace,
    metadataKeys: [...new Set(metadataKeysOf(node))],
    heedsLabels: hasTags || hasRegions,
    perTenant: cache.scope !== 'shared',
    forwardHeaders: [...new Set([...inherited.forwardHeaders, ...forwardHeadersOf(node)])],
    ...(semantic === undefined ? {} : { semantic }),
  };
}

/** Whoever has the same identity gives the same answers, and may know them. */
function identityOf({ scope = 'client', group }: CacheConfig, place: CachePlace): string {
  const { root, path, inherited, customHost, client } = place;
  const strict = inherited.strictOpenAiCompliance;
  const source =
    group === undefined
      ? {
          path,
          config: scope === 'client' ? root : withoutCredentials(root),
          customHost,
          strict,
          hooks: inherited.hooks,
        }
      : { group, strict };
  const identity = canonicalJson(scope === 'client' ? { ...source, client: client.clientId } : { ...source, scope });
  if (identity !== undefined) return identity;
  // A function in the config: nobody can tell two of them apart, so this node shares with nobody.
  return `${client.clientId} ${client.newId()}`;
}

/** Names of the metadata that conditions of `node` and of all below it look at. */
function metadataKeysOf(node: Config): readonly string[] {
  const own = (node.strategy?.conditions ?? []).flatMap(({ query }) => queryPaths(query));
  const names = own.filter((path) => path.startsWith('metadata.')).map((path) => path.slice('metadata.'.length));
  return [...names, ...childrenOf(node).flatMap(metadataKeysOf)];
}

/** `$and` and `$or` hold lists of queries; every other key is a path. */
function queryPaths(query: unknown): readonly string[] {
  return Object.entries(query as Config).flatMap(([key, value]) =>
    Array.isArray(value) && (key === '$and' || key === '$or') ? value.flatMap(queryPaths) : [key],
  );
}

function forwardHeadersOf(node: Config): readonly string[] {
  return [...(node.forward_headers ?? []), ...childrenOf(node).flatMap(forwardHeadersOf)];
}
