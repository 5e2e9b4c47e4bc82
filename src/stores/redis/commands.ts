/** What a command is made of: bytes go as they are. */
export type RedisArgument = string | Uint8Array;

/** The little this library asks of a Redis, whichever package talks to it. */
export interface RedisCommands {
  /**
   * Sends one command. `key` is one that the command touches: it says which node of a cluster is meant. Text comes back as bytes, numbers as
   * numbers, nothing as null. Rejects with what the driver makes of an error reply or a broken connection.
   */
  send(key: string, args: readonly RedisArgument[]): Promise<unknown>;
  /** Closes a connection that was opened here. A client that was handed in is its owner's to close. */
  close(): Promise<void>;
}

/** A client of the package `ioredis`: `Redis` (Sentinel included) or `Cluster`. */
export interface IoredisClient {
  callBuffer(command: string, ...args: (string | Buffer | number)[]): Promise<unknown>;
}

/** A connected client of the package `redis`: of `createClient`, `createCluster` or `createSentinel`. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  sendCommand(...args: never[]): Promise<unknown>;
}

/** What {@link toCommands} takes. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** The commands of a client of either package. Throws a `TypeError` for anything else. */
export function toCommands(client: RedisClient): RedisCommands {
  const close = async () => undefined;
  if (isIoredis(client)) {
    return { close, send: (_key, [command = '', ...args]) => client.callBuffer(String(command), ...args.map(toWire)) };
  }
  if (isNodeRedis(client)) return { close, send: nodeRedisSend(client) };
  throw new TypeError(
    'Expected a client of the package "ioredis" (new Redis(…), new Cluster(…)) or "redis" (createClient(…), createCluster(…), createSentinel(…)).',
  );
}

function isIoredis(client: unknown): client is IoredisClient {
  return hasMethod(client, 'callBuffer');
}

function isNodeRedis(client: unknown): client is NodeRedisClient {
  return hasMethod(client, 'sendCommand') && 'isOpen' in client;
}

function hasMethod(client: unknown, name: string): client is object {
  return (
    typeof client === 'object' &&
    client !== null &&
    typeof (client as Readonly<Record<string, unknown>>)[name] === 'function'
  );
}

/** RESP type of bulk strings (`$`), which the package then gives as bytes. */
const asBytes = { typeMapping: { 36: Buffer } };

/** The three kinds of client want the same in three ways. */
function nodeRedisSend(client: NodeRedisClient): RedisCommands['send'] {
  const sendCommand = client.sendCommand.bind(client) as (...args: unknown[]) => Promise<unknown>;
  if ('nodeByAddress' in client) return (key, args) => sendCommand(key, false, args.map(toWire), asBytes);
  if ('acquire' in client) return (_key, args) => sendCommand(false, args.map(toWire), asBytes);
  return (_key, args) => sendCommand(args.map(toWire), asBytes);
}

/** Both packages know bytes only as `Buffer`. */
function toWire(argument: RedisArgument): string | Buffer {
  if (typeof argument === 'string' || Buffer.isBuffer(argument)) return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}
