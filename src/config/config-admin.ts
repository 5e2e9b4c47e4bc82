import { didYouMean } from '../core/did-you-mean.ts';
import type { DocumentStore, DocumentVersion, NewDocumentVersion } from '../core/document-store.ts';
import { ConfigError, type ConfigIssue, ConfigNotFoundError } from '../core/errors/config-error.ts';
import { isDropped, versionConflict, versionDropped } from '../core/errors/document-errors.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { untilWritten } from '../stores/documents/until-written.ts';
import type { ConfigNames } from './check.ts';
import type { Config } from './config.ts';
import { parseConfig, parseJson } from './parse.ts';
import { expandRefs, type FindConfig } from './refs.ts';

/** Configs by ID, changed only into what can work: no write leaves a config behind that cannot be compiled, its own or another's. */
export interface ConfigAdmin {
  create(
    config: unknown,
    names: { readonly name: string; readonly slug?: string | undefined },
  ): Promise<DocumentVersion>;
  /** Rejects with `ConfigNotFoundError` when there is none. */
  require(slug: string): Promise<DocumentVersion>;
  list(): Promise<readonly DocumentVersion[]>;
  /** `after`: only where the latest version has this number; else it rejects with a `ConflictError`. */
  update(
    slug: string,
    changes: { readonly name?: string | undefined; readonly config?: unknown; readonly after?: number | undefined },
  ): Promise<DocumentVersion>;
  /** The latest first. */
  versions(slug: string): Promise<readonly DocumentVersion[]>;
  /** Writes an older version anew. `version`: its number or ID. `after` as in `update`. */
  restore(slug: string, version: number | string, after?: number): Promise<DocumentVersion>;
  delete(slug: string): Promise<void>;
  /** What a write of `config` as `slug` would be refused for; nothing is written. */
  check(config: unknown, slug?: string): Promise<CheckedConfig>;
}

/** A config looked at before it is written. */
export interface CheckedConfig {
  /** Everything wrong, with its path; empty where it can be written. */
  readonly issues: readonly ConfigIssue[];
  /** As it would be used, refs replaced; undefined where it cannot be. */
  readonly config: Config | undefined;
}

/** What an administration needs beside the store. */
export interface ConfigAdminTools {
  /** Makes six characters that tell configs of one name apart. */
  readonly suffix: () => string;
  /** What configs may name of the client's options. */
  readonly names: ConfigNames;
  /** Finds configs that are not in the store, which others may refer to. */
  readonly others?: FindConfig | undefined;
}

/** The administration of `store`. */
export function configAdmin(store: DocumentStore, tools: ConfigAdminTools): ConfigAdmin {
  async function requireVersions(slug: string): Promise<readonly [DocumentVersion, ...DocumentVersion[]]> {
    const [latest, ...older] = await store.versions(slug);
    if (latest !== undefined) return [latest, ...older];
    throw unknownConfig(slug, await store.list());
  }

  async function write(version: NewDocumentVersion, after: number): Promise<DocumentVersion> {
    await checkTogether(version, await store.list(), tools);
    return store.put(version, after);
  }

  function change(
    slug: string,
    toNext: (versions: readonly [DocumentVersion, ...DocumentVersion[]]) => Omit<NewDocumentVersion, 'slug'>,
    after: number | undefined,
  ): Promise<DocumentVersion> {
    const attempt = async () => {
      const versions = await requireVersions(slug);
      const latest = versions[0].number;
      if (after !== undefined && after !== latest) throw versionConflict(slug, after, latest);
      return write({ slug, ...toNext(versions) }, latest);
    };
    return after === undefined ? untilWritten(attempt) : attempt();
  }

  return {
    async create(given, { name, slug = slugFor(name, tools.suffix) }) {
      checkSlug(slug);
      const content = toConfig(given);
      if ((await store.get(slug)) !== undefined)
        throw new InvalidRequestError('slug', `There is a config "${slug}" already. Change it with configs.update().`);
      return write({ slug, name, content }, 0);
    },
    require: async (slug) => (await requireVersions(slug))[0],
    list: () => store.list(),
    async update(slug, { name, config, after }) {
      const given = config === undefined ? undefined : toConfig(config);
      return change(slug, ([latest]) => ({ name: name ?? latest.name, content: given ?? latest.content }), after);
    },
    versions: requireVersions,
    restore: (slug, version, after) =>
      change(slug, (all) => ({ name: all[0].name, content: versionOf(all, version).content }), after),
    check: async (config, slug = '') => checkDraft(config, slug, await store.list(), tools),
    async delete(slug) {
      await requireVersions(slug);
      const all = await store.list();
      const find = finderOver(new Map(all.map((version) => [version.slug, version.content])), tools.others);
      const others = all.filter((other) => other.slug !== slug);
      const refer = await Promise.all(others.map((other) => refersTo(other.content, slug, find)));
      const users = others.filter((_, index) => refer[index]);
      if (users.length > 0)
        throw new InvalidRequestError(
          'slug',
          `Config "${slug}" is in use: ${users.map((other) => `"${other.slug}"`).join(', ')} refers to it.`,
        );
      await store.delete(slug);
    },
  };
}

