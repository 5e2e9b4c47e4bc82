import type { Endpoint } from '../../core/endpoint.ts';
import { type APIError, apiError } from '../../core/errors/api-error.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { Codec, CodecScope, Dialect, Provider } from '../../core/provider.ts';
import { bedrockConverse } from '../../providers/dialects/bedrock-converse/index.ts';
import { gemini } from '../../providers/dialects/gemini/index.ts';
import { bridgeMessages } from '../../providers/dialects/messages-bridge/index.ts';
import { bridgeResponses } from '../../providers/dialects/responses-bridge/index.ts';
import { vertexAi } from '../../providers/dialects/vertex-ai/index.ts';
import { vertexModel } from '../../providers/dialects/vertex-ai/vertex-model.ts';

/** How a provider serves one endpoint. */
export interface Serving {
  /** With the provider's own changes of the body inside: `encode` takes the caller's. */
  readonly codec: Codec;
  readonly dialect: Dialect;
  /** What is asked of the provider: `chat/completions` where another endpoint is bridged over it. */
  readonly wireEndpoint: Endpoint;
}

/** How `provider` serves `request`: natively, else over its chat completions. Throws a 404 `not_found` error where it does not. */
export function codecFor(provider: Provider, request: ModelRequest): Serving {
  const { endpoint, path } = request;
  const serving = servingOf(provider, endpoint);
  if (serving === undefined) throw unserved(provider, endpoint);
  // What stands below an endpoint, such as a kept response or a token count, is with the provider's own server.
  if (serving.wireEndpoint !== endpoint && path !== undefined) throw unbridged(provider, endpoint, path);
  return serving;
}

const servings = new WeakMap<Provider, Map<Endpoint, Serving | undefined>>();

/** Made once per provider and endpoint. */
function servingOf(provider: Provider, endpoint: Endpoint): Serving | undefined {
  const known = servings.get(provider) ?? new Map<Endpoint, Serving | undefined>();
  servings.set(provider, known);
  if (!known.has(endpoint)) known.set(endpoint, native(provider, endpoint) ?? bridged(provider, endpoint));
  return known.get(endpoint);
}

function native(provider: Provider, endpoint: Endpoint): Serving | undefined {
  const { dialect, endpoints } = provider;
  const codec = endpoints === undefined || endpoints.includes(endpoint) ? dialect.codecs[endpoint] : undefined;
  return codec === undefined ? undefined : { codec: adapted(codec, provider), dialect, wireEndpoint: endpoint };
}

/** Does the chat codec that answers understand Anthropic's members: signed thinking, `cache_control`, `top_k`? */
function keepsExtras(dialect: Dialect, { model }: CodecScope): boolean {
  if (dialect === vertexAi) return vertexModel(model).format !== 'openai';
  return dialect === bedrockConverse || dialect === gemini;
}

const bridges: Partial<Record<Endpoint, (chat: Serving) => Codec>> = {
  responses: ({ codec }) => bridgeResponses(codec),
  messages: ({ codec, dialect }) => bridgeMessages(codec, { keepsExtras: (scope) => keepsExtras(dialect, scope) }),
};

function bridged(provider: Provider, endpoint: Endpoint): Serving | undefined {
  const bridge = bridges[endpoint];
  const chat = bridge && native(provider, 'chat/completions');
  return chat && { ...chat, codec: bridge(chat) };
}

/** The host's quirks come before the wire format, and below a bridge: they are about the body that is sent. */
function adapted(codec: Codec, { adapt }: Provider): Codec {
  if (adapt === undefined) return codec;
  return { ...codec, encode: (body, scope) => codec.encode(adapt(body, scope), scope) };
}

function unserved(provider: Provider, wanted: Endpoint): APIError {
  const all = [...Object.keys(provider.dialect.codecs), ...Object.keys(bridges)] as Endpoint[];
  const served = [...new Set(all)].filter((endpoint) => servingOf(provider, endpoint) !== undefined).join(', ');
  return notFound(`${provider.title} does not serve ${wanted}. It serves: ${served}.`);
}

function unbridged({ title }: Provider, endpoint: Endpoint, path: string): APIError {
  return notFound(`${title} does not serve ${path.slice(1)}: it answers ${endpoint} over its chat completions alone.`);
}

function notFound(message: string): APIError {
  const name = 'unsupported_endpoint';
  return apiError({ status: 404, kind: 'not_found', type: name, code: name, message });
}
