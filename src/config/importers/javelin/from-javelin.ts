import { didYouMean } from '../../../core/did-you-mean.ts';
import { ConfigError } from '../../../core/errors/config-error.ts';
import type { Config } from '../../config.ts';
import { parseConfig } from '../../parse.ts';
import { createNotes, type ImportWarning } from '../foreign/notes.ts';
import { readDocument } from '../foreign/read-text.ts';
import { type Section, sectionOf } from '../foreign/section.ts';
import { readKeys } from './keys.ts';
import { type Route, readRoute } from './route.ts';

/** What a Javelin document comes to. */
export interface JavelinImport {
  /** One config for each route, by its name. They hold the document's keys. */
  readonly configs: Readonly<Record<string, Config>>;
  /** Javelin's `type` of each route that has one: `chat`, `completions`, `embeddings`. For a server that serves routes; a config serves every endpoint. */
  readonly types: Readonly<Record<string, string>>;
  /** What has no counterpart here, or another meaning. */
  readonly warnings: readonly ImportWarning[];
  /** The config of one route, for `new Portkey({ config })`. Without a name that of the only one. Throws `ConfigError` when there is none. */
  route(name?: string): Config;
}

/**
 * Javelin's routes: `{routes: [{name, models: [{model: {…}}]}]}` or flat, a single route, or a list of them; an object, or JSON or YAML text. `secrets` and
 * `providers` beside them give keys and addresses; keys that the document leaves out come from the providers' environment variables.
 * Every key is mapped, or named in `warnings`. Throws one `ConfigError` that lists what cannot be meant.
 */
export function fromJavelin(document: unknown): JavelinImport {
  const kind = { title: 'Javelin document', yaml: '1.2' } as const;
  const given = readDocument(toRoutes(document), kind);
  const notes = createNotes(`Invalid ${kind.title}`);
  const reading = { notes, environment: {}, variableOf: () => undefined };
  const root = sectionOf('routes' in given || !('models' in given) ? given : { routes: [given] }, '$', reading);
  const providers = readProviders(root);
  const keys = readKeys(root, providers.sections);
  const scope = { keys, providers: providers.configs, disabled: providers.disabled };
  const routes = root.sections('routes').flatMap((section) => readRoute(section, scope) ?? []);
  if (!root.has('routes')) root.refuse('routes', 'Missing: a list such as [{"name": "eng_dept", "models": [ … ]}].');
  for (const [name, list] of Map.groupBy(routes, (route) => route.name))
    if (list.length > 1) notes.refuse('$.routes', `Two routes are called "${name}".`);
  finish(root, providers);
  for (const path of keys.unused()) notes.warn(path, 'No model of this document uses it.');
  notes.throwIfRefused();
  return toImport(routes, notes.warnings);
}

/** A list of routes, as an object that holds it. */
function toRoutes(document: unknown): unknown {
  return Array.isArray(document) ? { routes: document } : document;
}

function toImport(routes: readonly Route[], warnings: readonly ImportWarning[]): JavelinImport {
  const configs = Object.fromEntries(
    routes.map(({ name, config }) => [name, parseConfig(config, `Invalid Javelin route ${JSON.stringify(name)}`)]),
  );
  const names = Object.keys(configs);
  return {
    configs,
    types: Object.fromEntries(routes.flatMap(({ name, type }) => (type === undefined ? [] : [[name, type]]))),
    warnings,
    route(name = names.length === 1 ? names[0] : undefined) {
      const config = name !== undefined && Object.hasOwn(configs, name) ? configs[name] : undefined;
      if (config !== undefined) return config;
      const message =
        name === undefined
          ? `Say which: ${names.join(', ')}.`
          : `There is no route "${name}".${didYouMean(name, names) || ` Routes: ${names.join(', ')}.`}`;
      throw new ConfigError([{ path: 'route', message }], 'Invalid route');
    },
  };
}

interface Providers {
  readonly sections: readonly Section[];
  /** `config` of each, by name. */
  readonly configs: ReadonlyMap<string, Section>;
  readonly disabled: ReadonlySet<string>;
}

const ofProviders: Readonly<Record<string, string>> = {
  type: 'A provider’s name says whose wire format it speaks.',
  vault_enabled: 'Keys stand in the document, or come from the environment.',
  description: 'Only a note: it has no effect.',
};

function readProviders(root: Section): Providers {
  const sections = root.sections('providers');
  const configs = new Map<string, Section>();
  const disabled = new Set<string>();
  for (const section of sections) {
    const name = section.text('name');
    const config = section.section('config');
    if (name === undefined || name === '') section.refuse('name', 'Missing: whose provider it is.');
    else if (config !== undefined) configs.set(name, config);
    if (section.boolean('enabled') === false && name !== undefined) disabled.add(name);
    for (const [key, message] of Object.entries(ofProviders)) section.warn(key, message);
  }
  return { sections, configs, disabled };
}

/** Fields of a provider are read by the models that ask it: what is left over has no effect. */
function finish(root: Section, { sections, configs }: Providers): void {
  for (const config of configs.values()) config.finish([], 'No effect on the models of this document.');
  for (const section of sections) section.finish(['name', 'enabled', 'config', 'api_keys']);
  root.finish(['routes', 'providers', 'secrets']);
}
