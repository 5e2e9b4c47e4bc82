import type { Sql } from 'postgres';
import type { DocumentStore, DocumentVersion, KeepVersions, NewDocumentVersion } from '../../../core/document-store.ts';
import { versionConflict } from '../../../core/errors/document-errors.ts';
import type { Clock } from '../../../core/runtime.ts';
import { defaultKeepVersions } from '../kept-versions.ts';
import { pollChanges } from '../poll-changes.ts';
import { migrateDocuments } from './migrate-documents.ts';
import { pollSocket } from './poll-socket.ts';

/** A store with connections of its own. */
export interface PostgresDocuments extends DocumentStore {
  /** Closes the connections. */
  close(): Promise<void>;
}

/** What is kept, and the time. */
export interface PostgresDocumentsOptions {
  readonly collection: string;
  readonly clock: Clock;
  /** Default 100. */
  readonly keepVersions?: number | undefined;
}

/**
 * Documents in a PostgreSQL database, in the schema `modelmux`: for several instances. The tables are made where they are missing. Needs the
 * package `postgres`. Rejects when the database cannot be reached.
 */
export async function openPostgresDocuments(
  url: string,
  { collection, clock, keepVersions = defaultKeepVersions }: PostgresDocumentsOptions,
): Promise<PostgresDocuments> {
  const [sql, polling] = await Promise.all([
    connect(url),
    connect(url, { max: 1, idle_timeout: 0, max_lifetime: 0, socket: pollSocket }),
  ]);
  try {
    await migrateDocuments(sql);
  } catch (error) {
    await sql.end({ timeout: 0 });
    throw error;
  }
  const versions = (slug: string) => read(sql, 'h.collection = $1 AND h.slug = $2', [collection, slug]);
  return {
    keepVersions,
    list: () => read(sql, 'h.collection = $1 AND v.number = h.number', [collection]),
    get: async (slug) =>
      (await read(sql, 'h.collection = $1 AND h.slug = $2 AND v.number = h.number', [collection, slug]))[0],
    versions,
    put: (version, after, keep) =>
      put(sql, { collection, version, after, createdAt: clock.now() }, (number) =>
        droppedBy(number, keep, keepVersions),
      ),
    async delete(slug) {
      const { count } = await sql.unsafe(
        'UPDATE modelmux.document SET is_removed = true WHERE collection = $1 AND slug = $2 AND NOT is_removed',
        [collection, slug],
      );
      return count > 0;
    },
    subscribe: pollChanges(async () => {
      const rows = await polling
        .unsafe('SELECT slug, number FROM modelmux.document WHERE collection = $1 AND NOT is_removed', [collection])
        .values();
      return new Map(rows.map(([slug, number]) => [String(slug), Number(number)]));
    }, clock),
    async close() {
      await Promise.all([sql.end({ timeout: 10 }), polling.end({ timeout: 0 })]);
    },
  };
}

/** `more`: options of `postgres`. */
async function connect(url: string, more: object = {}): Promise<Sql> {
  const { default: postgres } = await import('postgres').catch(() => {
    throw new Error('PostgreSQL needs the package "postgres": npm install postgres');
  });
  return postgres(url, {
    max: 4,
    idle_timeout: 5,
    connect_timeout: 10,
    // A pooler may hand every statement to another session.
    prepare: false,
    onnotice: () => undefined,
    connection: { application_name: 'modelmux' },
    ...more,
  });
}

/** Versions of documents that are there, by slug, the latest first. */
async function read(sql: Sql, where: string, params: readonly string[]): Promise<readonly DocumentVersion[]> {
  const rows = await sql
    .unsafe(
      `SELECT v.slug, v.name, v.number, v.content, v.created_at
       FROM modelmux.document h JOIN modelmux.document_version v USING (collection, slug)
       WHERE NOT h.is_removed AND ${where} ORDER BY v.slug, v.number DESC`,
      [...params],
    )
    .values();
  return rows.map(([slug, name, number, content, createdAt]) => ({
    slug: String(slug),
    name: String(name),
    number: Number(number),
    versionId: `v${number}`,
    content: JSON.parse(String(content)),
    createdAt: Number(createdAt),
  }));
}

interface Write {
  readonly collection: string;
  readonly version: NewDocumentVersion;
  readonly after: number | undefined;
  readonly createdAt: number;
}

/** Which versions go when `number` is written: what of SQL says so, and its numbers; undefined: none. */
type Drops = (number: number) => readonly [where: string, numbers: readonly number[]] | undefined;

function droppedBy(number: number, keep: KeepVersions | undefined, most: number): ReturnType<Drops> {
  if (keep === 'all') return undefined;
  if (keep === undefined) return ['number <= $3', [number - most]];
  const kept = [number, ...keep];
  return [`number NOT IN (${kept.map((_, index) => `$${index + 3}`).join(', ')})`, kept];
}

function put(sql: Sql, { collection, version, after, createdAt }: Write, drops: Drops): Promise<DocumentVersion> {
  const { slug, name, content } = version;
  return sql.begin(async (transaction) => {
    await transaction.unsafe(
      'INSERT INTO modelmux.document (collection, slug, number, is_removed) VALUES ($1, $2, 0, true) ON CONFLICT DO NOTHING',
      [collection, slug],
    );
    // Whoever writes the same document waits here.
    const [row] = await transaction
      .unsafe('SELECT number, is_removed FROM modelmux.document WHERE collection = $1 AND slug = $2 FOR UPDATE', [
        collection,
        slug,
      ])
      .values();
    const latest = row?.[1] === true ? 0 : Number(row?.[0]);
    if (after !== undefined && after !== latest) throw versionConflict(slug, after, latest);
    const number = Number(row?.[0]) + 1;
    await transaction.unsafe(
      'INSERT INTO modelmux.document_version (collection, slug, number, name, content, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
      [collection, slug, number, name, JSON.stringify(content), createdAt],
    );
    await transaction.unsafe(
      'UPDATE modelmux.document SET number = $3, is_removed = false WHERE collection = $1 AND slug = $2',
      [collection, slug, number],
    );
    const dropped = drops(number);
    if (dropped !== undefined)
      await transaction.unsafe(
        `DELETE FROM modelmux.document_version WHERE collection = $1 AND slug = $2 AND ${dropped[0]}`,
        [collection, slug, ...dropped[1]],
      );
    return { slug, name, number, versionId: `v${number}`, content, createdAt };
  }) as Promise<DocumentVersion>;
}
