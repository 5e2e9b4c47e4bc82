import type { DocumentVersion, KeepVersions } from '../../core/document-store.ts';
import { isJsonObject } from '../../core/json.ts';
import { systemClock } from '../../core/runtime.ts';
import { keptVersions } from '../../stores/documents/kept-versions.ts';
import { locked } from '../../vault/file-lock.ts';
import { replaceFile } from './replace-file.ts';

const { appendFile, mkdir, readFile, readdir } = process.getBuiltinModule('node:fs/promises');
const { join } = process.getBuiltinModule('node:path');

/** The versions of documents in a folder: one file of JSON lines for each document. */
export interface FolderHistory {
  readonly folder: string;
  read(slug: string): Promise<DocumentHistory>;
  append(version: DocumentVersion): Promise<void>;
  /** Leaves of all versions of a document that is there, the latest first, only those that `keptVersions` says, and answers them. */
  bound(
    versions: readonly DocumentVersion[],
    keep: KeepVersions | undefined,
    most: number,
  ): Promise<readonly DocumentVersion[]>;
  /** Notes that the document was removed. */
  appendRemoval(slug: string): Promise<void>;
  /** Of all documents that ever were. */
  slugs(): Promise<readonly string[]>;
  /** Runs `work` while no other process writes here, and none in this one. Reading needs no lock. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** What is known of one document. */
export interface DocumentHistory {
  /** The latest first. */
  readonly versions: readonly DocumentVersion[];
  readonly isRemoved: boolean;
}

const extension = '.jsonl';

/** The history in `folder`, which is made with the first version. */
export function folderHistory(folder: string): FolderHistory {
  const fileOf = (slug: string) => join(folder, `${encodeURIComponent(slug)}${extension}`);
  let turn: Promise<unknown> = Promise.resolve();

  async function append(slug: string, line: object): Promise<void> {
    await mkdir(folder, { recursive: true });
    // A line break first: what a crash cut short must not take the next version with it.
    await appendFile(fileOf(slug), `\n${JSON.stringify(line)}\n`, { mode: 0o600, flush: true });
  }

  return {
    folder,
    async read(slug) {
      const entries = (await textOf(fileOf(slug))).split('\n').flatMap(toEntry);
      const versions = entries.filter((entry) => 'content' in entry);
      return { versions: versions.reverse(), isRemoved: entries.at(-1)?.isRemoved === true };
    },
    append: (version) => append(version.slug, version),
    async bound(versions, keep, most) {
      const kept = keptVersions(versions, keep, most);
      const [latest] = kept;
      if (latest === undefined || kept.length === versions.length) return kept;
      const lines = kept.toReversed().map((version) => `${JSON.stringify(version)}\n`);
      await replaceFile(fileOf(latest.slug), lines.join(''));
      return kept;
    },
    appendRemoval: (slug) => append(slug, { isRemoved: true }),
    async slugs() {
      const names = await readdir(folder).catch((error: unknown) => (isMissing(error) ? [] : Promise.reject(error)));
      const files = names.filter((name) => name.endsWith(extension)).sort();
      return files.map((name) => decodeURIComponent(name.slice(0, -extension.length)));
    },
    alone(work) {
      const next = turn.then(async () => {
        await mkdir(folder, { recursive: true });
        return locked(join(folder, 'history'), systemClock, work);
      });
      turn = next.catch(() => undefined);
      return next;
    },
  };
}

type Entry = (DocumentVersion & { readonly isRemoved?: undefined }) | { readonly isRemoved: true };

/** A line that a crash cut short is passed over. */
function toEntry(line: string): Entry[] {
  try {
    const entry: unknown = JSON.parse(line);
    return isJsonObject(entry) && (entry.isRemoved === true || isJsonObject(entry.content)) ? [entry as Entry] : [];
  } catch {
    return [];
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ENOENT';
}
