import type { DocumentStore, DocumentVersion, NewDocumentVersion } from '../../core/document-store.ts';
import { versionConflict } from '../../core/errors/document-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { defaultKeepVersions, keptVersions } from './kept-versions.ts';
import { createListeners } from './listeners.ts';

/** Documents in this process's memory. */
export interface MemoryDocuments extends DocumentStore {
  /** The latest version, at once. */
  peek(slug: string): DocumentVersion | undefined;
  slugs(): readonly string[];
  /** The version ID of a content that was given out. */
  versionOf(content: object): string | undefined;
  subscribe(listener: (slug: string) => void): () => void;
  /** From now on every change also waits for `keep`, and is taken back when it rejects. */
  keptBy(keep: () => Promise<void>): void;
  /** All that was written, as plain JSON. */
  snapshot(): JsonObject;
  /** Takes in what `snapshot` gave, in place of documents of the same slugs. What cannot be one is passed over. */
  restore(kept: unknown): void;
  /** Takes in what another process kept in the same place. What is not kept yet comes after that. */
  follow(kept: unknown): void;
}

interface History {
  /** The latest first. */
  readonly versions: readonly DocumentVersion[];
  readonly isGone: boolean;
}

/** Documents in memory, to begin with those of `initial`, whose objects are kept as they are. */
export function memoryDocuments(
  initial: Readonly<Record<string, unknown>>,
  now: () => number,
  keepVersions: number = defaultKeepVersions,
): MemoryDocuments {
  const histories = createHistories(initial, now);
  const { live, next, set } = histories;
  const listeners = createListeners();
  /** IDs of versions under way; slugs of documents whose removal is. */
  const unkept = new Set<string | undefined>();
  let keep: () => Promise<void> = async () => undefined;

  async function change(slug: string, history: History): Promise<void> {
    const before = histories.get(slug);
    set(slug, history);
    listeners.notify(slug);
    const isUnkept = history.isGone ? slug : history.versions[0]?.versionId;
    unkept.add(isUnkept);
    try {
      await keep();
      unkept.delete(isUnkept);
    } catch (error) {
      unkept.delete(isUnkept);
      // Unless another change stands on this one.
      if (histories.get(slug) === history) set(slug, before);
      listeners.notify(slug);
      throw error;
    }
  }

  return {
    keepVersions,
    ...histories.readers,
    versionOf: histories.versionOf,
    subscribe: listeners.subscribe,
    keptBy(how) {
      keep = how;
    },
    snapshot: histories.written,
    restore(kept) {
      for (const [slug, history] of Object.entries(isJsonObject(kept) ? kept : {})) {
        if (isHistory(history)) set(slug, history);
      }
    },
    follow(kept) {
      for (const [slug, theirs] of Object.entries(isJsonObject(kept) ? kept : {})) {
        if (!isHistory(theirs)) continue;
        const mine = histories.get(slug);
        set(
          slug,
          merged(theirs, mine, (id) => unkept.has(id), slug),
        );
        if (mine?.versions[0]?.versionId !== live(slug)[0]?.versionId) listeners.notify(slug);
      }
    },
    async put({ slug, name, content }, after, keep) {
      const latest = live(slug)[0]?.number ?? 0;
      if (after !== undefined && after !== latest) throw versionConflict(slug, after, latest);
      const version = next({ slug, name, content: structuredClone(content) });
      const all = [version, ...(histories.get(slug)?.versions ?? [])];
      await change(slug, { versions: keptVersions(all, keep, keepVersions), isGone: false });
      // Another process may have kept a version of this number first.
      return live(slug).find(({ versionId }) => versionId === version.versionId) ?? version;
    },
    async delete(slug) {
      const versions = live(slug);
      if (versions.length === 0) return false;
      await change(slug, { versions, isGone: true });
      return true;
    },
  };
}

function createHistories(initial: Readonly<Record<string, unknown>>, now: () => number) {
  const histories = new Map<string, History>();
  const versionIds = new WeakMap<object, string>();

  function set(slug: string, history: History | undefined): void {
    if (history === undefined) histories.delete(slug);
    else histories.set(slug, history);
    for (const { content, versionId } of history?.versions ?? []) versionIds.set(content, versionId);
  }

  function next({ slug, name, content }: NewDocumentVersion): DocumentVersion {
    const number = (histories.get(slug)?.versions[0]?.number ?? 0) + 1;
    return { slug, name, number, versionId: crypto.randomUUID(), content, createdAt: now() };
  }

  function live(slug: string): readonly DocumentVersion[] {
    const history = histories.get(slug);
    return history === undefined || history.isGone ? [] : history.versions;
  }

  for (const [slug, content] of Object.entries(initial)) {
    if (isJsonObject(content)) set(slug, { versions: [next({ slug, name: slug, content })], isGone: false });
  }
  const given = new Set(histories.values());
  const peek = (slug: string) => live(slug)[0];
  const slugs = () => [...histories.keys()].filter((slug) => peek(slug) !== undefined);
  return {
    readers: {
      peek,
      slugs,
      list: async () => slugs().flatMap((slug) => peek(slug) ?? []),
      get: async (slug: string) => peek(slug),
      versions: async (slug: string) => live(slug),
    },
    get: (slug: string) => histories.get(slug),
    set,
    next,
    live,
    versionOf: (content: object) => versionIds.get(content),
    /** All but what was there to begin with. */
    written: (): JsonObject => Object.fromEntries([...histories].filter(([, history]) => !given.has(history))),
  };
}

/** What another process kept, with what is not kept yet on top. Contents that are given out already stay the same objects. */
function merged(theirs: History, mine: History | undefined, isUnkept: (id: string) => boolean, slug: string): History {
  const known = new Map(mine?.versions.map((version) => [version.versionId, version]));
  const there = new Set(theirs.versions.map(({ versionId }) => versionId));
  const versions = theirs.versions.map((version) => known.get(version.versionId) ?? version);
  const more = (mine?.versions ?? []).filter(({ versionId }) => !there.has(versionId) && isUnkept(versionId));
  for (const version of more.toReversed()) versions.unshift({ ...version, number: (versions[0]?.number ?? 0) + 1 });
  return { versions, isGone: isUnkept(slug) || (theirs.isGone && more.length === 0) };
}

function isHistory(value: unknown): value is History {
  return isJsonObject(value) && Array.isArray(value.versions) && value.versions.every(isVersion);
}

function isVersion(value: unknown): value is DocumentVersion {
  if (!isJsonObject(value) || !isJsonObject(value.content)) return false;
  const { slug, name, versionId, number, createdAt } = value;
  const areTexts = [slug, name, versionId].every((text) => typeof text === 'string');
  return areTexts && typeof number === 'number' && typeof createdAt === 'number';
}