function unknownConfig(slug: string, all: readonly DocumentVersion[]) {
  const hint = didYouMean(
    slug,
    all.map((version) => version.slug),
  );
  return new ConfigNotFoundError(slug, `does not exist.${hint}`);
}

/** `wanted`: a number or an ID. */
function versionOf(versions: readonly DocumentVersion[], wanted: number | string): DocumentVersion {
  const found = versions.find(({ number, versionId }) => number === wanted || versionId === wanted);
  if (found !== undefined) return found;
  const { slug = '', number = 0 } = versions[0] ?? {};
  if (isDropped(wanted, versions)) throw versionDropped(`config "${slug}"`, wanted, versions);
  const { number: first = 1 } = versions.at(-1) ?? {};
  throw new InvalidRequestError('version', `Config "${slug}" has no version ${wanted}. It has ${first} to ${number}.`);
}

function toConfig(given: unknown): JsonObject {
  const config = typeof given === 'string' ? parseJson(given) : given;
  if (!isJsonObject(config))
    throw new ConfigError([{ path: '$', message: 'A config is an object, or the JSON of one.' }]);
  const issues = functionsIn(config, '$');
  if (issues.length > 0) throw new ConfigError(issues);
  return config;
}

/** Functions, as of an algorithm of the user's, stand in code. */
function functionsIn(value: unknown, path: string): readonly ConfigIssue[] {
  if (typeof value === 'function')
    return [{ path, message: 'A function cannot be kept: it stands in the "config" of a client.' }];
  if (typeof value !== 'object' || value === null) return [];
  const place = (key: string) => (Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
  return Object.entries(value).flatMap(([key, member]) => functionsIn(member, place(key)));
}

/** `pc-` as in Portkey, the name, and what tells it apart. */
function slugFor(name: string, suffix: () => string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return ['pc', words, suffix()].filter((part) => part !== '').join('-');
}

/** May stand in the name of a file and in an address as it is. */
function checkSlug(slug: string): void {
  if (/^[a-z0-9][\w.-]{0,199}$/i.test(slug)) return;
  throw new InvalidRequestError(
    'slug',
    'A slug has letters, digits, ".", "_" and "-", and begins with a letter or digit.',
  );
}

/** Checks a config in its place, and every config that refers to it, with all others as they are. */
async function checkTogether(
  version: NewDocumentVersion,
  all: readonly DocumentVersion[],
  tools: ConfigAdminTools,
): Promise<void> {
  const place = placeOf(version, all, tools);
  await check({ ref: version.slug }, place.find, tools.names);
  await checkUsers(version.slug, place, tools.names);
}

async function checkDraft(
  given: unknown,
  slug: string,
  all: readonly DocumentVersion[],
  tools: ConfigAdminTools,
): Promise<CheckedConfig> {
  let config: Config | undefined;
  try {
    const version = { slug, name: slug, content: toConfig(given) };
    const place = placeOf(version, all, tools);
    config = await check({ ref: slug }, place.find, tools.names);
    await checkUsers(slug, place, tools.names);
    return { issues: [], config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // What breaks in others stands at no place of this one.
    const isOwn = config === undefined;
    return { issues: isOwn ? error.issues : [{ path: '$', message: error.message }], config };
  }
}

/** All configs as they would be with one of them written. */
interface ConfigPlace {
  readonly configs: ReadonlyMap<string, JsonObject>;
  readonly find: FindConfig;
}

function placeOf(
  { slug, content }: NewDocumentVersion,
  all: readonly DocumentVersion[],
  { others }: ConfigAdminTools,
): ConfigPlace {
  const configs = new Map(all.map((version) => [version.slug, version.content]));
  configs.set(slug, content);
  return { configs, find: finderOver(configs, others) };
}

async function checkUsers(slug: string, { configs, find }: ConfigPlace, names: ConfigNames): Promise<void> {
  for (const [other, document] of configs) {
    if (other === slug || !(await refersTo(document, slug, find))) continue;
    try {
      await check(document, find, names);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      throw new ConfigError(error.issues, `With this change config "${other}", which refers to "${slug}", is invalid`);
    }
  }
}

async function check(document: unknown, find: FindConfig, names: ConfigNames): Promise<Config> {
  return parseConfig((await expandRefs(document, find)).document, undefined, names);
}

function finderOver(configs: ReadonlyMap<string, JsonObject>, others: FindConfig | undefined): FindConfig {
  return Object.assign((id: string) => configs.get(id) ?? others?.(id), {
    ids: () => [...new Set([...configs.keys(), ...(others?.ids?.() ?? [])])],
  });
}

/** At any depth, also through others. What refers to what is not there is broken already. */
async function refersTo(document: JsonObject, slug: string, find: FindConfig): Promise<boolean> {
  const seen = new Set<string>();
  const noting: FindConfig = Object.assign(
    (id: string) => {
      seen.add(id);
      return find(id);
    },
    { ids: find.ids ?? (() => []) },
  );
  try {
    await expandRefs(document, noting);
  } catch {
    // Noted is what was looked up before it broke.
  }
  return seen.has(slug);
}
