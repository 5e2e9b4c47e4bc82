import * as z from 'zod/mini';
import type { PortkeyOptions } from '../config/client-options.ts';
import { ConfigError } from '../core/errors/config-error.ts';
import { readShape } from '../core/read-shape.ts';
import type { CacheStatus } from '../core/reply.ts';
import { type DataStore, isDataStore } from './data/data-store.ts';

/** Options of {@link createServer}: those of a client, whose config is the server's default, and what only a server has. */
export interface ServerOptions extends PortkeyOptions {
  /**
   * Keys of which clients must send one: as they are, or as `sha256:` and 64 hex digits. Sent as `x-portkey-api-key`, `Authorization:
   * Bearer`, `x-api-key` or `api-key`. Without keys everybody who reaches the server may use it.
   */
  readonly keys?: readonly string[] | undefined;
  /** Key for what is not for clients: metrics, administration. Written as `keys` are. It opens everything that a client's key opens. */
  readonly adminKey?: string | undefined;
  /** What requests may ask for themselves. */
  readonly trust?: TrustOptions | undefined;
  readonly limits?: LimitOptions | undefined;
  /** Web pages that may call the server from a browser: origins such as `https://app.example.com`, or true for all. Default none. */
  readonly cors?: boolean | readonly string[] | undefined;
  /** Names under which clients may reach the server: the host of the `Host` header, without port. Default any; `serve` on loopback: the loopback names. */
  readonly hosts?: readonly string[] | undefined;
  /**
   * Javelin's routes, as its documents have them: for `POST /v1/query/{route}` and the header `x-javelin-route`. More may be added over
   * `/v1/admin/routes`.
   */
  readonly routes?: object | undefined;
  /**
   * What is made over the server's admin calls: keys, configs, routes. Default: in memory, gone with the process. `{ file }` keeps it in
   * a JSON file that only its owner may read (Node).
   */
  readonly data?: DataStore | { readonly file: string } | undefined;
  /** `litellm`: also sends the response headers of LiteLLM's proxy, and passes over commas before a closing bracket of bodies, which its examples have. */
  readonly compat?: 'litellm' | undefined;
  /**
   * Serve the console at `/console`: logs and state for people, in a browser. Visitors show the admin key; without any keys it is open to
   * whoever reaches the server under a name of this machine. What it may show of calls is what the option `logs` keeps. Default false;
   * `modelmux serve`: true.
   */
  readonly console?: boolean | undefined;
  /** Told of every request once it is over. What it throws is dropped. */
  readonly onRequest?: ((record: RequestRecord) => void) | undefined;
}

/** What requests may ask for themselves. The server's own keys never go to an address that a request names, whatever is set here. */
export interface TrustOptions {
  /**
   * Who may name the server's virtual keys and use its environment's keys: `direct` (default) a request by `x-portkey-virtual-key`,
   * `x-portkey-provider` or `model: "@slug/…"`; `configs` also the configs that requests bring; `none` only the server's own configs.
   */
  readonly virtualKeys?: 'none' | 'direct' | 'configs' | undefined;
  /**
   * Where requests that bring their own keys may be sent by `custom_host` and provider fields: `public` (default) public addresses,
   * `none` providers' own addresses alone, `any` everywhere; a list adds hosts to the public ones, with or without port.
   */
  readonly customHosts?: 'none' | 'public' | 'any' | readonly string[] | undefined;
}

/** What one request may use up. */
export interface LimitOptions {
  /** Bytes of a request's body. Default 32 MiB. */
  readonly bodyBytes?: number | undefined;
  /** Levels of JSON in a body, metadata or config. Default 100. */
  readonly jsonDepth?: number | undefined;
  /** Milliseconds from the request to the end of its response, streams included. Default 15 minutes. */
  readonly requestMs?: number | undefined;
  /** Requests in flight; more are answered with 503. Default 10,000. */
  readonly concurrency?: number | undefined;
}

/** One request, when it is over. Holds no secret, no query and no body. */
export interface RequestRecord {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Until the last byte of the response. */
  readonly durationMs: number;
  readonly traceId: string;
  /** Which key the client showed: the first digits of its hash; absent without keys. */
  readonly client?: string;
  /** How it ended, where the status does not say: the caller left, or a stream broke. */
  readonly outcome: 'success' | 'failure' | 'aborted';
  readonly provider?: string;
  /** `config.targets[1]` */
  readonly target?: string;
  readonly model?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cache?: CacheStatus;
  readonly error?: string;
}

