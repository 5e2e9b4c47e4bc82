import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { ShownKey } from '../../server/keys/key-admin.ts';
import { keysOfFile } from '../../server/keys/keys-of-file.ts';
import { CliFailure, type CliIo } from '../io.ts';

/** Where keys are made and looked up: a server that runs, or its data file. */
export interface KeyDesk {
  generate(wish: JsonObject): Promise<ShownKey & { readonly key: string }>;
  list(): Promise<readonly ShownKey[]>;
  info(name: string): Promise<ShownKey>;
  /** All or, where one is unknown, none. */
  remove(names: readonly string[]): Promise<void>;
  close(): void;
}

/** Options that say where. */
export interface DeskFlags {
  readonly data?: string;
  readonly url?: string;
}

/** The desk that `flags` name. Throws `CliFailure` for none. */
export async function openDesk({ data, url }: DeskFlags, io: CliIo): Promise<KeyDesk> {
  if (url !== undefined) return serverDesk(url, io.env['MODELMUX_ADMIN_KEY']);
  if (data !== undefined) return fileDesk(data, io);
  throw new CliFailure('Say where the keys are: --data with the data file of a server, or --url of one that runs.');
}

async function fileDesk(path: string, { env }: CliIo): Promise<KeyDesk> {
  const keys = await keysOfFile(path, env);
  return {
    generate: (wish) => told(keys.generate(wish)),
    list: () => told(keys.list()),
    info: (name) => told(keys.named(name).then(keys.shown)),
    remove: async (names) => void (await told(keys.remove({ keys: names }))),
    close: keys.close,
  };
}

/** What a person did wrong is told without a stack. */
async function told<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof PortkeyError) throw new CliFailure(error.message);
    throw error;
  }
}

function serverDesk(url: string, adminKey: string | undefined): KeyDesk {
  const base = url.replace(/\/+$/, '');
  const ask = (path: string, body?: object) => answerOf(base, path, adminKey, body);
  return {
    generate: async (wish) => (await ask('/key/generate', wish)) as unknown as ShownKey & { key: string },
    list: async () => (await ask('/key/list')).keys as readonly ShownKey[],
    info: async (name) => (await ask(`/key/info?key=${encodeURIComponent(name)}`)).info as unknown as ShownKey,
    remove: async (names) => void (await ask('/key/delete', { keys: names })),
    close: () => undefined,
  };
}

/** A server that does not answer by then is not there. Milliseconds. */
const longestMs = 30_000;

async function answerOf(
  base: string,
  path: string,
  adminKey: string | undefined,
  body: object | undefined,
): Promise<JsonObject> {
  const response = await fetch(`${base}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(adminKey === undefined ? {} : { authorization: `Bearer ${adminKey}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    // Somewhere else the admin key has no business.
    redirect: 'error',
    signal: AbortSignal.timeout(longestMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new CliFailure(`No server answers at ${base}.`);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && isJsonObject(answer)) return answer;
  const said = isJsonObject(answer) && isJsonObject(answer.error) ? answer.error.message : undefined;
  const hint = adminKey === undefined && response.status < 404 ? ' The admin key is read from MODELMUX_ADMIN_KEY.' : '';
  throw new CliFailure(
    `The server refused (${response.status}): ${typeof said === 'string' ? said : 'no reason given.'}${hint}`,
  );
}
