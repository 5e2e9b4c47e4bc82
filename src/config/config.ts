import type { ErrorEdge } from '../core/errors/kind.ts';
import type { JsonObject } from '../core/json.ts';
import type { ProviderReference } from '../core/provider-name.ts';
import type { AlgorithmName, PickFunction } from '../routing/algorithms/index.ts';
import type { Affinity } from './affinity/affinity-config.ts';
import type { HookLists } from './guard/guardrail-config.ts';
import type { LabelFields } from './label-fields.ts';
import type { LimitFields } from './limits/limit-config.ts';
import type { ModelGroupFields } from './model-group-fields.ts';
import type { MoneyFields } from './money/money-config.ts';

/**
 * A config: a node that is a target itself, or spreads requests over `targets` by `strategy`. Keys are Portkey's, in
 * snake_case; structural keys are accepted in camelCase too, both at once is an error. Nothing inside params,
 * metadata or queries is ever respelled.
 */
export interface Config extends TargetFields, HookLists, LimitFields, ProviderFields, ModelGroupFields<Config> {
  /** How requests are spread over `targets`; required with `targets`. */
  readonly strategy?: Strategy;
  /** At least one; each a target or again a node with targets. At most 32 levels and 100,000 nodes in all. */
  readonly targets?: readonly Config[];
  /** Loadbalance: keeps requests that belong together on one target. */
  readonly affinity?: Affinity;
}

/** `strategy` of a node. */
export interface Strategy {
  /** `single`: the one target. `fallback`: in order, until one answers. `loadbalance`: one by its share. `conditional`: the one that the first matching condition names. */
  readonly mode: 'single' | 'fallback' | 'loadbalance' | 'conditional';
  /** Fallback, and loadbalance with failover: go on only after these statuses; connection errors and timeouts count as listed when 408 or any 5xx is. Default: after any failure. */
  readonly on_status_codes?: readonly number[];
  /** Fallback, and loadbalance with failover: go on only after failures of these kinds. */
  readonly on_errors?: readonly ErrorEdge[];
  /** Conditional: the first whose query matches names the target. */
  readonly conditions?: readonly Condition[];
  /** Conditional: name of the target when no condition matches. */
  readonly default?: string;
  /**
   * Loadbalance: `weighted` (default) keeps exact shares by smooth turns, `random` draws each time as Portkey does, `round_robin` goes
   * in turn whatever the weights, `least_busy` takes the fewest requests in flight for its weight, `latency` the soonest expected answer,
   * `cost` the one where this request costs least for its weight (unknown prices last), `usage` the least used part of its limits,
   * `rate_limit_aware` of those with room the one with most of it left, else the soonest to have some, `sticky` the same target for the same
   * `sticky.hash_fields`. Or a function in code: `(targets, request) => index`.
   */
  readonly algorithm?: AlgorithmName | PickFunction;
  /**
   * Loadbalance: try a sibling when the picked target fails. Default true where `algorithm` is given, else false, as in Portkey. Under a
   * `retry` of the same node (`scope: "node"`) every target asked counts as a try; once each has had its turn, the tries left go on one by one.
   */
  readonly failover?: boolean;
  /**
   * Fallback, and loadbalance with `failover`: under a `total_timeout` each target gets its share of the time that is left until it begins to
   * answer, that is the time left divided by the targets left; the last gets all. Default false: a slow target may use up all of it, and a
   * reply that takes its time is never cut short for the sake of a target that may not be needed. With true a silent one never does.
   */
  readonly share_deadline?: boolean;
  /** Loadbalance: requests that belong together go to the same target, shares by weight. */
  readonly sticky?: Sticky;
  /** Loadbalance: shares by `weight` (default), or by what each target may use a minute by its `rpm` or `tpm` (or `rate_limit`); one without such a limit gets nothing. */
  readonly weight_by?: 'weight' | 'rpm' | 'tpm';
  /** Portkey's circuit breaker, for the targets below. */
  readonly cb_config?: CircuitBreaker;
}

/** `strategy.sticky`. A target that cools, or goes, loses its callers to the others; when it is back they come back. */
export interface Sticky {
  /** False: as if `sticky` were not there. Default true. */
  readonly enabled?: boolean;
  /** Paths such as `metadata.user_id` or `params.user`. Default `metadata._user`. A request that has none of them is spread by weight. */
  readonly hash_fields?: readonly string[];
  /**
   * Seconds after which a caller's target is drawn afresh; default never. Nothing is remembered, so that all processes agree: terms
   * begin at a time that depends on the caller, and one first seen late in its term keeps its target for less.
   */
  readonly ttl?: number;
}

