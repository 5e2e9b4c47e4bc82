import type { CallOverrides } from '../core/context.ts';
import type { EventSink } from '../core/events.ts';
import type { Handler } from '../core/handler.ts';
import { isJsonObject } from '../core/json.ts';
import type { Runtime } from '../core/runtime.ts';
import { createFlights, guardedStore } from '../routing/middleware/index.ts';
import type { TargetSnapshot } from '../routing/state/target-state.ts';
import { createTargetStates, type TargetStates } from '../routing/state/target-states.ts';
import { memoryStore } from '../stores/memory.ts';
import type { ClientCache } from './cache-policy.ts';
import type { CallOptions, PortkeyOptions } from './client-options.ts';
import { compileConfig } from './compile.ts';
import type { Config } from './config.ts';
import { configFinder } from './config-finder.ts';
import { type Inherited, nothingInherited } from './inherit.ts';
import { type CanonicalOptions, readOptionNames } from './option-names.ts';
import { checkValues, toMetadata } from './option-values.ts';
import { fieldsOf } from './own-credentials.ts';
import { parseConfig } from './parse.ts';
import type { FindConfig } from './refs.ts';
import { type Compiled, type ConfigRegistry, createConfigRegistry } from './registry.ts';
import { clientVaults } from './vaults.ts';

/** Options of one call and of its client, merged: what the call goes through and what it carries. */
export interface CallSettings {
  readonly compiled: Compiled | Promise<Compiled>;
  readonly traceId: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly overrides: CallOverrides;
}

/** A client's options, read once. */
export interface ClientSettings {
  /** Every call goes to one gateway, which keeps configs and keys. */
  readonly isGateway: boolean;
  /** How its targets are doing; a gateway's are its own affair. */
  targets(): readonly TargetSnapshot[];
  /** Throws `ConfigError` for options that cannot be meant. */
  forCall(params: CallOptions | undefined): CallSettings;
}

const registriesKept = 100;

/** Reads the options of an in-process client and compiles its config. Throws one `ConfigError` that lists everything wrong. */
export function readClientSettings(options: PortkeyOptions, runtime: Runtime): ClientSettings {
  const client = readOptionNames(options, 'client');
  checkValues(client, 'options');
  const finder = configFinder(client.configs, runtime);
  const states = createTargetStates();
  const registryFor = registries(compiler(client, runtime, states), finder?.find, runtime.events);
  const own = askedBy(client);
  const registry = registryFor(own);
  const document = client.config ?? {};
  // Compiled now, so that a broken config is known at construction; one whose lookup takes time waits for the first call.
  const standing = isId(document) && finder?.isImmediate !== true ? undefined : registry.compiled(document);
  // A lookup that fails is told to the calls, which look again.
  if (standing instanceof Promise) standing.catch(() => undefined);
  const settled =
    standing === undefined || standing instanceof Promise || standing.refs.size > 0 ? undefined : standing;
  const compiled = () => (isId(document) ? undefined : settled) ?? registry.compiled(document);
  const defaults = { traceId: client.traceID, metadata: toMetadata(client.metadata), overrides: {} };
  return {
    isGateway: false,
    targets: () => states.snapshot(runtime.clock.now()),
    forCall(params) {
      if (params === undefined) return { ...defaults, compiled: compiled() };
      const call = readOptionNames(params, 'call');
      checkValues(call, 'params');
      const asked = askedBy(call);
      const isDefault = call.config === undefined && Object.keys(asked).length === 0;
      return {
        compiled: isDefault ? compiled() : registryFor(merge(own, asked)).compiled(documentFor(call, document)),
        traceId: call.traceID ?? defaults.traceId,
        metadata: call.metadata === undefined ? defaults.metadata : toMetadata(call.metadata),
        overrides: overridesOf(call),
      };
    },
  };
}

/** Registries by whom the options name: configs without a provider of their own are compiled for each. */
function registries(
  compile: (config: Config) => Handler,
  find: FindConfig | undefined,
  events: EventSink,
): (asked: Config) => ConfigRegistry {
  const known = new Map<string, ConfigRegistry>();
  return (asked) => {
    const key = JSON.stringify(asked);
    const found = known.get(key);
    if (found !== undefined) return found;
    if (Object.keys(asked).length > 0) parseConfig(asked, 'Invalid options');
    const registry = createConfigRegistry((config) => compile(withAsked(config, asked)), find, events);
    if (known.size >= registriesKept) known.delete(known.keys().next().value ?? '');
    known.set(key, registry);
    return registry;
  };
}

function compiler(client: CanonicalOptions, runtime: Runtime, states: TargetStates): (config: Config) => Handler {
  const { vault, environment } = clientVaults(client, runtime);
  const inherited: Inherited = {
    ...nothingInherited,
    requestTimeoutMs: client.requestTimeout,
    forwardHeaders: client.forwardHeaders ?? [],
    strictOpenAiCompliance: client.strictOpenAiCompliance,
  };
  const options = {
    runtime,
    states,
    vault,
    environment,
    inherited,
    customHost: client.customHost,
    cache: clientCache(client, runtime),
  };
  return (config) => compileConfig(config, options);
}

function clientCache({ store, cacheNamespace, cacheForceRefresh }: CanonicalOptions, runtime: Runtime): ClientCache {
  return {
    store: guardedStore(store ?? memoryStore({ clock: runtime.clock }), runtime),
    flights: createFlights(),
    newId: runtime.traceId,
    clientId: runtime.traceId(),
    namespace: cacheNamespace,
    forceRefresh: cacheForceRefresh ?? false,
  };
}

function isId(document: unknown): boolean {
  return typeof document === 'string' && !document.trimStart().startsWith('{');
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
  const names = config.targets !== undefined || config.provider !== undefined || config.virtual_key !== undefined;
  return names ? config : { ...asked, ...config };
}

/** A call that names its own provider or key does not go through the client's targets. */
function documentFor(call: CanonicalOptions, standing: unknown): unknown {
  if (call.config !== undefined) return call.config;
  const hasTargets = !isJsonObject(standing) || 'targets' in standing || 'options' in standing;
  return hasTargets ? {} : standing;
}

function overridesOf(call: CanonicalOptions): CallOverrides {
  return {
    ...(call.requestTimeout === undefined ? {} : { requestTimeoutMs: call.requestTimeout }),
    ...(call.customHost === undefined ? {} : { customHost: call.customHost }),
    ...(call.forwardHeaders === undefined ? {} : { forwardHeaders: call.forwardHeaders }),
    ...(call.cacheForceRefresh === undefined ? {} : { cacheForceRefresh: call.cacheForceRefresh }),
    ...(call.cacheNamespace === undefined ? {} : { cacheNamespace: call.cacheNamespace }),
    ...(call.strictOpenAiCompliance === undefined ? {} : { strictOpenAiCompliance: call.strictOpenAiCompliance }),
  };
}
