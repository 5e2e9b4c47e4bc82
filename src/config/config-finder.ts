import type { DocumentStore } from '../core/document-store.ts';
import { ConfigError, ConfigNotFoundError } from '../core/errors/config-error.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { isJsonObject } from '../core/json.ts';
import { openOnce } from '../core/open-once.ts';
import { backgroundClock, type Clock, type Runtime, systemClock } from '../core/runtime.ts';
import { createOutage } from '../routing/middleware/index.ts';
import { type MemoryDocuments, memoryDocuments } from '../stores/documents/memory-documents.ts';
import { cachedConfigs } from './by-id/cached.ts';
import type { ConfigSource } from './by-id/config-source.ts';
import { mapConfigs } from './by-id/map.ts';
import { remoteConfigs } from './by-id/remote.ts';
import { requireConfig } from './by-id/require-config.ts';
import { resolverConfigs } from './by-id/resolver.ts';
import { storeSource } from './by-id/store-source.ts';
import { watchOutage } from './by-id/watch-outage.ts';
import type { ConfigNames } from './check.ts';
import type { ConfigsOption } from './client-options.ts';
import { givenStore, readKeepVersions } from './given-store.ts';
import { parseConfig } from './parse.ts';
import { expandRefs, type FindConfig } from './refs.ts';

/** Where a client finds configs by ID. */
export interface ConfigFinder {
  readonly find: FindConfig;
  /** Lookups answer at once: a config named by the client is compiled at construction. */
  readonly isImmediate: boolean;
  /** Where configs are kept, to be changed. Rejects with `InvalidRequestError` where they are only looked up. */
  store(): Promise<DocumentStore>;
  /** Where they are only looked up. */
  readonly isReadOnly: boolean;
  /** Finds what is not in the store. */
  readonly others?: FindConfig;
  /** They are in this process's memory. */
  readonly memory?: MemoryDocuments;
  /** Looks for changes no longer; what is known stays. */
  close(): void;
}

/** The finder behind the option `configs`; without it an empty one, in memory. A map is checked whole, now. Throws `ConfigError`. */
export function configFinder(
  configs: ConfigsOption | undefined,
  runtime: Runtime,
  names: ConfigNames = {},
): ConfigFinder {
  const { clock, events } = runtime;
  if (configs === undefined) return inMemory({}, clock);
  if (typeof configs === 'function')
    return readOnly(cachedConfigs(resolverConfigs(configs, { clock }), { clock, events }));
  const { folder, baseURL, apiKey } = configs as Readonly<Record<string, unknown>>;
  if (typeof folder === 'string') {
    const keepVersions = readKeepVersions(configs, 'configs');
    return inFolder({ path: folder, keepVersions }, runtime, names);
  }
  const given = givenStore(configs, { collection: 'configs', clock });
  if (given !== undefined) {
    const outage = createOutage();
    const source = storeSource(given, watchOutage({ outage, events, what: 'configs' }));
    const found = looked(cachedConfigs(source, { clock, events, ttlMs: storeTtlMs, outage }));
    return { ...found, store: given.get, isReadOnly: false, close: source.close };
  }
  if (typeof baseURL === 'string' && typeof apiKey === 'string') {
    // Only what waits for a call is waited for.
    const time = clock === systemClock ? backgroundClock : clock;
    const source = remoteConfigs({ baseURL, apiKey, transport: runtime.transport, clock: time });
    const cached = cachedConfigs(source, { clock, events, pollMs: remotePollMs });
    return { ...readOnly(cached), close: cached.close };
  }
  return mapped(configs as Readonly<Record<string, unknown>>, clock, names);
}

/** A change at a server is seen so soon. One that has not changed answers 304. */
const remotePollMs = 4000;

/** A change in a store that tells nobody is seen so soon. */
const storeTtlMs = 2000;

