import type { Config } from '../../config/config.ts';
import { fromJavelin } from '../../config/importers/javelin/from-javelin.ts';
import { ConfigError } from '../../core/errors/config-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Collection } from '../data/collection.ts';
import type { Records } from '../data/records.ts';

/** A Javelin route: as it was given, and what it comes to. */
export interface JavelinRoute {
  readonly name: string;
  /** A document with this one route, and what providers and secrets it needs. */
  readonly document: JsonObject;
  readonly config: Config;
  /** `chat`, `completions`, `embeddings`; absent: every endpoint. */
  readonly type?: string;
}

/** The routes that a server has: those of its option, and those made over the admin calls. */
export interface JavelinRoutes {
  get(name: string): JavelinRoute | undefined;
  all(): readonly JavelinRoute[];
  /** Keeps the routes of a document. */
  put(routes: readonly JavelinRoute[]): Promise<void>;
  /** False when there is none. Throws for one of the server's option. */
  delete(name: string): Promise<boolean>;
}

/** Throws `ConfigError` for an option that cannot be used. */
export function createJavelinRoutes(given: object | undefined, records: Records): JavelinRoutes {
  const standing = new Map(given === undefined ? [] : readRoutes(given).map((route) => [route.name, route] as const));
  const made: Collection<JavelinRoute> = records.collection('routes', fromRecord);
  return {
    get: (name) => made.get(name) ?? standing.get(name),
    all: () => [...[...standing.values()].filter(({ name }) => made.get(name) === undefined), ...made.all()],
    async put(routes) {
      for (const route of routes) await made.put(route.name, route);
    },
    async delete(name) {
      if (await made.delete(name)) return true;
      if (!standing.has(name)) return false;
      throw new InvalidRequestError('name', `Route "${name}" stands in the server's own options: take it out there.`);
    },
  };
}

/** The routes of a document, wrapped or flat. Throws `ConfigError`. */
export function readRoutes(document: object): readonly JavelinRoute[] {
  const { configs, types } = fromJavelin(document);
  const beside = isJsonObject(document) && !('models' in document) ? document : {};
  const { routes: _routes, ...shared } = beside;
  return Object.entries(configs).map(([name, config]) => ({
    name,
    document: { ...shared, routes: [routeIn(document, name)] },
    config,
    ...(types[name] === undefined ? {} : { type: types[name] }),
  }));
}

/** The route of this name as it was given. */
function routeIn(document: object, name: string): unknown {
  const given = isJsonObject(document) && Array.isArray(document.routes) ? document.routes : [document].flat();
  return given.map(unwrapped).find((route) => isJsonObject(route) && route.name === name);
}

function unwrapped(route: unknown): unknown {
  return isJsonObject(route) && isJsonObject(route.route) ? route.route : route;
}

function fromRecord(value: unknown): JavelinRoute | undefined {
  if (!isJsonObject(value) || !isJsonObject(value.document)) return undefined;
  try {
    return readRoutes(value.document)[0];
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