/** `cooldown` of a node: when the targets below are taken out of use for a while. All times in seconds. */
export interface Cooldown {
  /**
   * Opens on more failures than this within `window`. Default 3; without limit when only `failure_ratio` is given. A key or account refused
   * (401, 403, billing) opens at once. The caller's mistakes (400, 404, 422, context window, content policy), the caller leaving, and the
   * call's own `requestTimeout` never count; a `total_timeout` counts against a target that had all of the time.
   */
  readonly allowed_fails?: number;
  /** Seconds over which failures are counted. Default 60. */
  readonly window?: number;
  /** Seconds of the first opening, doubled on each repeat. Default 30; 0 switches an inherited cooldown off. A longer `Retry-After` on 429 or 503 extends it. */
  readonly time?: number;
  /** Seconds no opening exceeds, `Retry-After` apart. Default 600. */
  readonly max_time?: number;
  /** Also opens when this part of the requests within `window` failed, above 0 to 1. */
  readonly failure_ratio?: number;
  /** Requests within `window` before `failure_ratio` means anything. Default 10. */
  readonly min_requests?: number;
  /** Own `allowed_fails`, and a count of its own, for one kind of failure. */
  readonly per_error?: Readonly<
    Partial<Record<'rate_limit' | 'timeout' | 'auth' | 'billing' | 'server' | 'network', number>>
  >;
  /** When every target a request could reach cools: `wait` (default) for the first one up to `max_wait`, `panic` calls them all the same, `fail` at once. */
  readonly when_all_open?: 'wait' | 'panic' | 'fail';
  /** Seconds a request waits at most, for `wait`. Default 10. Where a `queue` holds, its `max_wait` does. */
  readonly max_wait?: number;
  /** The only target of its node, or a config that is one target, never cools. Default true. */
  readonly exempt_single?: boolean;
  /** Seconds of an opening by a key or account that is refused, doubled on each repeat up to `max_time`. Default `time`. */
  readonly auth_time?: number;
}

/** `cb_config`, Portkey's circuit breaker: a `cooldown` whose time does not double and which passes all calls when every target is open. */
export interface CircuitBreaker {
  /** Opens on more failures than this within 60 s. Default 3; without limit when only the percentage is given. */
  readonly failure_threshold?: number;
  /** Also opens when this percentage of the requests failed. */
  readonly failure_threshold_percentage?: number;
  /** Requests before the percentage means anything. Default 10. */
  readonly minimum_requests?: number;
  /** Milliseconds of an opening. Default 30,000, which is also the least. */
  readonly cooldown_interval?: number;
  /** Statuses that count; failures without an answer count when 408 or any 5xx is listed. Default 500 to 599. */
  readonly failure_status_codes?: readonly number[];
}

/**
 * `health_check` of a target: it is asked now and then, whether there is traffic or not. A failed check counts like a failed request for the
 * target's `cooldown` (its defaults, where none is given), a good one ends an opening at once. Runs as long as the config is in use, until
 * `portkey.close()`; never keeps the process running. Costs what the request costs. All times in seconds.
 */
export interface HealthCheck {
  /** From the end of one check to the next, at least 1. Default 30. */
  readonly interval?: number;
  /** For one check, at most `interval`. Default 5, or `interval` where that is less. */
  readonly timeout?: number;
  /** Asked by GET, below the base URL: `/models`. Default: the provider's list of models. */
  readonly path?: string;
  /** The body of a chat completion to ask instead: `{ "model": "…", "messages": […], "max_tokens": 1 }`. */
  readonly request?: JsonObject;
  /** Failed checks in a row that take the target out of use, whatever `allowed_fails` says. Default 3. */
  readonly unhealthy_after?: number;
  /** Good checks in a row that put it back. Default 1. */
  readonly healthy_after?: number;
}

/** One condition of a conditional strategy. */
export interface Condition {
  /**
   * Over `metadata.*`, `params.*` (the caller's body) and `url.pathname`, with `$eq $ne $gt $gte $lt $lte $in $nin $regex $and $or`. A `$regex`
   * that can take exponential time is refused; a text too long to be looked at in bounded time does not match.
   */
  readonly query: JsonObject;
  /** `name` of a sibling target. */
  readonly then: string;
}

