import type { Clock } from '../core/runtime.ts';
import type { Store } from '../core/store.ts';
import type { Vault } from '../core/vault.ts';
import type { VirtualKeyFields } from '../vault/virtual-key-fields.ts';
import type { Config } from './config.ts';
import type { LogsOption } from './log-options.ts';

/** Options of a single call. The client takes them too, for all its calls; the call's own win. */
export interface CallOptions {
  /** A config, its JSON, or the ID of one (`pc-…`). */
  readonly config?: Config | LegacyConfig | string | undefined;
  /** Ask this provider, or `@slug` of a virtual key. On a call without `config` it takes the place of a client's config with targets. */
  readonly provider?: string | undefined;
  readonly virtualKey?: string | undefined;
  readonly virtual_key?: string | undefined;
  /** Key for `provider`, with or without `Bearer `. */
  readonly Authorization?: string | undefined;
  /** Tags the request and every attempt of it. Generated (32 hex digits) when absent. */
  readonly traceID?: string | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
  readonly spanName?: string | undefined;
  readonly parentSpanId?: string | undefined;
  /** Facts for conditions, events and logs. Values that are not strings are written as JSON. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** False: bodies of the call are not logged. */
  readonly debug?: boolean | undefined;
  /** Base URL for targets that do not name their own. */
  readonly customHost?: string | undefined;
  /** Names of the call's headers to hand on to the provider. */
  readonly forwardHeaders?: readonly string[] | undefined;
  /** One attempt until its response headers, in milliseconds. */
  readonly requestTimeout?: number | undefined;
  readonly strictOpenAiCompliance?: boolean | undefined;
  /** Ask the targets even where a `cache` of the config holds the answer, and store the new one. */
  readonly cacheForceRefresh?: boolean | undefined;
  /** Keeps cached answers apart from those of other namespaces. On a call it beats the config's `cache.namespace`. */
  readonly cacheNamespace?: string | undefined;
  readonly openaiOrganization?: string | undefined;
  readonly openaiProject?: string | undefined;
  readonly anthropicBeta?: string | undefined;
  readonly anthropicVersion?: string | undefined;
  readonly azureResourceName?: string | undefined;
  readonly azureDeploymentId?: string | undefined;
  readonly azureApiVersion?: string | undefined;
  readonly azureAdToken?: string | undefined;
  readonly awsAccessKeyId?: string | undefined;
  readonly awsSecretAccessKey?: string | undefined;
  readonly awsSessionToken?: string | undefined;
  readonly awsRegion?: string | undefined;
  readonly vertexProjectId?: string | undefined;
  readonly vertexRegion?: string | undefined;
  readonly vertexServiceAccountJson?: string | object | undefined;
  readonly workersAiAccountId?: string | undefined;
  readonly huggingfaceBaseUrl?: string | undefined;
  readonly fireworksAccountId?: string | undefined;
}

/** Portkey's form of before mid-2024. */
export interface LegacyConfig {
  readonly mode: string;
  readonly options: readonly Readonly<Record<string, unknown>>[];
  readonly [key: string]: unknown;
}

/** Options of `new Portkey(…)`. */
export interface PortkeyOptions extends CallOptions {
  /** A Portkey API key. Needed for `baseURL`; in the process it has no use and may stay as it is. */
  readonly apiKey?: string | null | undefined;
  /** A gateway to send every call to (hosted Portkey, its open-source gateway, `modelmux serve`). Absent: everything happens in this process. */
  readonly baseURL?: string | undefined;
  /** Configs by ID, or where to look them up. */
  readonly configs?: ConfigsOption | undefined;
  /** Virtual keys by slug. */
  readonly virtualKeys?: Readonly<Record<string, VirtualKeyFields>> | undefined;
  /** Asked for virtual keys that `virtualKeys` does not hold: an async function from slug to key, an encrypted file (Node), or a vault of your own. */
  readonly vault?: Vault | VirtualKeyResolver | VaultFileOption | undefined;
  /** Environment variables for provider keys; default those of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where a `cache` keeps answers. Default: up to 64 MiB in memory, of this client alone. See `memoryStore` for another size, or one for several clients. */
  readonly store?: Store | undefined;
  /** Where records of calls are kept: by default the last 1000 in memory. False: none are kept. */
  readonly logs?: LogsOption | undefined;
  /** Sends requests in place of the runtime's own way. */
  readonly fetch?: typeof fetch | undefined;
  readonly clock?: Clock | undefined;
  /** Uniform in [0, 1). */
  readonly random?: (() => number) | undefined;
  readonly dangerouslyAllowBrowser?: boolean | undefined;
}

/** A vault file, as `modelmux vault add` writes it. */
export interface VaultFileOption {
  readonly file: string;
  /** Default: the environment variable `MODELMUX_VAULT_PASSPHRASE`. */
  readonly passphrase?: string | undefined;
}

/** From a slug to what stands behind it; undefined when there is nothing. */
export type VirtualKeyResolver = (slug: string) => Promise<VirtualKeyFields | undefined>;

/** A map from ID to config, an async function, a folder of JSON and YAML files, or a gateway that keeps them. */
export type ConfigsOption =
  | Readonly<Record<string, Config | LegacyConfig>>
  | ((id: string) => Promise<unknown>)
  | { readonly folder: string }
  | { readonly baseURL: string; readonly apiKey: string };
