import type { DocumentStore, DocumentVersion, KeepVersions, NewDocumentVersion } from '../../core/document-store.ts';
import { versionConflict } from '../../core/errors/document-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/runtime.ts';
import { defaultKeepVersions } from '../../stores/documents/kept-versions.ts';
import { checkConfigId } from './config-id.ts';
import type { FoundConfig } from './config-source.ts';
import type { FolderConfigs } from './folder.ts';
import { folderHistory } from './folder-history.ts';
import { replaceFile } from './replace-file.ts';

const { createHash } = process.getBuiltinModule('node:crypto');
const { rm } = process.getBuiltinModule('node:fs/promises');
const { join } = process.getBuiltinModule('node:path');

/**
 * Configs in an open folder, written back into it: one file a config, replaced whole, and their versions in a hidden folder. A file written
 * by hand keeps its name and its format; of what changed by hand the version that stands is kept when it is next looked at. Several
 * processes may write: one after the other.
 */
export function folderStore(
  path: string,
  folder: FolderConfigs,
  clock: Pick<Clock, 'now'>,
  keepVersions: number = defaultKeepVersions,
): DocumentStore {
  const history = folderHistory(join(path, '.versions'));

  /** The versions, if the one that stands in the file is among them as the latest. */
  async function recorded(slug: string): Promise<readonly DocumentVersion[] | undefined> {
    const found = await foundIn(folder, slug);
    if (found === undefined) return [];
    const { versions } = await history.read(slug);
    return versions[0]?.versionId === found.version ? versions : undefined;
  }

  /** The versions, with the one that stands in the file as the latest. */
  async function versions(slug: string): Promise<readonly DocumentVersion[]> {
    return (await recorded(slug)) ?? history.alone(() => record(slug));
  }

  async function record(slug: string): Promise<readonly DocumentVersion[]> {
    // Another process may have written or removed the file since it was last looked at. A file must be gone twice before its config is.
    await folder.refresh();
    await folder.refresh();
    const known = await recorded(slug);
    const found = await foundIn(folder, slug);
    if (known !== undefined || found === undefined) return known ?? [];
    const { version: versionId = '', name = slug } = found;
    const before = (await history.read(slug)).versions;
    const content = found.config as JsonObject;
    const current = { slug, name, number: (before[0]?.number ?? 0) + 1, versionId, content, createdAt: clock.now() };
    await history.append(current);
    return history.bound([current, ...before], undefined, keepVersions);
  }

  async function put({ slug, name, content }: NewDocumentVersion, after: number | undefined, keep?: KeepVersions) {
    checkConfigId(slug);
    const latest = (await record(slug))[0]?.number ?? 0;
    if (after !== undefined && after !== latest) throw versionConflict(slug, after, latest);
    const before = (await history.read(slug)).versions;
    const number = (before[0]?.number ?? 0) + 1;
    const fileName = folder.fileOf(slug) ?? `${slug}.json`;
    const text = await toText(fileName, { slug, name, config: content });
    const versionId = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    const written = { slug, name, number, versionId, content, createdAt: clock.now() };
    // First, so that no version that ever stood is missing among them.
    await history.append(written);
    await replaceFile(join(path, fileName), text);
    await folder.refresh();
    await history.bound([written, ...before], keep, keepVersions);
    return written;
  }

  return {
    keepVersions,
    async list() {
      await folder.refresh();
      const all = await Promise.all(folder.ids().map(versions));
      return all.flatMap(([latest]) => latest ?? []);
    },
    get: async (slug) => (await versions(slug))[0],
    versions,
    put: (version, after, keep) => history.alone(() => put(version, after, keep)),
    delete: (slug) => history.alone(() => remove(path, folder, slug)),
    subscribe: folder.subscribe,
  };
}

async function remove(path: string, folder: FolderConfigs, slug: string): Promise<boolean> {
  await folder.refresh();
  const fileName = folder.fileOf(slug);
  if (fileName === undefined) return false;
  await rm(join(path, fileName), { force: true });
  await folder.refresh();
  await folder.refresh();
  return true;
}

/** A config whose file is broken counts as none: there is nothing to go on from. */
async function foundIn(folder: FolderConfigs, slug: string): Promise<FoundConfig | undefined> {
  return folder.ids().includes(slug) ? folder.get(slug) : undefined;
}

async function toText(fileName: string, document: JsonObject): Promise<string> {
  if (/\.json$/i.test(fileName)) return `${JSON.stringify(document, undefined, 2)}\n`;
  const { stringify } = await import('yaml');
  return stringify(document);
}
