import type { RequestContext } from '../../../core/context.ts';
import type { Endpoint } from '../../../core/endpoint.ts';
import type { ModelRequest } from '../../../core/handler.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CallGroups } from '../../../core/model-groups.ts';
import { canonicalJson } from './canonical-json.ts';

/** What the answers of a node depend on beside the request's body. */
export interface CacheKeyParts {
  /** A text that only nodes which may share their entries have in common. It may hold secrets: only its hash goes further. */
  readonly identity: () => string;
  /** Keeps entries apart where the call names no namespace of its own. */
  readonly namespace: string | undefined;
  /** Metadata that conditions below the node look at. */
  readonly metadataKeys: readonly string[];
  /** Headers of the call that targets below the node may hand on, where the call does not say which. */
  readonly forwardHeaders: readonly string[];
  /** Do tags and regions that the call asks for choose among the targets below? */
  readonly heedsLabels?: boolean | undefined;
  /** Tenants of one client do not share their entries. */
  readonly perTenant?: boolean;
}

/** From a request to a key; undefined for a request that is not to be cached. */
export type KeyOf = (request: ModelRequest, context: RequestContext) => Promise<string | undefined>;

/**
 * From a request to the key of its answer: the hex SHA-256 of all that the answer depends on, so that no key can be made to collide with
 * somebody else's. Undefined for a request that is not to be cached: another endpoint, a call on one object, a body with files, a
 * call that changes something on the provider's side.
 */
export function cacheKeys(parts: CacheKeyParts): KeyOf {
  return keys('modelmux:cache:', parts, parts.identity);
}

/** The same, from a request without its last text to what requests have in common that differ in that text alone; and the maker of its vectors. */
export function spaceKeys(parts: CacheKeyParts, maker: () => string): KeyOf {
  return keys('modelmux:vectors:', parts, () => `${parts.identity()} ${maker()}`);
}

function keys(prefix: string, parts: CacheKeyParts, identityOf: () => string): KeyOf {
  let identity: Promise<string> | undefined;
  return async (request, context) => {
    if (!isCacheable(request)) return undefined;
    const facts = canonicalJson([
      context.call.cacheNamespace ?? parts.namespace ?? null,
      request.endpoint,
      keyBody(request.body),
      callFacts(context, parts),
    ]);
    if (facts === undefined) return undefined;
    identity ??= sha256Hex(identityOf());
    return prefix + (await sha256Hex((await identity) + facts));
  };
}

const endpoints: ReadonlySet<Endpoint> = new Set([
  'chat/completions',
  'completions',
  'embeddings',
  'responses',
  'messages',
  'moderations',
]);

function isCacheable({ endpoint, method = 'POST', path, body }: ModelRequest): boolean {
  if (!endpoints.has(endpoint) || method !== 'POST' || path !== undefined) return false;
  // A response that is still to come, and one that adds a turn to a conversation the provider keeps.
  return endpoint !== 'responses' || (body.background !== true && (body.conversation ?? null) === null);
}

/** A stream and a whole reply have keys of their own; `stream: false` is no stream. */
function keyBody(body: JsonObject): JsonObject {
  if (body.stream === true) return body;
  const { stream: _stream, stream_options: _options, ...rest } = body;
  return rest;
}

/** What the call says that reaches a target or shapes the answer. */
function callFacts({ call, metadata }: RequestContext, parts: CacheKeyParts): JsonObject {
  const forwarded = call.forwardHeaders ?? parts.forwardHeaders;
  return {
    metadata: pick(metadata, parts.metadataKeys),
    headers: pick(call.headers ?? {}, forwarded === 'all' ? 'all' : forwarded.map((name) => name.toLowerCase())),
    customHost: call.customHost,
    strictOpenAiCompliance: call.strictOpenAiCompliance,
    groups: call.groups === undefined ? undefined : waysOf(call.groups),
    disableFallbacks: call.disableFallbacks === true ? true : undefined,
    ...(parts.heedsLabels === true ? { tags: call.tags, regions: call.regions } : {}),
    tenant: parts.perTenant === true ? call.tenant : undefined,
  };
}

/** A call that goes other ways may get another's answer. */
function waysOf({ general, contextWindow, contentPolicy, ...rest }: CallGroups): JsonObject {
  const maps = [general, contextWindow, contentPolicy].map((map) => (map === undefined ? null : [...map]));
  return { ...rest, maps };
}

function pick(record: Readonly<Record<string, string>>, names: readonly string[] | 'all') {
  if (names === 'all') return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
}

async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
