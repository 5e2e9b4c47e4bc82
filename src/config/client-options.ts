import type { DocumentStore } from '../core/document-store.ts';
import type { HookFunction } from '../core/hooks.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { ProviderReference } from '../core/provider-name.ts';
import type { Clock } from '../core/runtime.ts';
import type { Shared } from '../core/shared-state.ts';
import type { Store } from '../core/store.ts';
import type { Tracer } from '../core/tracer.ts';
import type { Vault } from '../core/vault.ts';
import type { Pricing } from '../observe/pricing/own-price.ts';
import type { VirtualKeyFields } from '../vault/virtual-key-fields.ts';
import type { Config } from './config.ts';
import type { GuardrailEntry } from './guard/guardrail-config.ts';
import type { LogsOption } from './log-options.ts';
import type { BudgetConfig, OnExhausted } from './money/money-config.ts';
import type { BudgetStoreOption } from './money/spend-store.ts';

/** Options of a single call. The client takes them too, for all its calls; the call's own win. */
export interface CallOptions {
  /** A config, its JSON, or the ID of one (`pc-…`). */
  readonly config?: Config | LegacyConfig | string | undefined;
  /** Ask this provider, or `@slug` of a virtual key. On a call without `config` it takes the place of a client's config with targets. */
  readonly provider?: ProviderReference | undefined;
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
  /** Only targets with one of these `tags` are asked. Also read from `metadata.tags`, a list or names with commas between. */
  readonly tags?: readonly string[] | undefined;
  /** Only targets of this `region`, or one of these, are asked. */
  readonly region?: string | readonly string[] | undefined;
  /** Of every fallback only the first target is asked. */
  readonly disableFallbacks?: boolean | undefined;
  /** How urgent the call is where requests queue; lower is more urgent, default `queue.default_priority`. */
  readonly priority?: number | undefined;
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
  /** These two make a config of the present form; without them an editor would complete nothing below `strategy`. */
  readonly strategy?: never;
  readonly targets?: never;
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
  /** Where prompts are kept: by default in memory. */
  readonly prompts?: PromptsOption | undefined;
  /** Virtual keys by slug. */
  readonly virtualKeys?: Readonly<Record<string, VirtualKeyFields & VirtualKeyBudget>> | undefined;
  /** Asked for virtual keys that `virtualKeys` does not hold: an async function from slug to key, an encrypted file (Node), or a vault of your own. */
  readonly vault?: Vault | VirtualKeyResolver | VaultFileOption | undefined;
  /** Environment variables for provider keys; default those of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where a `cache` keeps answers. Default: up to 64 MiB in memory, of this client alone. See `memoryStore` for another size, or one for several clients. */
  readonly store?: Store | undefined;
  /** Guardrails by ID, for configs to name. */
  readonly guardrails?: Readonly<Record<string, Exclude<GuardrailEntry, string>>> | undefined;
  /** Guardrails of every request of every config, in front of the config's own. */
  readonly defaultInputGuardrails?: readonly GuardrailEntry[] | undefined;
  /** Guardrails of every reply, in front of the config's own. */
  readonly defaultOutputGuardrails?: readonly GuardrailEntry[] | undefined;
  /** Called for every request of every config before it is sent: may change it, or refuse it by `false`. */
  readonly beforeRequest?: HookFunction | readonly HookFunction[] | undefined;
  /** Called for every reply: may change it, or refuse it by `false`. Streams are held back until they are whole. */
  readonly afterRequest?: HookFunction | readonly HookFunction[] | undefined;
  /** Where records of calls are kept: by default the last 1000 in memory. False: none are kept. */
  readonly logs?: LogsOption | undefined;
  /**
   * What this client shares with those of other processes: limits, places in flight, budgets, cooldowns, and answers of a `cache` with scope
   * `shared`. See `redis` of `modelmux/redis`. Without it, and while it does not answer, each process goes by its own limits.
   */
  readonly shared?: Shared | undefined;
  /** Where jobs wait. Default: in memory. `bullJobs` of `modelmux/redis` keeps them in Redis, for all processes. */
  readonly jobs?: JobQueue | undefined;
  /** What models cost, by `provider/model`, in US dollars per million tokens; they beat the price list. */
  readonly prices?: Readonly<Record<string, Pricing>> | undefined;
  /**
   * The price list for all other models: the data of the package `@pydantic/genai-prices`, nothing from a network. By default it is loaded
   * when somebody wants a cost: before the first call for a budget or the algorithm `cost`, beside it for listeners of `attempt-end` or
   * `request-end` (a reply that ends within the first 50 ms has no cost then). `genai-prices`: always before the first call.
   * False: only your own prices count.
   */
  readonly priceList?: 'genai-prices' | false | undefined;
  /** Budgets over all calls of this client, whatever their config: for all together, or by provider, virtual key, model or metadata. */
  readonly budgets?: BudgetConfig | readonly BudgetConfig[] | undefined;
  /**
   * Where budgets keep what was spent, so that it still counts after a restart: a file (Node; one process at a time), or a store of your own.
   * Every charge is written as it is booked. Calls wait until what was kept is read, and fail while it cannot be. Without it, and without
   * `shared`, a new process begins with nothing spent.
   */
  readonly budgetStore?: BudgetStoreOption | undefined;
  /** US dollars of one unit of other currencies that budgets are given in: `{ EUR: 1.08 }`. */
  readonly currencyRates?: Readonly<Record<string, number>> | undefined;
  /**
   * Counts the tokens of prompts, before anything is sent: `approximate` (default) by their characters, `gpt-tokenizer` as OpenAI's models
   * do (a package to install), or a function.
   */
  readonly tokenizer?: 'approximate' | 'gpt-tokenizer' | ((text: string, model: string) => number) | undefined;
  /** Follows calls with spans, as OpenTelemetry's does: see `modelmux/otel`. */
  readonly tracer?: Tracer | undefined;
  /** Sends requests in place of the runtime's own way. */
  readonly fetch?: typeof fetch | undefined;
  readonly clock?: Clock | undefined;
  /** Uniform in [0, 1). */
  readonly random?: (() => number) | undefined;
  readonly dangerouslyAllowBrowser?: boolean | undefined;
}

