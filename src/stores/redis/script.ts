import type { RedisArgument, RedisCommands } from './commands.ts';

/** Runs a Lua script in a Redis; `keys` is not empty, and in a cluster all lie in one slot. */
export type RedisScript = (keys: readonly string[], args: readonly RedisArgument[]) => Promise<unknown>;

/** Prepares a script: it is sent whole only where the Redis does not know it yet, as after a restart. */
export function redisScript(commands: RedisCommands, source: string): RedisScript {
  let digest: string | Promise<string> | undefined;
  const run = (head: readonly string[], keys: readonly string[], args: readonly RedisArgument[]) =>
    commands.send(keys[0] ?? '', [...head, String(keys.length), ...keys, ...args]);

  return async (keys, args) => {
    digest ??= sha1Hex(source).then((hex) => {
      digest = hex;
      return hex;
    });
    try {
      return await run(['EVALSHA', typeof digest === 'string' ? digest : await digest], keys, args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return run(['EVAL', source], keys, args);
    }
  };
}

async function sha1Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
