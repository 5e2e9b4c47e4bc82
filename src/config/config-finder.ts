import { ConfigError } from '../core/errors/config-error.ts';
import { isJsonObject } from '../core/json.ts';
import { type Runtime, systemClock } from '../core/runtime.ts';
import { cachedConfigs } from './by-id/cached.ts';
import type { ConfigSource } from './by-id/config-source.ts';
import { mapConfigs } from './by-id/map.ts';
import { remoteConfigs } from './by-id/remote.ts';
import { requireConfig } from './by-id/require-config.ts';
import { resolverConfigs } from './by-id/resolver.ts';
import type { ConfigNames } from './check.ts';
import type { ConfigsOption } from './client-options.ts';
import { openOnce } from './open-once.ts';
import { parseConfig } from './parse.ts';
import { expandRefs, type FindConfig } from './refs.ts';

/** Where a client finds configs by ID. */
export interface ConfigFinder {
  readonly find: FindConfig;
  /** Lookups answer at once: a config named by the client is compiled at construction. */
  readonly isImmediate: boolean;
}

/** The finder behind the option `configs`; undefined without it. A map is checked whole, now. Throws `ConfigError`. */
export function configFinder(
  configs: ConfigsOption | undefined,
  runtime: Runtime,
  names: ConfigNames = {},
): ConfigFinder | undefined {
  if (configs === undefined) return undefined;
  const { clock, events } = runtime;
  if (typeof configs === 'function')
    return looked(cachedConfigs(resolverConfigs(configs, { clock }), { clock, events }));
  const { folder, baseURL, apiKey } = configs as Readonly<Record<string, unknown>>;
  if (typeof folder === 'string') return looked(folderSource(folder, runtime, names));
  if (typeof baseURL === 'string' && typeof apiKey === 'string') {
    return looked(
      cachedConfigs(remoteConfigs({ baseURL, apiKey, transport: runtime.transport, clock }), { clock, events }),
    );
  }
  return mapped(configs as Readonly<Record<string, unknown>>, names);
}

function looked(source: ConfigSource): ConfigFinder {
  const versions = new WeakMap<object, string>();
  const look = async (id: string) => {
    const { config, version } = await requireConfig(source, id);
    if (version !== undefined && typeof config === 'object' && config !== null) versions.set(config, version);
    return config;
  };
  return { isImmediate: false, find: Object.assign(look, { versionOf: (config: object) => versions.get(config) }) };
}

/** Opened by the first lookup: a folder needs Node, the rest of the entry does not. */
function folderSource(path: string, { clock, events }: Runtime, names: ConfigNames): ConfigSource {
  // Without a clock of the user's the folder takes its own, whose timers do not keep the process running.
  const time = clock === systemClock ? {} : { clock };
  const folder = openOnce<ConfigSource>(async () => {
    const { openConfigFolder } = await import('./by-id/folder.ts');
    const validate = (config: unknown) => checkAlone(config, names);
    return openConfigFolder({ path, events, validate, ...time });
  });
  return {
    get: (id) => folder.get().then((source) => source.get(id)),
    ids: () => folder.known?.ids?.() ?? [],
  };
}

/** Checks a config before the others are known: anything sound may stand where it refers to one. */
function checkAlone(config: unknown, names: ConfigNames): void {
  const expanded = expandRefs(config, () => ({ provider: 'openai' }));
  if (!(expanded instanceof Promise)) parseConfig(expanded.document, undefined, names);
}

function mapped(configs: Readonly<Record<string, unknown>>, names: ConfigNames): ConfigFinder {
  // Checks IDs and that each is an object.
  mapConfigs(configs);
  const find: FindConfig = Object.assign((id: string) => (Object.hasOwn(configs, id) ? configs[id] : undefined), {
    ids: () => Object.keys(configs),
  });
  const issues = Object.entries(configs).flatMap(([id, config]) => issuesOf(id, config, find, names));
  if (issues.length > 0) throw new ConfigError(issues, 'Invalid configs');
  return { isImmediate: true, find };
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
