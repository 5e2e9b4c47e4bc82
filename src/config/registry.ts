import type { ConfigFacts } from '../core/config-facts.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError, ConfigNotFoundError } from '../core/errors/config-error.ts';
import type { EventSink } from '../core/events.ts';
import type { Handler } from '../core/handler.ts';
import type { ConfigNames } from './check.ts';
import type { Config } from './config.ts';
import { configFacts } from './config-facts.ts';
import { parseConfig, parseJson } from './parse.ts';
import { type Expanded, expandRefs, type FindConfig } from './refs.ts';

/** A config, checked and compiled. */
export interface Compiled {
  readonly config: Config;
  readonly handler: Handler;
  /** What logs and events may tell of it. */
  readonly facts: ConfigFacts;
  /** The configs it refers to, as they were. */
  readonly refs: ReadonlyMap<string, unknown>;
}

/** Compiled configs by what names them. A config is compiled once, and again only when its ID, or a ref in it, leads to another object. */
export interface ConfigRegistry {
  /** `given`: a config object, its JSON, or an ID. At once for what is known, else a promise. Throws or rejects with `ConfigError` and `ConfigNotFoundError`. */
  compiled(given: unknown): Compiled | Promise<Compiled>;
}

const textsKept = 100;
const idsKept = 1000;

/** A registry without configs. `names`: what configs may name of the client's options. */
export function createConfigRegistry(
  compile: (config: Config) => Handler,
  find: FindConfig | undefined,
  events: EventSink,
  names: ConfigNames = {},
): ConfigRegistry {
  const keepGood = lastGoodKeeper(events);
  const byObject = new WeakMap<object, Compiled>();
  const texts = new Map<string, unknown>();
  const lookUp: FindConfig = find ?? ((id) => Promise.reject(noSource(id)));

  function fromObject(given: object): Compiled | Promise<Compiled> {
    const known = byObject.get(given);
    if (known !== undefined && known.refs.size === 0) return known;
    const expanded = expandRefs(given, lookUp);
    return expanded instanceof Promise ? expanded.then((result) => build(given, result)) : build(given, expanded);
  }

  function build(given: object, { document, refs }: Expanded): Compiled {
    const known = byObject.get(given);
    if (known !== undefined && areSame(known.refs, refs)) return known;
    const config = parseConfig(document, undefined, names);
    const compiled = { config, handler: compile(config), facts: configFacts(config, lookUp.versionOf?.(given)), refs };
    byObject.set(given, compiled);
    return compiled;
  }

  /** The same text is the same config: its object is kept, so that it is compiled once. */
  function parsed(text: string): unknown {
    const known = texts.get(text);
    if (known !== undefined) return known;
    const document = parseJson(text);
    if (texts.size >= textsKept) texts.delete(texts.keys().next().value ?? '');
    texts.set(text, document);
    return document;
  }

  function fromDocument(document: unknown): Compiled | Promise<Compiled> {
    if (typeof document === 'string') return fromDocument(parsed(document));
    return typeof document === 'object' && document !== null
      ? fromObject(document)
      : build({}, { document, refs: new Map() });
  }

  return {
    compiled(given) {
      if (typeof given !== 'string' || given.trimStart().startsWith('{')) return fromDocument(given);
      const found = lookUp(given);
      if (found instanceof Promise) return found.then((document) => keepGood(given, document, fromDocument));
      return fromDocument(existing(given, found, lookUp.ids?.()));
    },
  };
}

/** A config that changed into a broken one does not take the place of the good one that stood behind its ID. */
function lastGoodKeeper(events: EventSink) {
  const lastGood = new Map<string, Compiled>();
  let reported: unknown;
  return async (
    id: string,
    document: unknown,
    compile: (document: unknown) => Compiled | Promise<Compiled>,
  ): Promise<Compiled> => {
    try {
      const compiled = await compile(existing(id, document));
      if (lastGood.size >= idsKept && !lastGood.has(id)) lastGood.delete(lastGood.keys().next().value ?? '');
      lastGood.set(id, compiled);
      return compiled;
    } catch (error) {
      const good = lastGood.get(id);
      if (good === undefined || !(error instanceof ConfigError)) throw error;
      const message = `Config "${id}" changed into a broken one; the last good version stays in use. ${error.message}`;
      if (reported !== document) events.emit('warning', { code: 'config_reload', message });
      reported = document;
      return good;
    }
  };
}

function existing(id: string, document: unknown, ids: readonly string[] = []): unknown {
  if (document === undefined) throw new ConfigNotFoundError(id, `does not exist.${didYouMean(id, ids)}`);
  return document;
}

function noSource(id: string): ConfigNotFoundError {
  return new ConfigNotFoundError(id, 'cannot be looked up: the client has no "configs".');
}

function areSame(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && [...a].every(([id, config]) => b.get(id) === config);
}
