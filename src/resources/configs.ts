import type { ConfigAdmin } from '../config/config-admin.ts';
import type { DocumentVersion } from '../core/document-store.ts';
import { isDropped, versionDropped } from '../core/errors/document-errors.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { type ConfigChange, configDiff } from './config-diff.ts';

/**
 * `portkey.configs`, with Portkey's payloads: configs kept by ID, in the folder or store of the option `configs`, else in memory. What is
 * written is checked first, together with the configs that refer to it: a config that cannot work never takes the place of one that does.
 * A change is used by the next call of every client; calls under way finish on what they began with.
 */
export interface Configs {
  create(body: ConfigCreateParams): Promise<ConfigCreated>;
  retrieve(body: ConfigName): Promise<ConfigObject>;
  list(query?: { readonly workspace_id?: string | undefined }): Promise<ConfigList<Omit<ConfigObject, 'config'>>>;
  update(body: ConfigUpdateParams): Promise<ConfigUpdated>;
  delete(body: ConfigName): Promise<ConfigDeleted>;
  /** All versions, the latest first. */
  versions(body: ConfigName): Promise<ConfigList<ConfigVersionObject>>;
  /** Writes an older version anew: a version of its own, which can be undone the same way. */
  restore(body: ConfigName & VersionName): Promise<ConfigUpdated>;
  /** Where version `to` (default: the latest) differs from version `from`. */
  diff(
    body: ConfigName & { readonly from: number | string; readonly to?: number | string | undefined },
  ): Promise<ConfigList<ConfigChange>>;
}

/** Names a config. */
export interface ConfigName {
  readonly slug?: string | undefined;
  /** Older name of `slug`. */
  readonly id?: string | undefined;
}

/** Names a version: by its number, or its ID. */
export interface VersionName {
  readonly version?: number | undefined;
  readonly version_id?: string | undefined;
}

/** What a new config is made of. */
export interface ConfigCreateParams {
  readonly name: string;
  /** The config, or its JSON. */
  readonly config: object | string;
  /** Its ID; made of the name when absent: `pc-production-1f3a5c`. */
  readonly slug?: string | undefined;
  /** Only 0: a client names its default config itself. */
  readonly isDefault?: number | undefined;
  readonly workspace_id?: string | undefined;
}

/** What to change. */
export interface ConfigUpdateParams extends ConfigName {
  readonly name?: string | undefined;
  readonly config?: object | string | undefined;
  readonly status?: string | undefined;
}

/** Answer to `create`. */
export interface ConfigCreated {
  readonly id: string;
  readonly slug: string;
  readonly version_id: string;
  readonly object: 'config';
}

/** Answer to `update` and `restore`. */
export interface ConfigUpdated {
  readonly version_id: string;
  readonly object: 'config';
}

/** Answer to `delete`. */
export interface ConfigDeleted {
  readonly slug: string;
  readonly deleted: true;
  readonly object: 'config';
}

/** A config as Portkey describes it. */
export interface ConfigObject {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly is_default: 0;
  readonly status: 'active';
  /** JSON. */
  readonly config: string;
  readonly format: 'json';
  readonly type: 'ORG_CONFIG';
  readonly version: number;
  readonly version_id: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly last_updated_at: string;
  readonly object: 'config';
}

/** One version of a config. */
export interface ConfigVersionObject {
  readonly version: number;
  readonly version_id: string;
  readonly name: string;
  /** JSON. */
  readonly config: string;
  readonly created_at: string;
  readonly is_latest: boolean;
}

/** Portkey's list. */
export interface ConfigList<Item> {
  readonly object: 'list';
  readonly total: number;
  readonly data: readonly Item[];
}

