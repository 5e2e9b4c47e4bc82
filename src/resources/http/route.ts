import type { Endpoint } from '../../core/endpoint.ts';

/** What an HTTP method and URL ask for. */
export interface Route {
  readonly endpoint: Endpoint;
  /** Below the version, without the query; set for `proxy` and for calls on one object, as in `/files/file-1`. */
  readonly path?: string;
  /** Set where the endpoint has several: files, batches, responses, `proxy`. */
  readonly method?: string;
  /** Of an Azure address, or an engine's: what stands for the model. */
  readonly deployment?: string;
}

/**
 * Finds the endpoint of a call. Any base URL will do: what follows the first version segment (`/v1`, `/v1beta`) decides, on
 * Azure what follows the deployment, without either the end of the path where it is an endpoint. All else is `proxy`.
 */
export function routeOf(method: string, pathname: string): Route {
  const { segments, deployment } = belowVersion(pathname.split('/').filter((segment) => segment !== ''));
  const given = segments[0] === 'proxy' ? { ...proxied(method, segments.slice(1)) } : known(method, segments);
  return { ...(given ?? proxied(method, segments)), ...(deployment === undefined ? {} : { deployment }) };
}

const version = /^v\d+(?:(?:alpha|beta)\d*)?$/;

function belowVersion(segments: readonly string[]): { segments: readonly string[]; deployment?: string } {
  const below = segments.slice(segments.findIndex((segment) => version.test(segment)) + 1);
  const modelAt = below.findIndex((segment) => segment === 'deployments' || segment === 'engines') + 1;
  const deployment = modelAt === 0 ? undefined : below[modelAt];
  if (deployment !== undefined && known('POST', below.slice(modelAt + 1)) !== undefined)
    return { segments: below.slice(modelAt + 1), deployment: decoded(deployment) };
  // Google's address for OpenAI's clients goes on with `/openai` after the version.
  if (below.length < segments.length) return { segments: below[0] === 'openai' ? below.slice(1) : below };
  const endAt = segments.findIndex((_, index) => known('POST', segments.slice(index)) !== undefined);
  return { segments: endAt === -1 ? segments : segments.slice(endAt) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Endpoints with one call, made with POST. */
export const posted: ReadonlySet<string> = new Set<Endpoint>([
  'chat/completions',
  'completions',
  'embeddings',
  'responses',
  'images/generations',
  'images/edits',
  'images/variations',
  'audio/speech',
  'audio/transcriptions',
  'audio/translations',
  'moderations',
  'messages',
]);

/** Endpoints with objects below them. */
const collections: ReadonlySet<string> = new Set<Endpoint>(['responses', 'models', 'files', 'batches']);

function known(method: string, segments: readonly string[]): Route | undefined {
  const below = segments.join('/');
  if (method === 'POST' && posted.has(below)) return { endpoint: below as Endpoint };
  if (method === 'POST' && below === 'messages/count_tokens') return { endpoint: 'messages', path: `/${below}` };
  const [collection = ''] = segments;
  if (!collections.has(collection) || below === 'responses') return undefined;
  const endpoint = collection as Endpoint;
  return segments.length === 1 ? { endpoint, method } : { endpoint, method, path: `/${below}` };
}

function proxied(method: string, segments: readonly string[]): Route {
  return { endpoint: 'proxy', method, path: `/${segments.join('/')}` };
}