/** `retry` of a node. Replaces an inherited one whole; `attempts: 0` switches off. */
export interface Retry {
  /** Extra tries, 0 to 100. */
  readonly attempts: number;
  /** Default 429, 500, 502, 503, 504, 529. Connection errors are retried whatever the list. */
  readonly on_status_codes?: readonly number[];
  /** Wait as long as `Retry-After`, `retry-after-ms` or `x-ms-retry-after-ms` say, on 429 and 503. */
  readonly use_retry_after_header?: boolean;
  /** Another name of `use_retry_after_header`. */
  readonly use_retry_after_headers?: boolean;
  /** Waits longer than this are not waited, in ms. Default 60,000. */
  readonly max_wait?: number;
  /** Extra tries for one kind of failure, in place of `attempts`. A reply that a guardrail refused is asked for again at once; a request that one refused never is. */
  readonly per_error?: Readonly<Partial<Record<Exclude<ErrorEdge, 'any'>, number>>>;
  /** How long to wait between tries where no header says. */
  readonly backoff?: RetryBackoff;
  /** Bounds the tries of all calls together, so that a failing provider is not asked twice as often. What it does not allow is final at once. */
  readonly budget?: RetryBudgetConfig;
  /** `target` (default): each target below tries itself again, as in Portkey. `node`: the node picks again. */
  readonly scope?: 'target' | 'node';
}

/** `retry.backoff`. */
export interface RetryBackoff {
  /** Milliseconds before the second try. Default 1000. */
  readonly initial?: number;
  /** Each wait is the one before times this, at least 1. Default 2. */
  readonly factor?: number;
  /** Milliseconds no wait exceeds. Default 16,000, or `initial` where that is longer. */
  readonly max?: number;
  /** The part of a wait that chance may take away, 0 to 1. Default 0.5. */
  readonly jitter?: number;
}

/** `retry.budget`: within 10 s at most `ratio` x calls + `min_per_second` x 10 tries, over all targets this `retry` comes down to. */
export interface RetryBudgetConfig {
  /** Tries for each call. Default 0.2. */
  readonly ratio?: number;
  /** Tries a second that are always allowed. Default 10. */
  readonly min_per_second?: number;
}

/**
 * `cache` of a node: equal requests are answered once. It acts where it is written, above the node's retry and strategy: a hit costs no
 * target, no quota and no wait, and what is stored is the node's answer, whichever target gave it. A node below with a `cache` of its own
 * answers for itself: the node above neither stores nor shares what comes from there.
 *
 * Cached are chat completions, completions, embeddings, responses, messages and moderations without files. Two requests are equal when
 * their bodies are, in whatever order of keys, and all else that may change the answer: endpoint, namespace, metadata that a condition
 * below looks at, headers to be forwarded, `customHost`, `strictOpenAiCompliance`. Streams and whole replies are kept apart; a stream
 * is replayed as the same chunks. Only whole 2xx answers and cleanly ended streams are stored, never a failure, a refusal by a guardrail, or a
 * reply that failed one; what is stored has passed, and is not checked again.
 *
 * Equal requests at the same time share one call. Who waits gets a copy when the whole answer is there, also of a stream; an abort ends
 * the waiting of one caller only, and when the caller whose call it is leaves, another takes over. A failure is shared by those who
 * waited for the call, each with an error object of its own. A stream is read from the provider as fast as it comes.
 */
export interface CacheConfig {
  /**
   * `simple`: equal requests. `semantic`: also requests of chat completions, completions, messages and responses that differ only in the text
   * of the last message, the user's, when the two texts mean the same. Everything else must be equal, earlier messages included.
   */
  readonly mode: 'simple' | 'semantic';
  /** Semantic: least cosine of the embeddings of two texts that mean the same, above 0 to 1. Default 0.95. */
  readonly threshold?: number;
  /** Semantic: who makes the embeddings. Asked only when no equal request was answered. Without an embedding, the request is a plain miss. */
  readonly embedding?: EmbeddingConfig;
  /** Seconds an answer may be used, 1 to 7,776,000 (90 days). Default 604,800 (7 days). */
  readonly max_age?: number;
  /** Keeps answers apart from those of other namespaces. A call's `cacheNamespace` beats it, a client's does not. */
  readonly namespace?: string;
  /**
   * `client` (default): one client only, and in it only this very config, credentials included; of a server each of its keys is a client of
   * its own. `shared`: every client with the same
   * `store` whose config is the same but for its keys and virtual keys.
   */
  readonly scope?: 'client' | 'shared';
  /** Nodes that name the same group share their answers within `scope`, whatever config they stand in and whomever they ask. */
  readonly group?: string;
  /** True: only requests that ask for it, with LiteLLM's body field `"cache": {"use-cache": true}` (`compat: "litellm"`), are answered from it and kept in it. */
  readonly opt_in?: boolean;
}

/** Who makes embeddings: a target, or a config with `targets` of its own, or `{ref: id}`. A request of it takes 5 s at most unless it says otherwise. */
export interface EmbeddingConfig extends Config {
  /** Short for `override_params: {model}`. */
  readonly model?: string;
}

