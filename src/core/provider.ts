import type { Credentials, Settings } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import type { ErrorFacts } from './errors/api-error.ts';
import type { ModelRequest } from './handler.ts';
import type { JsonObject } from './json.ts';
import type { OpenedOnce } from './open-once.ts';
import type { HeaderMap } from './reply.ts';
import type { HttpRequest, Transport } from './transport.ts';

/** A request in a provider's wire format, before address and authorization. */
export interface WireRequest {
  /** `POST` when absent. */
  readonly method?: string;
  /** Appended to the host's base URL; begins with `/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. Absent for GET. */
  readonly body?: JsonObject | FormData | Uint8Array;
}

/** What a translation may know beside the body. */
export interface CodecScope {
  readonly request: ModelRequest;
  /** The model asked for, after overrides, without any `@slug/` prefix; empty when the body names none. */
  readonly model: string;
  readonly stream: boolean;
  /** False: fields beyond OpenAI's (thinking blocks, citations, raw finish reasons) are kept in the reply. */
  readonly strict: boolean;
  /** Provider fields of the target, in camelCase without the provider's prefix: `resourceName`, `deploymentId`, `region`, … */
  readonly settings: Settings;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A fresh ID for providers that send none. */
  readonly id: () => string;
  /** Reports a parameter the provider cannot honour; throws when `strict_params` is set. */
  readonly drop: (param: string, why: string) => void;
}

/** One endpoint of one wire format, both ways. All functions are pure and leave their arguments as they are. */
export interface Codec {
  /** Effective OpenAI body to wire request. Throws `TranslationError` for what cannot be expressed. */
  encode(body: JsonObject, scope: CodecScope): WireRequest;
  /** Provider's JSON of a 2xx to OpenAI's. Throws the `APIError` that an error inside a 200 stands for, `UnreadableReplyError` for a wrong shape. */
  decode(reply: unknown, scope: CodecScope): JsonObject;
  /** A decoder for one stream; absent where the endpoint cannot stream. */
  readonly decodeStream?: (scope: CodecScope) => StreamDecoder;
  /** `bytes`: the reply is not JSON and is handed on as it is. `auto`: its content type says so; JSON is decoded, all else handed on. A function where that depends on the call. */
  readonly reply?: ReplyKind | ((scope: CodecScope) => ReplyKind);
}

/** What the body of a reply that does not stream is. */
export type ReplyKind = 'json' | 'bytes' | 'auto';

/** One event of a stream, whatever its framing. */
export interface WireEvent {
  /** SSE `event:`, or the AWS event type. */
  readonly event?: string | undefined;
  readonly data: string;
}

/** Turns the events of one stream into OpenAI chunks. Holds that stream's state, nothing else. */
export interface StreamDecoder {
  /** Translates one event, handing out any number of chunks; `text`: the event's data, where a chunk is nothing but that. True when it was the end marker. Throws the `APIError` that an error event stands for. */
  push(event: WireEvent, emit: (chunk: JsonObject, text?: string) => void): boolean | undefined;
  /** The wire has ended: hands out what is left. False when the reply is cut short (no finish reason and no end marker). */
  end(emit: (chunk: JsonObject) => void): boolean;
}

/** How a stream's bytes are cut into events. */
export type FramingName = 'sse' | 'aws-event-stream' | 'ndjson' | 'json-array';

/** A wire format: pure translation between OpenAI's shapes and a provider's. */
export interface Dialect {
  readonly name: string;
  readonly framing: FramingName;
  readonly codecs: Readonly<Partial<Record<Endpoint, Codec>>>;
  /** Reads an error body of status >= 400. `body` is parsed JSON where it is JSON, else the text. */
  decodeError(status: number, body: unknown, headers: HeaderMap): ErrorFacts;
  /** Does the chat codec that answers understand Anthropic's members: signed thinking, `cache_control`, `top_k`? False when absent. */
  keepsExtras?(scope: CodecScope): boolean;
}

/** A wire format by what is to be known of it before any call; its translation is loaded by the first that needs it. */
export interface LazyDialect {
  readonly name: string;
  /** Those that `translation` has codecs for. */
  readonly endpoints: readonly Endpoint[];
  readonly translation: OpenedOnce<Dialect>;
}

/** What an authenticator may use beside the request. */
export interface AuthScope {
  readonly transport: Transport;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Adds what proves who asks; the last step before sending, so that it may sign the final body. */
export type Authenticator = (
  request: HttpRequest,
  credentials: Credentials,
  scope: AuthScope,
) => HttpRequest | Promise<HttpRequest>;

/** One provider = a dialect, an address, authentication and quirks, as data. */
export interface Provider {
  /** Portkey's name, as in `provider: 'openai'`. */
  readonly name: string;
  /** Other names accepted, such as LiteLLM's. */
  readonly aliases?: readonly string[];
  /** For people: `Azure OpenAI`. */
  readonly title: string;
  readonly dialect: Dialect | LazyDialect;
  /** Without a trailing slash; a function where it depends on the target. Throws `TranslationError` naming a missing field. */
  readonly baseUrl: string | ((target: ProviderTarget) => string);
  /** Rewrites path and query where the host's differ from the dialect's. */
  readonly address?: (wire: WireRequest, target: ProviderTarget) => WireRequest;
  /** Changes the OpenAI body before the dialect sees it: renamed or unsupported parameters. Pure. */
  readonly adapt?: (body: JsonObject, scope: CodecScope) => JsonObject;
  readonly authenticate: Authenticator;
  /** What calls load beside the dialect when they first need it. */
  readonly parts?: readonly OpenedOnce<unknown>[];
  /** Environment variables that may hold the key, first found wins. */
  readonly env: readonly string[];
  /** Environment variables for provider fields: camelCase field to variable names. */
  readonly envSettings?: Readonly<Record<string, readonly string[]>>;
  /** Endpoints served; all of the dialect's when absent. */
  readonly endpoints?: readonly Endpoint[];
  /** False when calls need no key (a local server); true when absent. */
  readonly needsKey?: boolean;
  /** Prefix of this provider's fields in Portkey's config that is dropped: `azure` for `azure_resource_name`. */
  readonly fieldPrefix?: string;
  /** Set on a retired provider: any use is a config error that says this. */
  readonly retired?: string;
}

/** A provider with one target's credentials and fields. */
export interface ProviderTarget {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly stream: boolean;
  readonly settings: Settings;
  readonly credentials: Credentials;
}
