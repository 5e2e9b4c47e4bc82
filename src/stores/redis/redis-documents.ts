import type { DocumentStore, DocumentVersion, KeepVersions } from '../../core/document-store.ts';
import { versionConflict } from '../../core/errors/document-errors.ts';
import { backgroundClock } from '../../core/runtime.ts';
import { defaultKeepVersions, isKeepVersions } from '../documents/kept-versions.ts';
import { type Heads, pollChanges } from '../documents/poll-changes.ts';
import type { RedisCommands } from './commands.ts';
import { commandsOf, type RedisSource } from './connect.ts';
import { requireNamespace } from './namespace.ts';
import { redisScript } from './script.ts';

/** Options of {@link redisDocuments}. */
export interface RedisDocumentsOptions {
  /** What is kept: configs and prompts lie apart. */
  readonly collection: 'configs' | 'prompts';
  /** Clients of one namespace share; default `default`. Letters, digits, `.`, `_`, `:` and `-`. */
  readonly namespace?: string;
  /** How many versions of each are kept; those of prompts with labels beside them. Default 100. */
  readonly keepVersions?: number;
}

/** A store that may hold a connection of its own. */
export interface RedisDocuments extends DocumentStore {
  /** Closes the connection that was opened for an address; a client that was handed in stays open. */
  close(): Promise<void>;
}

/**
 * Configs or prompts in a Redis, for the options `configs: { store }` and `prompts: { store }` of several instances, which see a change
 * within about a second. Takes a client of `ioredis` or `redis`, or an address. In a cluster a collection lies in one slot. Redis must be
 * set to keep its data. Throws a `TypeError` for options that cannot be meant.
 */
export function redisDocuments(source: RedisSource, options: RedisDocumentsOptions): RedisDocuments {
  const { collection, namespace = 'default', keepVersions = defaultKeepVersions } = options;
  requireNamespace(namespace);
  if (!['configs', 'prompts'].includes(collection)) throw new TypeError('"collection" is "configs" or "prompts".');
  if (!isKeepVersions(keepVersions)) throw new TypeError('"keepVersions" is a whole number, 1 or more.');
  const commands = commandsOf(source);
  return { ...documentsOf(commands, { collection, namespace, keepVersions }), close: commands.close };
}

/** The store port over `commands`. */
export function documentsOf(
  commands: RedisCommands,
  { collection, namespace, keepVersions = defaultKeepVersions }: RedisDocumentsOptions,
): DocumentStore {
  const key = (name: string) => `modelmux:{documents:${namespace}:${collection}}:${name}`;
  const [latest, numbers, revision] = [key('latest'), key('numbers'), key('revision')];
  const historyOf = (slug: string) => key(`versions:${slug}`);
  const write = redisScript(commands, writeScript);
  const ask = (...args: readonly string[]) => commands.send(latest, args);
  let known: { readonly revision: string; readonly heads: Heads } | undefined;

  /** Asks for more than the revision only where that changed. */
  async function heads(): Promise<Heads> {
    const found = textOf(await ask('GET', revision));
    if (known?.revision === found) return known.heads;
    const all = listOf(await ask('HVALS', latest)).flatMap(toVersion);
    known = { revision: found, heads: new Map(all.map(({ slug, number }) => [slug, number])) };
    return known.heads;
  }

  return {
    keepVersions,
    async list() {
      const found = listOf(await ask('HVALS', latest)).flatMap(toVersion);
      return found.sort((a, b) => (a.slug < b.slug ? -1 : 1));
    },
    get: async (slug) => toVersion(await ask('HGET', latest, slug))[0],
    async versions(slug) {
      if (toVersion(await ask('HGET', latest, slug)).length === 0) return [];
      return listOf(await ask('LRANGE', historyOf(slug), '0', '-1')).flatMap(toVersion);
    },
    async put({ slug, name, content }, after, keep) {
      const createdAt = Date.now();
      const record = JSON.stringify({ slug, name, content, createdAt });
      const keys = [latest, numbers, historyOf(slug), revision];
      const [isWritten, number] = listOf(
        await write(keys, [slug, String(after ?? ''), record, keepText(keep, keepVersions)]),
      ).map(Number);
      if (isWritten !== 1 || number === undefined) throw versionConflict(slug, after ?? 0, number ?? 0);
      return { slug, name, number, versionId: `v${number}`, content, createdAt };
    },
    async delete(slug) {
      const isGone = Number(await ask('HDEL', latest, slug)) > 0;
      if (isGone) await ask('INCR', revision);
      return isGone;
    },
    subscribe: pollChanges(heads, backgroundClock),
  };
}

/** For {@link writeScript}: `n100` for the last hundred, `,3,17,` for these numbers, empty for all. */
function keepText(keep: KeepVersions | undefined, most: number): string {
  if (keep === undefined) return `n${most}`;
  return keep === 'all' ? '' : `,${keep.join(',')},`;
}

/** Atomic: the number after the highest there ever was. Answers [1, number], or [0, latest] where another is the latest. */
const writeScript = `
local highest = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
local latest = redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 and highest or 0
if ARGV[2] ~= '' and tonumber(ARGV[2]) ~= latest then return {0, latest} end
local number = string.format('%d', highest + 1)
local record = '{"number":' .. number .. ',' .. string.sub(ARGV[3], 2)
redis.call('HSET', KEYS[2], ARGV[1], number)
redis.call('LPUSH', KEYS[3], record)
redis.call('HSET', KEYS[1], ARGV[1], record)
redis.call('INCR', KEYS[4])
if string.sub(ARGV[4], 1, 1) == 'n' then redis.call('LTRIM', KEYS[3], 0, tonumber(string.sub(ARGV[4], 2)) - 1) end
if string.sub(ARGV[4], 1, 1) == ',' then
  for _, old in ipairs(redis.call('LRANGE', KEYS[3], 1, -1)) do
    local oldNumber = string.match(old, '^{"number":(%d+),')
    if oldNumber and not string.find(ARGV[4], ',' .. oldNumber .. ',', 1, true) then redis.call('LREM', KEYS[3], 1, old) end
  end
end
return {1, highest + 1}
`;

function listOf(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}

function toVersion(reply: unknown): readonly DocumentVersion[] {
  if (!(reply instanceof Uint8Array) && typeof reply !== 'string') return [];
  const record = JSON.parse(textOf(reply));
  return [{ ...record, versionId: `v${record.number}` }];
}

function textOf(reply: unknown): string {
  return reply instanceof Uint8Array ? new TextDecoder().decode(reply) : String(reply);
}
