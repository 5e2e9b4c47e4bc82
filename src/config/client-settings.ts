import { type Closers, createClosers } from '../core/closers.ts';
import type { CallOverrides } from '../core/context.ts';
import type { EventSink } from '../core/events.ts';
import type { Handler } from '../core/handler.ts';
import { isJsonObject } from '../core/json.ts';
import type { Runtime } from '../core/runtime.ts';
import type { SpanFacts } from '../core/span-facts.ts';
import { createHealthChecks, createOutage, createSharedLink } from '../routing/middleware/index.ts';
import { createAffinityMaps } from '../routing/state/affinity-map.ts';
import type { TargetStates } from '../routing/state/target-states.ts';
import type { ConfigNames } from './check.ts';
import { type ClientAdmin, clientAdmin } from './client-admin.ts';
import { clientCache } from './client-cache.ts';
import type { CallOptions, PortkeyOptions } from './client-options.ts';
import { compileConfig } from './compile.ts';
import { type CompiledTargets, compiledTargets, type TargetsTold } from './compiled-targets.ts';
import type { Config } from './config.ts';
import { type ConfigFinder, configFinder } from './config-finder.ts';
import { clientHooks } from './guard/client-hooks.ts';
import { createHookCompiler } from './guard/hook-compiler.ts';
import type { Hooks } from './guard/hook-entries.ts';
import { createTargetSwitch, type TargetSwitch } from './health/target-switch.ts';
import { type Inherited, nothingInherited } from './inherit.ts';
import { labelOptions } from './label-options.ts';
import { type LogOptions, readLogOptions } from './log-options.ts';
import { clientMoney, type OwnBudgets } from './money/client-money.ts';
import { type CanonicalOptions, readOptionNames } from './option-names.ts';
import { checkValues, spanOf, toMetadata } from './option-values.ts';
import { fieldsOf } from './own-credentials.ts';
import { parseConfig } from './parse.ts';
import type { FindConfig } from './refs.ts';
import { type Compiled, type ConfigRegistry, createConfigRegistry } from './registry.ts';
import { readTokenizer } from './tokenizer.ts';
import { type ClientVaults, clientVaults } from './vaults.ts';
import { createKeyRules } from './virtual-keys/key-rules.ts';

/** Options of one call and of its client, merged: what the call goes through and what it carries. */
export interface CallSettings {
  readonly compiled: Compiled | Promise<Compiled>;
  readonly traceId: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly overrides: CallOverrides;
  /** The ID the config was named by. */
  readonly configId: string | undefined;
  readonly span: SpanFacts | undefined;
  /** False: bodies of the call are not logged. */
  readonly debug: boolean | undefined;
}

/** A client's options, read once. */
export interface ClientSettings extends TargetsTold {
  /** Every call goes to one gateway, which keeps configs and keys. */
  readonly isGateway: boolean;
  /** What records of calls to keep; undefined: none, or a gateway keeps them. */
  readonly logs: LogOptions | undefined;
  readonly admin: ClientAdmin;
  readonly targetSwitch: TargetSwitch;
  /** Lets go of all that runs beside the calls. */
  close(): Promise<void>;
  /** Throws `ConfigError` for options that cannot be meant. */
  forCall(params: CallOptions | undefined): CallSettings;
  /** {@link forCall} for many calls with the same options, which are read once. The config is looked up for each call: what an ID names may change. */
  forCalls(params: CallOptions): () => CallSettings;
}

const registriesKept = 100;

/** What whoever serves others adds to a client. */
export interface SettingsParts {
  /** Lays configs of another source over those of the options. */
  readonly withFinder?: (given: ConfigFinder) => ConfigFinder;
  readonly budgets?: OwnBudgets | undefined;
}

