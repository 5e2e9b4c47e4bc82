import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { splitHeaders } from '../callers/header-split.ts';
import type { KeyOwner } from '../keys/key-ring.ts';
import type { Asker } from '../routes/model-call.ts';

/** What a job keeps of who asked: what says where it goes, and whose it is. A provider's key is among it only where the caller sent one. */
export function askerParams({ headers, traceId, owner, providerKey }: Asker): JsonObject {
  const kept = Object.fromEntries(splitHeaders(headers).routing);
  const { metadata } = { metadata: headers['x-portkey-metadata'] };
  return {
    headers: { ...kept, ...(metadata === undefined ? {} : { 'x-portkey-metadata': metadata }) },
    traceId,
    ...(owner === undefined
      ? {}
      : { owner: { id: owner.id, isAdmin: owner.isAdmin, hash: owner.issued?.hash ?? null } }),
    ...(providerKey === undefined ? {} : { Authorization: providerKey }),
  };
}

/** Who asked, for the job's call. */
export interface JobAsker extends Asker {
  /** Of the key that must still be good; undefined for a key that was not issued. */
  readonly hash: string | undefined;
}

/** Reads what {@link askerParams} wrote. */
export function askerOf({ headers, traceId, owner, Authorization: providerKey }: JsonObject): JobAsker {
  const known = isJsonObject(owner) ? owner : undefined;
  return {
    headers: headers as Readonly<Record<string, string>>,
    traceId: String(traceId),
    owner: known === undefined ? undefined : ({ id: known.id, isAdmin: known.isAdmin } as KeyOwner),
    providerKey: typeof providerKey === 'string' ? providerKey : undefined,
    hash: typeof known?.hash === 'string' ? known.hash : undefined,
  };
}
