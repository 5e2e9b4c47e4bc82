import { endpointsOf, loadedDialect } from '../../core/dialect-parts.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import { type APIError, apiError } from '../../core/errors/api-error.ts';
import type { ModelRequest } from '../../core/handler.ts';
import { lazyPart } from '../../core/lazy-part.ts';
import type { OpenedOnce } from '../../core/open-once.ts';
import type { Codec, Dialect, Provider } from '../../core/provider.ts';
import type { Framing } from '../../providers/transport/framing.ts';
import { framings } from '../../providers/transport/framings.ts';

/** How a provider serves one endpoint. */
export interface Serving {
  /** With the provider's own changes of the body inside: `encode` takes the caller's. */
  readonly codec: Codec;
  readonly dialect: Dialect;
  /** That of the dialect. */
  readonly framing: Framing;
  /** What is asked of the provider: `chat/completions` where another endpoint is bridged over it. */
  readonly wireEndpoint: Endpoint;
}

/**
 * How `provider` serves `request`: natively, else over its chat completions. At once where all that this takes is loaded. Throws a 404
 * `not_found` error where it does not serve it; rejects with `PartLoadError`.
 */
export function codecFor(provider: Provider, request: ModelRequest): Serving | Promise<Serving> {
  const { endpoint, path } = request;
  const known = servings.get(provider)?.get(endpoint);
  const wireEndpoint = known?.wireEndpoint ?? wireEndpointOf(provider, endpoint);
  if (wireEndpoint === undefined) throw unserved(provider, endpoint);
  // What stands below an endpoint, such as a kept response or a token count, is with the provider's own server.
  if (wireEndpoint !== endpoint && path !== undefined) throw unbridged(provider, endpoint, path);
  return known ?? loadServing(provider, endpoint, wireEndpoint);
}

type Bridge = (chat: Serving) => Codec;

const bridges: Partial<Record<Endpoint, OpenedOnce<Bridge>>> = {
  responses: lazyPart('responses-bridge', async () => {
    const { bridgeResponses } = await import('../../providers/dialects/responses-bridge/index.ts');
    return ({ codec }) => bridgeResponses(codec);
  }),
  messages: lazyPart('messages-bridge', async () => {
    const { bridgeMessages } = await import('../../providers/dialects/messages-bridge/index.ts');
    return ({ codec, dialect: { keepsExtras = () => false } }) => bridgeMessages(codec, { keepsExtras });
  }),
};

function wireEndpointOf(provider: Provider, endpoint: Endpoint): Endpoint | undefined {
  if (isNative(provider, endpoint)) return endpoint;
  return bridges[endpoint] !== undefined && isNative(provider, 'chat/completions') ? 'chat/completions' : undefined;
}

function isNative({ dialect, endpoints }: Provider, endpoint: Endpoint): boolean {
  return endpoints?.includes(endpoint) !== false && endpointsOf(dialect).includes(endpoint);
}

/** Made once per provider and endpoint. */
const servings = new WeakMap<Provider, Map<Endpoint, Serving>>();

function loadServing(provider: Provider, endpoint: Endpoint, wireEndpoint: Endpoint): Serving | Promise<Serving> {
  const dialect = loadedDialect(provider.dialect);
  const bridge = wireEndpoint === endpoint ? asItIs : (bridges[endpoint]?.known ?? bridges[endpoint]?.get());
  if (dialect instanceof Promise || bridge instanceof Promise)
    return Promise.all([dialect, bridge]).then(() => loadServing(provider, endpoint, wireEndpoint));
  const framing = framings[dialect.framing];
  if (framing.known === undefined) return framing.get().then(() => loadServing(provider, endpoint, wireEndpoint));
  const native = dialect.codecs[wireEndpoint];
  if (native === undefined || bridge === undefined) throw unserved(provider, endpoint);
  const serving: Serving = { codec: adapted(native, provider), dialect, framing: framing.known, wireEndpoint };
  const made = { ...serving, codec: bridge(serving) };
  const ofProvider = servings.get(provider) ?? new Map<Endpoint, Serving>();
  servings.set(provider, ofProvider.set(endpoint, made));
  return made;
}

const asItIs: Bridge = ({ codec }) => codec;

/** The host's quirks come before the wire format, and below a bridge: they are about the body that is sent. */
function adapted(codec: Codec, { adapt }: Provider): Codec {
  if (adapt === undefined) return codec;
  return { ...codec, encode: (body, scope) => codec.encode(adapt(body, scope), scope) };
}

function unserved(provider: Provider, wanted: Endpoint): APIError {
  const all = [...endpointsOf(provider.dialect), ...Object.keys(bridges)] as Endpoint[];
  const served = [...new Set(all)].filter((endpoint) => wireEndpointOf(provider, endpoint) !== undefined).join(', ');
  return notFound(`${provider.title} does not serve ${wanted}. It serves: ${served}.`);
}

function unbridged({ title }: Provider, endpoint: Endpoint, path: string): APIError {
  return notFound(`${title} does not serve ${path.slice(1)}: it answers ${endpoint} over its chat completions alone.`);
}

function notFound(message: string): APIError {
  const name = 'unsupported_endpoint';
  return apiError({ status: 404, kind: 'not_found', type: name, code: name, message });
}
