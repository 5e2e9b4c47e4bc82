import type { SharedTable } from '../../core/shared-table.ts';
import type { RedisCommands } from './commands.ts';

/** A table in Redis: one hash of entries, and one that says how often they changed. In a cluster both lie in one slot. */
export function tableOf(commands: RedisCommands, namespace: string): SharedTable {
  const tag = `{modelmux:${namespace}}:`;
  const entries = `${tag}data`;
  const versions = `${tag}data:version`;
  const send = (key: string, command: string, ...args: readonly string[]) =>
    commands.send(key, [command, key, ...args]);

  async function changed(): Promise<void> {
    // Made anew when all was lost: whoever knew the old one sees that.
    await send(versions, 'HSETNX', 'epoch', crypto.randomUUID());
    await send(versions, 'HINCRBY', 'count', '1');
  }

  return {
    async version() {
      const reply = await send(versions, 'HMGET', 'epoch', 'count');
      const [epoch, count] = Array.isArray(reply) ? reply : [];
      return isText(epoch) ? `${textOf(epoch)}:${isText(count) ? textOf(count) : '0'}` : '';
    },
    all: async () => pairsOf(await send(entries, 'HGETALL')),
    async get(name) {
      const value = await send(entries, 'HGET', name);
      return isText(value) ? textOf(value) : undefined;
    },
    async put(given, { onlyNew = false } = {}) {
      if (given.size === 0) return;
      if (!onlyNew) await send(entries, 'HSET', ...[...given].flat());
      else for (const [name, text] of given) await send(entries, 'HSETNX', name, text);
      await changed();
    },
    async remove(names) {
      if (names.length > 0) await send(entries, 'HDEL', ...names);
    },
    async add(counter, amounts, ttlMs) {
      const key = `${tag}count:${counter}`;
      for (const [field, amount] of amounts) await send(key, 'HINCRBY', field, String(Math.round(amount)));
      await send(key, 'PEXPIRE', String(Math.ceil(ttlMs)));
    },
    async amounts(counter) {
      const pairs = pairsOf(await send(`${tag}count:${counter}`, 'HGETALL'));
      return new Map([...pairs].map(([field, text]) => [field, Number(text)]));
    },
  };
}

/** A hash comes as a list in turns. */
function pairsOf(reply: unknown): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  if (!Array.isArray(reply)) return pairs;
  for (let at = 0; at + 1 < reply.length; at += 2) pairs.set(textOf(reply[at]), textOf(reply[at + 1]));
  return pairs;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || value instanceof Uint8Array;
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}