/** What a virtual key may cost. */
export interface VirtualKeyBudget {
  readonly budget?: BudgetConfig | readonly BudgetConfig[] | undefined;
  readonly on_exhausted?: OnExhausted | undefined;
}

/** A vault file, as `modelmux vault add` writes it. */
export interface VaultFileOption {
  readonly file: string;
  /** Default: the environment variable `MODELMUX_VAULT_PASSPHRASE`. */
  readonly passphrase?: string | undefined;
}

/** From a slug to what stands behind it; undefined when there is nothing. */
export type VirtualKeyResolver = (slug: string) => Promise<VirtualKeyFields | undefined>;

/** A map from ID to config, an async function, a folder of JSON and YAML files, a store such as `redisDocuments`, a PostgreSQL database, or a gateway that keeps them. */
export type ConfigsOption =
  | Readonly<Record<string, Config | LegacyConfig>>
  | ((id: string) => Promise<unknown>)
  | { readonly folder: string; readonly keepVersions?: number }
  | { readonly store: DocumentStore }
  | { readonly postgres: string; readonly keepVersions?: number }
  | { readonly baseURL: string; readonly apiKey: string };

/**
 * A folder, made where it is missing; a store such as `redisDocuments`; or a PostgreSQL database. `keepVersions` (default 100): how many
 * versions of each prompt are kept beside the published one and those with labels.
 */
export type PromptsOption =
  | { readonly folder: string; readonly keepVersions?: number }
  | { readonly store: DocumentStore }
  | { readonly postgres: string; readonly keepVersions?: number };