/** Fields any node may have. */
export interface TargetFields extends MoneyFields, LabelFields {
  /** Identity across edits of the config; default: made from provider, credential, address and model. */
  readonly id?: string;
  /** What conditions call this target. */
  readonly name?: string;
  /** Share of a loadbalance, relative to its siblings. Default 1; 0 is never picked. */
  readonly weight?: number;
  /** Use another config in this place, by its ID. */
  readonly ref?: string;
  /** Fallback: kinds of the failure before this target that lead here. */
  readonly on_errors?: readonly ErrorEdge[];
  /** Provider name as in Portkey, or `@slug` of a virtual key. */
  readonly provider?: ProviderReference;
  /** The provider's key. Default: its environment variable. */
  readonly api_key?: string | undefined;
  /** Name of credentials that the client, its vault or the environment holds. */
  readonly virtual_key?: string | undefined;
  /** Base URL instead of the provider's own, with or without its version path. */
  readonly custom_host?: string | undefined;
  /** Names of the call's headers to hand on to the provider. */
  readonly forward_headers?: readonly string[];
  /** Beats the request, key by key; merged from parent to child. */
  readonly override_params?: JsonObject;
  /** Loses to the request, key by key; merged from parent to child. */
  readonly default_params?: JsonObject;
  /** Removed last: `a`, `a.b`, `a[0].b`, `a[*].b`. */
  readonly drop_params?: readonly string[];
  /** Tries a failed call again. Replaces an inherited one whole. */
  readonly retry?: Retry;
  /** Answers equal requests once. Acts where it is written. */
  readonly cache?: CacheConfig;
  /** Takes failing targets out of use for a while. Replaces an inherited one whole. */
  readonly cooldown?: Cooldown;
  /** Portkey's name for a circuit breaker; also accepted in `strategy`. */
  readonly cb_config?: CircuitBreaker;
  /** Target only: asks it now and then whether it is well. Such a target cools even where it is the only one of its node. */
  readonly health_check?: HealthCheck;
  /** Target only: requests in flight at most, streams until they end. A full one is passed over, or answers with `CapacityError` (429); with a `queue` requests wait. */
  readonly max_concurrency?: number;
  /** One attempt until its response headers, in ms. 0 inherits, as in Portkey. */
  readonly request_timeout?: number;
  /** Everything below this node, a stream to its end, in ms. */
  readonly total_timeout?: number;
  /** One attempt of a stream until its first content, in ms. */
  readonly first_token_timeout?: number;
  /** Silence between chunks of a stream, in ms. */
  readonly idle_timeout?: number;
  /** Default false: replies keep what goes beyond OpenAI's format (thinking blocks, citations). */
  readonly strict_open_ai_compliance?: boolean;
  /** A parameter the provider cannot honour fails the attempt instead of being dropped with a warning. Default false. */
  readonly strict_params?: boolean;
}

/** Provider-specific fields of a target, with or without the provider's prefix. */
export type ProviderFields = { readonly [Field in ProviderField]?: unknown };

/** Names a target may use for its provider's own fields. */
export const providerFields = [
  'resource_name',
  'deployment_id',
  'deployment_name',
  'api_version',
  'deployments',
  'model_name',
  'azure_resource_name',
  'azure_deployment_id',
  'azure_deployment_name',
  'azure_api_version',
  'azure_endpoint_name',
  'azure_auth_mode',
  'azure_ad_token',
  'azure_model_name',
  'azure_entra_tenant_id',
  'azure_entra_client_id',
  'azure_entra_client_secret',
  'azure_entra_scope',
  'azure_managed_client_id',
  'azure_workload_client_id',
  'azure_workload_tenant_id',
  'azure_federated_token',
  'azure_foundry_url',
  'azure_extra_parameters',
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_region',
  'aws_role_arn',
  'aws_external_id',
  'aws_auth_type',
  'aws_bedrock_model',
  'vertex_project_id',
  'vertex_region',
  'vertex_service_account_json',
  'openai_organization',
  'openai_project',
  'openai_beta',
  'anthropic_beta',
  'anthropic_version',
  'workers_ai_account_id',
  'huggingface_base_url',
  'fireworks_account_id',
  'snowflake_account',
  'get_access_token',
  'account_id',
  'endpoint',
  'tenant_id',
  'predibase_tenant_id',
  'mistral_fim_completion',
  'aws_sts_endpoint',
  'aws_role_session_name',
  'azure_endpoint',
  'azure_authority_host',
  'azure_identity_endpoint',
  'azure_identity_header',
  'vertex_auth_type',
  'vertex_location',
] as const;

/** One of {@link providerFields}. */
export type ProviderField = (typeof providerFields)[number];
