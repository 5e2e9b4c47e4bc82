import type { JsonObject } from './json.ts';

/** One version of a document, such as a config or a prompt. Never changed once written. */
export interface DocumentVersion {
  /** The document's ID: `pc-main-1f3a5c`. */
  readonly slug: string;
  readonly name: string;
  /** Counts up from 1. */
  readonly number: number;
  /** Changes whenever the content does. */
  readonly versionId: string;
  readonly content: JsonObject;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A version to be written. */
export type NewDocumentVersion = Pick<DocumentVersion, 'slug' | 'name' | 'content'>;

/** Numbers of the versions to be kept beside a new one, or all. */
export type KeepVersions = readonly number[] | 'all';

/** Where documents are kept by ID, with their latest versions. It checks nothing of what is in them. */
export interface DocumentStore {
  /** How many versions of a document are kept; absent: all. */
  readonly keepVersions?: number;
  /** The latest version of every document, by slug. */
  list(): Promise<readonly DocumentVersion[]>;
  /** The latest version; undefined when there is no such document. */
  get(slug: string): Promise<DocumentVersion | undefined>;
  /** The versions that are kept, the latest first; empty when there is no such document. */
  versions(slug: string): Promise<readonly DocumentVersion[]>;
  /**
   * Writes the version after the latest: of several that write at once each gets a number of its own. With `after` only where the latest
   * has this number, 0 for a document that is not there; else it rejects with a `ConflictError`. Resolves when every reader here sees it.
   * Drops the versions before the last `keepVersions`, or with `keep` all but those and the new one; numbers go on growing.
   */
  put(version: NewDocumentVersion, after?: number, keep?: KeepVersions): Promise<DocumentVersion>;
  /** Removes a document; false when there is none. Its versions are kept, and are shown again when it is written anew. */
  delete(slug: string): Promise<boolean>;
  /**
   * Calls `listener` with the slug of every document that changed, appeared or went, whoever changed it. A store that looks for changes from
   * time to time tells `onLook` after each look what it failed with, undefined where it did not. The returned function ends that.
   */
  subscribe?(listener: (slug: string) => void, onLook?: (failure: unknown) => void): () => void;
}
