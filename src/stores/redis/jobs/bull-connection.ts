import type { ConnectionOptions } from 'bullmq';
import type { RedisClient } from '../commands.ts';

/** How BullMQ reaches its Redis. */
export type BullConnection = string | RedisClient | Readonly<Record<string, unknown>>;

/** A connection as BullMQ wants it. */
export interface BullLink {
  readonly connection: ConnectionOptions;
  /** Closes what was opened here; a client that was handed in stays open. */
  release(): Promise<void>;
}

const nothingToRelease = async () => undefined;

/** A client that cannot wait for jobs is not used itself: one like it is. */
export function connectionFor(given: BullConnection): BullLink {
  if (typeof given === 'string')
    return { connection: { url: given, maxRetriesPerRequest: null }, release: nothingToRelease };
  return isImpatient(given) ? patient(given) : { connection: given as ConnectionOptions, release: nothingToRelease };
}

/** A client of `ioredis` that gives commands up after some tries; BullMQ waits for jobs by commands that take for ever. */
interface ImpatientClient {
  readonly options: { readonly maxRetriesPerRequest?: number | null };
  duplicate(options: object): { on(event: 'error', listener: () => void): unknown; disconnect(): void };
}

function isImpatient(given: object): given is ImpatientClient {
  const { options, duplicate, isCluster } = given as Partial<ImpatientClient> & { readonly isCluster?: unknown };
  return isCluster === false && typeof duplicate === 'function' && options?.maxRetriesPerRequest !== null;
}

function patient(client: ImpatientClient): BullLink {
  const own = client.duplicate({ maxRetriesPerRequest: null });
  own.on('error', () => undefined);
  return { connection: own as unknown as ConnectionOptions, release: async () => own.disconnect() };
}
