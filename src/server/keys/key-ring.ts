import { type IssuedKey, idOf } from './issued-key.ts';
import type { IssuedKeys } from './issued-keys.ts';
import { isSameDigest, sha256 } from './sha256.ts';

/** Whose key it is. */
export interface KeyOwner {
  /** Keeps what one client is told from another: the first 12 digits of the key's hash. */
  readonly id: string;
  readonly isAdmin: boolean;
  /** What the key may do, where it was made over `/key/generate`. */
  readonly issued?: IssuedKey;
}

/** Keys that open the server. Holds hashes alone. */
export interface KeyRing {
  /** Nobody needs a key. */
  readonly isEmpty: boolean;
  readonly hasAdmin: boolean;
  /** Whose key `token` is; undefined when it is nobody's. Compares with every key, always in the same time. */
  ownerOf(token: string): KeyOwner | undefined | Promise<KeyOwner | undefined>;
}

interface Entry {
  readonly digest: string;
  readonly owner: KeyOwner;
}

/** A ring of `keys` and `adminKey`, each plain or `sha256:<hex>`. */
export function createKeyRing(keys: readonly string[], adminKey: string | undefined): KeyRing {
  const given = [
    ...keys.map((key) => ({ key, isAdmin: false })),
    ...(adminKey === undefined ? [] : [{ key: adminKey, isAdmin: true }]),
  ];
  let entries: readonly Entry[] | undefined;
  const ready = settle(given.map(({ key, isAdmin }) => then(digestOf(key), (digest) => entryOf(digest, isAdmin))));
  const find = (all: readonly Entry[], digest: string): KeyOwner | undefined => {
    let owner: KeyOwner | undefined;
    for (const entry of all) if (isSameDigest(entry.digest, digest)) owner = entry.owner;
    return owner;
  };
  if (!(ready instanceof Promise)) entries = ready;
  return {
    isEmpty: given.length === 0,
    hasAdmin: adminKey !== undefined,
    ownerOf: (token) => then(sha256(token), (digest) => then(entries ?? ready, (all) => find(all, digest))),
  };
}

/** `ring`, and the keys that were issued. */
export function withIssuedKeys(ring: KeyRing, issued: Pick<IssuedKeys, 'shown'>): KeyRing {
  const owned = async (token: string): Promise<KeyOwner | undefined> => {
    const key = await issued.shown(token);
    return key === undefined ? undefined : { id: idOf(key), isAdmin: false, issued: key };
  };
  return {
    ...ring,
    ownerOf: (token) =>
      then(ring.ownerOf(token), (owner) => owner ?? (token.startsWith('sk-') ? owned(token) : undefined)),
  };
}

function entryOf(digest: string, isAdmin: boolean): Entry {
  return { digest, owner: { id: digest.slice(0, 12), isAdmin } };
}

function digestOf(key: string): string | Promise<string> {
  return key.startsWith('sha256:') ? key.slice('sha256:'.length).toLowerCase() : sha256(key);
}

function settle<Value>(values: readonly (Value | Promise<Value>)[]): readonly Value[] | Promise<readonly Value[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as readonly Value[]);
}

function then<Value, Result>(
  value: Value | Promise<Value>,
  step: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(step) : step(value);
}