/** Server options with their defaults; those of the client apart. */
export interface ServerSettings {
  readonly client: PortkeyOptions;
  readonly keys: readonly string[];
  readonly adminKey: string | undefined;
  readonly trust: { readonly virtualKeys: 'none' | 'direct' | 'configs'; readonly customHosts: CustomHosts };
  readonly limits: { readonly [Name in keyof LimitOptions]-?: number };
  readonly cors: boolean | readonly string[];
  readonly hosts: readonly string[] | undefined;
  readonly routes: object | undefined;
  readonly data: ServerOptions['data'];
  readonly compat: 'litellm' | undefined;
  readonly console: boolean;
  readonly onRequest: ((record: RequestRecord) => void) | undefined;
}

/** Where callers' own keys may be sent. */
export type CustomHosts = NonNullable<TrustOptions['customHosts']>;

const key = z.string().check(
  z.regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces'),
  z.refine(
    (text) => !text.startsWith('sha256:') || /^sha256:[\da-f]{64}$/i.test(text),
    'needs 64 hex digits after "sha256:"',
  ),
);
const count = z.int().check(z.positive());
const nameOrAddress = String.raw`(?:\[[\da-fA-F:.]+\]|(?=.*:.*:)[\da-fA-F:.]+|[^\s/:@*]+)`;
/** Compared with what an address or a `Host` header says: what could never be equal is a mistake. */
const targetHost = z
  .string()
  .check(
    z.regex(
      new RegExp(`^${nameOrAddress}(?::\\d+)?$`),
      'must be a host such as "10.0.0.5" or "models.example.com:8000", without scheme, path and stars',
    ),
    z.toLowerCase(),
  );
const ownHost = z
  .string()
  .check(
    z.regex(
      new RegExp(`^${nameOrAddress}$`),
      'must be a name such as "gateway.example.com", without scheme, port, path and stars',
    ),
  );
const schema = z.object({
  keys: z._default(z.array(key), []),
  adminKey: z.optional(key),
  trust: z.prefault(
    z.strictObject({
      virtualKeys: z._default(z.enum(['none', 'direct', 'configs']), 'direct'),
      customHosts: z._default(z.union([z.enum(['none', 'public', 'any']), z.array(targetHost)]), 'public'),
    }),
    {},
  ),
  limits: z.prefault(
    z.strictObject({
      bodyBytes: z._default(count, 32 * 2 ** 20),
      jsonDepth: z._default(count.check(z.maximum(1000)), 100),
      requestMs: z._default(count.check(z.maximum(2_147_483_647)), 15 * 60_000),
      concurrency: z._default(count, 10_000),
    }),
    {},
  ),
  cors: z._default(
    z.union([
      z.boolean(),
      z.array(z.string().check(z.regex(/^https?:\/\/[^/\s]+$/, 'must be an origin such as "https://app.example.com"'))),
    ]),
    false,
  ),
  hosts: z.optional(z.array(ownHost)),
  routes: z.optional(z.union([z.looseObject({}), z.array(z.unknown())])),
  data: z.optional(
    z.union(
      [z.strictObject({ file: z.string().check(z.minLength(1)) }), z.custom(isDataStore)],
      'must be { file }, or have "read" and "write"',
    ),
  ),
  compat: z.optional(z.enum(['litellm'])),
  console: z._default(z.boolean(), false),
  onRequest: z.optional(z.custom((value) => typeof value === 'function', 'must be a function')),
});

/** Checks the server's own options; the client's are checked where a client is made of them. Throws `ConfigError`. */
export function readServerOptions(options: ServerOptions): ServerSettings {
  const { keys, adminKey, trust, limits, cors, hosts, routes, data, compat, console, onRequest, ...client } = options;
  const given = { keys, adminKey, trust, limits, cors, hosts, routes, data, compat, console, onRequest };
  const result = readShape(schema, given);
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => ({
      path: ['options', ...path].join('.'),
      message: `${message}.`,
    }));
    throw new ConfigError(issues, 'Invalid options');
  }
  if (client.baseURL !== undefined && client.baseURL !== null) {
    const message =
      'A server routes by itself. To send everything to another gateway, make it a target with "custom_host".';
    throw new ConfigError([{ path: 'options.baseURL', message }], 'Invalid options');
  }
  return { ...(result.data as Omit<ServerSettings, 'client'>), client };
}
