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

/** Where documents are kept by ID, with all their versions. It checks nothing of what is in them. */
export interface DocumentStore {
  /** The latest version of every document, by slug. */
  list(): Promise<readonly DocumentVersion[]>;
  /** The latest version; undefined when there is no such document. */
  get(slug: string): Promise<DocumentVersion | undefined>;
  /** All versions, the latest first; empty when there is no such document. */
  versions(slug: string): Promise<readonly DocumentVersion[]>;
  /**
   * Writes the version after the latest: of several that write at once each gets a number of its own. With `after` only where the latest
   * has this number, 0 for a document that is not there; else it rejects with a `ConflictError`. Resolves when every reader here sees it.
   */
  put(version: NewDocumentVersion, after?: number): Promise<DocumentVersion>;
  /** Removes a document; false when there is none. Its versions are kept, and are shown again when it is written anew. */
  delete(slug: string): Promise<boolean>;
  /** Calls `listener` with the slug of every document that changed, appeared or went, whoever changed it. The returned function ends that. */
  subscribe?(listener: (slug: string) => void): () => void;
}