/** Reads the options of an in-process client and compiles its config. Throws one `ConfigError` that lists everything wrong. */
export function readClientSettings(
  options: PortkeyOptions,
  runtime: Runtime,
  { withFinder = (given) => given, budgets }: SettingsParts = {},
): ClientSettings {
  const client = readOptionNames(options, 'client');
  checkValues(client, 'options');
  const hooks = clientHooks(client);
  const names = { guardrails: hooks.named };
  const finder = withFinder(configFinder(client.configs, runtime, names));
  const closers = createClosers();
  const vaults = clientVaults(client, runtime);
  const { states, noting, ...told } = compiledTargets(runtime.clock);
  const compile = compiler(client, runtime, { states, noting, hooks, closers, vaults, budgets });
  const registryFor = registries(compile, finder.find, { events: runtime.events, names });
  const own = askedBy(client);
  const registry = registryFor(own);
  const document = client.config ?? {};
  const metadata = toMetadata(client.metadata);
  const defaults = {
    traceId: client.traceID,
    metadata,
    overrides: { ...priorityOf(client), ...labelOptions(client, metadata) },
    configId: idOf(document),
    span: spanOf(client),
    debug: client.debug,
  };
  const compiled = ownConfig(registry, document, finder.isImmediate);
  function forCalls(params: CallOptions): () => CallSettings {
    const call = readOptionNames(params, 'call');
    checkValues(call, 'params');
    const asked = askedBy(call);
    const isDefault = call.config === undefined && Object.keys(asked).length === 0;
    const from = isDefault ? undefined : registryFor(merge(own, asked));
    const asks = isDefault ? document : documentFor(call, document);
    const metadata = call.metadata === undefined ? defaults.metadata : toMetadata(call.metadata);
    const settings = {
      traceId: call.traceID ?? defaults.traceId,
      metadata,
      overrides: { ...defaults.overrides, ...labelOptions(call, metadata), ...overridesOf(call) },
      configId: idOf(asks),
      span: mergeSpan(defaults.span, spanOf(call)),
      debug: call.debug ?? defaults.debug,
    };
    return () => ({ compiled: from === undefined ? compiled() : from.compiled(asks), ...settings });
  }
  return {
    isGateway: false,
    logs: readLogOptions(client.logs),
    admin: clientAdmin({ finder, names, vaults, prompts: client.prompts }, runtime, closers),
    ...told,
    targetSwitch: createTargetSwitch(states, runtime),
    close: closers.close,
    forCall: (params) => (params === undefined ? { ...defaults, compiled: compiled() } : forCalls(params)()),
    forCalls,
  };
}

/** The client's own config, for each call. Throws at once what is wrong with it; one whose lookup takes time waits for the first call. */
function ownConfig(
  registry: ConfigRegistry,
  document: Parameters<ConfigRegistry['compiled']>[0],
  isImmediate: boolean,
): () => ReturnType<ConfigRegistry['compiled']> {
  const hasId = idOf(document) !== undefined;
  const standing = hasId && !isImmediate ? undefined : registry.compiled(document);
  // A lookup that fails is told to the calls, which look again.
  if (standing instanceof Promise) standing.catch(() => undefined);
  const mayChange = hasId || standing === undefined || standing instanceof Promise || standing.refs.size > 0;
  return mayChange ? () => registry.compiled(document) : () => standing;
}

/** Registries by whom the options name: configs without a provider of their own are compiled for each. */
function registries(
  compile: (config: Config) => Handler,
  find: FindConfig,
  { events, names }: { readonly events: EventSink; readonly names: ConfigNames },
): (asked: Config) => ConfigRegistry {
  const known = new Map<string, ConfigRegistry>();
  return (asked) => {
    const key = JSON.stringify(asked);
    const found = known.get(key);
    if (found !== undefined) return found;
    if (Object.keys(asked).length > 0) parseConfig(asked, 'Invalid options');
    const registry = createConfigRegistry((config) => compile(withAsked(config, asked)), find, events, names);
    if (known.size >= registriesKept) known.delete(known.keys().next().value ?? '');
    known.set(key, registry);
    return registry;
  };
}

/** What all configs of a client share. */
interface Common {
  readonly states: TargetStates;
  readonly noting: CompiledTargets['noting'];
  readonly hooks: Hooks;
  readonly closers: Closers;
  readonly vaults: ClientVaults;
  readonly budgets: OwnBudgets | undefined;
}

