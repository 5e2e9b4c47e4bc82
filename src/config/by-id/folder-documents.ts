import type { DocumentStore, DocumentVersion } from '../../core/document-store.ts';
import { versionConflict } from '../../core/errors/document-errors.ts';
import type { Clock } from '../../core/runtime.ts';
import { defaultKeepVersions } from '../../stores/documents/kept-versions.ts';
import { pollChanges } from '../../stores/documents/poll-changes.ts';
import { checkConfigId } from './config-id.ts';
import { type DocumentHistory, folderHistory } from './folder-history.ts';

const { stat } = process.getBuiltinModule('node:fs/promises');
const { join } = process.getBuiltinModule('node:path');

/** Documents in a folder, all versions of one in a file of JSON lines. Several processes may read and write. The folder is made where it is missing. */
export function folderDocuments(
  folder: string,
  clock: Clock,
  keepVersions: number = defaultKeepVersions,
): DocumentStore {
  const history = folderHistory(folder);
  const live = ({ versions, isRemoved }: DocumentHistory) => (isRemoved ? [] : versions);
  const versions = async (slug: string) => live(await history.read(slug));

  /** By slug, what changes with its file. */
  async function heads(): Promise<ReadonlyMap<string, string>> {
    const slugs = await history.slugs();
    const facts = slugs.map(async (slug) => [slug, await fingerprint(folder, slug)] as const);
    return new Map(await Promise.all(facts));
  }

  return {
    keepVersions,
    async list() {
      const all = await Promise.all((await history.slugs()).map(versions));
      return all.flatMap(([latest]) => latest ?? []);
    },
    get: async (slug) => (await versions(slug))[0],
    versions,
    put: ({ slug, name, content }, after, keep) =>
      history.alone(async () => {
        checkConfigId(slug);
        const known = await history.read(slug);
        const latest = live(known)[0]?.number ?? 0;
        if (after !== undefined && after !== latest) throw versionConflict(slug, after, latest);
        const number = (known.versions[0]?.number ?? 0) + 1;
        const written: DocumentVersion = {
          slug,
          name,
          number,
          versionId: `v${number}`,
          content,
          createdAt: clock.now(),
        };
        await history.append(written);
        await history.bound([written, ...known.versions], keep, keepVersions);
        return written;
      }),
    delete: (slug) =>
      history.alone(async () => {
        if ((await versions(slug)).length === 0) return false;
        await history.appendRemoval(slug);
        return true;
      }),
    subscribe: pollChanges(heads, clock),
  };
}

async function fingerprint(folder: string, slug: string): Promise<string> {
  const facts = await stat(join(folder, `${encodeURIComponent(slug)}.jsonl`), { bigint: true });
  return `${facts.mtimeNs}-${facts.size}`;
}