function readOnly(source: ConfigSource): ConfigFinder {
  const store = async () => {
    throw new InvalidRequestError(
      'configs',
      'The configs of this client are only looked up. To change them here, give it a folder or a store: configs: { folder }.',
    );
  };
  return { ...looked(source), store, isReadOnly: true, close: () => undefined };
}

function looked(source: ConfigSource): Pick<ConfigFinder, 'find' | 'isImmediate'> {
  const versions = new WeakMap<object, string>();
  const look = async (id: string) => {
    const { config, version } = await requireConfig(source, id);
    if (version !== undefined && typeof config === 'object' && config !== null) versions.set(config, version);
    return config;
  };
  const find = Object.assign(look, {
    ids: () => source.ids?.() ?? [],
    versionOf: (config: object) => versions.get(config),
  });
  return { isImmediate: false, find };
}

/** Opened by the first lookup: a folder needs Node, the rest of the entry does not. */
function inFolder(
  { path, keepVersions }: { readonly path: string; readonly keepVersions: number | undefined },
  { clock, events }: Runtime,
  names: ConfigNames,
): ConfigFinder {
  // Without a clock of the user's the folder takes its own, whose timers do not keep the process running.
  const time = clock === systemClock ? {} : { clock };
  const folder = openOnce(async () => {
    const { openConfigFolder } = await import('./by-id/folder.ts');
    const validate = (config: unknown) => checkAlone(config, names);
    return openConfigFolder({ path, events, validate, ...time });
  });
  const store = openOnce(async () => {
    const { folderStore } = await import('./by-id/folder-store.ts');
    return folderStore(path, await folder.get(), clock, keepVersions);
  });
  const source: ConfigSource = {
    get: (id) => folder.get().then((opened) => opened.get(id)),
    ids: () => folder.known?.ids() ?? [],
  };
  return { ...looked(source), store: store.get, isReadOnly: false, close: () => folder.known?.close() };
}

/** Checks a config before the others are known: anything sound may stand where it refers to one. */
function checkAlone(config: unknown, names: ConfigNames): void {
  const expanded = expandRefs(config, () => ({ provider: 'openai' }));
  if (!(expanded instanceof Promise)) parseConfig(expanded.document, undefined, names);
}

function mapped(configs: Readonly<Record<string, unknown>>, clock: Clock, names: ConfigNames): ConfigFinder {
  // Checks IDs and that each is an object.
  mapConfigs(configs);
  const finder = inMemory(configs, clock);
  const issues = Object.entries(configs).flatMap(([id, config]) => issuesOf(id, config, finder.find, names));
  if (issues.length > 0) throw new ConfigError(issues, 'Invalid configs');
  return { ...finder, isImmediate: true };
}

function inMemory(configs: Readonly<Record<string, unknown>>, clock: Clock): ConfigFinder {
  const memory = memoryDocuments(configs, () => clock.now());
  const isEmpty = Object.keys(configs).length === 0;
  const missing = (id: string) => (isEmpty && memory.slugs().length === 0 ? noConfigs(id) : undefined);
  const find: FindConfig = Object.assign((id: string) => memory.peek(id)?.content ?? missing(id), {
    ids: memory.slugs,
    versionOf: memory.versionOf,
  });
  return { isImmediate: false, find, store: async () => memory, memory, isReadOnly: false, close: () => undefined };
}

function noConfigs(id: string): Promise<never> {
  return Promise.reject(new ConfigNotFoundError(id, 'cannot be looked up: the client has no "configs".'));
}

function issuesOf(id: string, config: unknown, find: FindConfig, names: ConfigNames) {
  try {
    const expanded = isJsonObject(config) ? expandRefs({ ref: id }, find) : undefined;
    if (expanded !== undefined && !(expanded instanceof Promise)) parseConfig(expanded.document, undefined, names);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.issues.map(({ path, message }) => ({
      path: `configs[${JSON.stringify(id)}]${path.slice(1)}`,
      message,
    }));
  }
}