function compiler(
  client: CanonicalOptions,
  given: Runtime,
  { states, noting, hooks, closers, vaults, budgets }: Common,
): (config: Config) => Handler {
  const tokenizer = readTokenizer(client.tokenizer);
  const runtime = tokenizer === undefined ? given : { ...given, countTokens: tokenizer.count };
  const checks = createHealthChecks(runtime);
  closers.add(checks.stop);
  const { environment } = vaults;
  const keyRules = vaults.vault.mayLimit === true ? createKeyRules(vaults.vault, runtime.clock) : undefined;
  const money = clientMoney(client, runtime, { own: budgets, keyRules });
  if (money.kept !== undefined) closers.add(money.kept.close);
  const inherited: Inherited = {
    ...nothingInherited,
    requestTimeoutMs: client.requestTimeout,
    forwardHeaders: client.forwardHeaders ?? [],
    strictOpenAiCompliance: client.strictOpenAiCompliance,
    hooks,
  };
  const { clock } = runtime;
  const outage = createOutage();
  const shared =
    client.shared === undefined
      ? undefined
      : createSharedLink(client.shared.state, runtime, (id, until) => states.tripped(id, until, clock.now()), outage);
  if (shared !== undefined) closers.add(shared.flush);
  const options = {
    runtime,
    hooks: createHookCompiler(),
    affinities: createAffinityMaps(),
    checks,
    shared,
    tokenizer,
    vault: keyRules?.vault ?? vaults.vault,
    keyRules,
    environment,
    inherited,
    customHost: client.customHost,
    cache: clientCache(client, runtime, outage),
    money,
  };
  return (config) => noting((noted) => compileConfig(config, { ...options, states: noted }));
}

function idOf(document: unknown): string | undefined {
  return typeof document === 'string' && !document.trimStart().startsWith('{') ? document : undefined;
}

/** Whom options name, as a config would: provider, key, provider fields. */
function askedBy({ provider, virtualKey, Authorization, ...options }: CanonicalOptions): Config {
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(virtualKey === undefined ? {} : { virtual_key: virtualKey }),
    ...(Authorization === undefined ? {} : { api_key: Authorization.replace(/^Bearer\s+/i, '') }),
    ...fieldsOf(options as Config),
  };
}

/** Somebody else's key must not go with the call's provider. */
function merge(client: Config, call: Config): Config {
  const namesAnother = call.provider !== undefined || call.virtual_key !== undefined;
  return namesAnother ? call : { ...client, ...call };
}

/** A root without targets that names nobody asks whom the options name. */
function withAsked(config: Config, asked: Config): Config {
  const { targets, model_groups, provider, virtual_key } = config;
  const names = [targets, model_groups, provider, virtual_key].some((given) => given !== undefined);
  return names ? config : { ...asked, ...config };
}

const branchKeys = ['targets', 'options', 'model_groups', 'modelGroups'];

/** A call that names its own provider or key does not go through the client's targets. */
function documentFor(call: CanonicalOptions, standing: unknown): unknown {
  if (call.config !== undefined) return call.config;
  const hasTargets = !isJsonObject(standing) || branchKeys.some((key) => key in standing);
  return hasTargets ? {} : standing;
}

function mergeSpan(client: SpanFacts | undefined, call: SpanFacts | undefined): SpanFacts | undefined {
  return client === undefined || call === undefined ? (call ?? client) : { ...client, ...call };
}

function priorityOf({ priority }: CanonicalOptions): CallOverrides {
  return priority === undefined ? {} : { priority };
}

function overridesOf(call: CanonicalOptions): CallOverrides {
  return {
    ...(call.requestTimeout === undefined ? {} : { requestTimeoutMs: call.requestTimeout }),
    ...(call.customHost === undefined ? {} : { customHost: call.customHost }),
    ...(call.forwardHeaders === undefined ? {} : { forwardHeaders: call.forwardHeaders }),
    ...(call.cacheForceRefresh === undefined ? {} : { cacheForceRefresh: call.cacheForceRefresh }),
    ...(call.cacheNamespace === undefined ? {} : { cacheNamespace: call.cacheNamespace }),
    ...(call.strictOpenAiCompliance === undefined ? {} : { strictOpenAiCompliance: call.strictOpenAiCompliance }),
    ...priorityOf(call),
  };
}