/** The configs of a client that keeps them; `open` rejects where it only looks them up. */
export function localConfigs(open: () => Promise<ConfigAdmin>): Configs {
  return {
    async create({ name, config, slug, ...rest }) {
      refuseElsewhere(rest);
      if (typeof name !== 'string' || name.trim() === '') throw invalid('name', 'is the name of the config');
      const created = await (await open()).create(config, { name, slug });
      return { id: created.slug, slug: created.slug, version_id: created.versionId, object: 'config' };
    },
    async retrieve(body) {
      const versions = await (await open()).versions(slugOf(body));
      return toObject(versions);
    },
    async list(query = {}) {
      refuseElsewhere(query);
      const admin = await open();
      const all = await admin.list();
      const histories = await Promise.all(all.map(({ slug }) => admin.versions(slug)));
      const data = histories.map(toObject).map(({ config: _config, ...rest }) => rest);
      return listOf(data);
    },
    async update({ name, config, status, ...body }) {
      if (status !== undefined && status !== 'active')
        throw invalid('status', 'is "active": a config that is not to be used is deleted, and its versions are kept');
      const { versionId } = await (await open()).update(slugOf(body), { name, config });
      return { version_id: versionId, object: 'config' };
    },
    async delete(body) {
      const slug = slugOf(body);
      await (await open()).delete(slug);
      return { slug, deleted: true, object: 'config' };
    },
    async versions(body) {
      const versions = await (await open()).versions(slugOf(body));
      return listOf(versions.map(toVersion));
    },
    async restore({ version, version_id: versionId, ...body }) {
      const wanted = version ?? versionId;
      if (wanted === undefined) throw invalid('version', 'is the number of a version; or give its "version_id"');
      const restored = await (await open()).restore(slugOf(body), wanted);
      return { version_id: restored.versionId, object: 'config' };
    },
    async diff({ from, to, ...body }) {
      const versions = await (await open()).versions(slugOf(body));
      const at = (wanted: number | string | undefined) => versionAt(versions, wanted);
      return listOf(configDiff(at(from).content, at(to).content));
    },
  };
}

/** What only a hosted product has; refused, so that nobody takes it for done. */
function refuseElsewhere({
  isDefault,
  workspace_id: workspace,
}: {
  isDefault?: number | undefined;
  workspace_id?: string | undefined;
}): void {
  if (isDefault !== undefined && isDefault !== 0)
    throw invalid('isDefault', 'is 0: a client, or a server, names its default config itself');
  if (workspace !== undefined) throw invalid('workspace_id', 'names nothing here: there are no workspaces');
}

function slugOf({ slug, id = slug }: ConfigName): string {
  const name = slug ?? id;
  if (typeof name === 'string' && name !== '') return name;
  throw invalid('slug', 'is the ID of the config');
}

function versionAt(versions: readonly DocumentVersion[], wanted: number | string | undefined): DocumentVersion {
  const found =
    wanted === undefined ? versions[0] : versions.find((one) => one.number === wanted || one.versionId === wanted);
  if (found !== undefined) return found;
  const [latest] = versions;
  if (wanted !== undefined && isDropped(wanted, versions))
    throw versionDropped(`config "${latest?.slug}"`, wanted, versions);
  const { number: first = 1 } = versions.at(-1) ?? {};
  throw invalid('version', `is none of this config's. It has ${first} to ${latest?.number ?? 0}`);
}

function toObject(versions: readonly DocumentVersion[]): ConfigObject {
  const [latest] = versions;
  // Whoever asks has made sure that there is one.
  const { slug, name, content, number, versionId, createdAt } = latest as DocumentVersion;
  return {
    id: slug,
    slug,
    name,
    is_default: 0,
    status: 'active',
    config: JSON.stringify(content),
    format: 'json',
    type: 'ORG_CONFIG',
    version: number,
    version_id: versionId,
    created_at: toDate(versions.at(-1)?.createdAt ?? createdAt),
    last_updated_at: toDate(createdAt),
    object: 'config',
  };
}

function toVersion(
  { number, versionId, name, content, createdAt }: DocumentVersion,
  index: number,
): ConfigVersionObject {
  return {
    version: number,
    version_id: versionId,
    name,
    config: JSON.stringify(content),
    created_at: toDate(createdAt),
    is_latest: index === 0,
  };
}

function toDate(ms: number): string {
  return new Date(ms).toISOString();
}

function listOf<Item>(data: readonly Item[]): ConfigList<Item> {
  return { object: 'list', total: data.length, data };
}

function invalid(name: string, problem: string): InvalidRequestError {
  return new InvalidRequestError(name, `"${name}" ${problem}.`);
}
