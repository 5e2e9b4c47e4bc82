import { processEnvironment } from '../../config/process-environment.ts';
import { type APIError, apiError } from '../../core/errors/api-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/runtime.ts';
import type { Environment } from '../../vault/env.ts';
import { type IssuedKey, readKeyWish, updatedKey } from './issued-key.ts';
import type { IssuedKeys } from './issued-keys.ts';
import type { KeyMeters } from './key-meters.ts';
import type { KeySpend } from './key-spend.ts';

/** A key as it may be shown: nothing that opens anything. The bound config may hold keys of providers. */
export interface ShownKey extends Omit<IssuedKey, 'hash' | 'config' | 'created_at' | 'expires'> {
  /** Its hash. */
  readonly token: string;
  readonly has_config: boolean;
  /** US dollars in its period, or altogether. */
  readonly spend: number;
  /** ISO 8601. */
  readonly created_at: string;
  readonly expires: string | null;
}

/** Makes, changes, shows and deletes keys. Bodies are those of LiteLLM; what is wrong with them rejects with an `APIError`. */
export interface KeyAdmin {
  /** `check` looks at the key's own config before it is kept. The key itself is told here and never again. */
  generate(
    body: JsonObject,
    check?: (config: object) => Promise<unknown>,
  ): Promise<ShownKey & { readonly key: string }>;
  update(body: JsonObject, check?: (config: object) => Promise<unknown>): Promise<ShownKey>;
  /** Names of keys as they were given. */
  remove(body: JsonObject): Promise<readonly string[]>;
  list(): Promise<readonly ShownKey[]>;
  /** Rejects with 404 for a name that is nobody's. */
  named(name: string): Promise<IssuedKey>;
  shown(key: IssuedKey): Promise<ShownKey>;
}

/** What keys are administered with. */
export interface AdminParts {
  readonly issuedKeys: IssuedKeys;
  readonly meters?: Pick<KeyMeters, 'forget'>;
  readonly spend: Pick<KeySpend, 'spentUsd'>;
  readonly environment: Environment | undefined;
  readonly clock: Clock;
}

/** The administration of `issuedKeys`. */
export function createKeyAdmin(parts: AdminParts): KeyAdmin {
  const { issuedKeys, meters, clock } = parts;
  const environment = parts.environment ?? processEnvironment();
  const shown = async (key: IssuedKey) => toShown(key, await parts.spend.spentUsd(key));

  async function named(name: string): Promise<IssuedKey> {
    const key = await issuedKeys.named(name);
    if (key === undefined) throw unknownKey();
    return key;
  }

  function requireFree(alias: string | undefined, own?: IssuedKey): void {
    const holder =
      alias === undefined ? undefined : issuedKeys.all.all().find(({ key_alias: known }) => known === alias);
    if (holder !== undefined && holder.hash !== own?.hash) throw aliasTaken(alias ?? '');
  }

  return {
    named,
    shown,
    list: () => Promise.all(issuedKeys.all.all().map(shown)),
    async generate(body, check) {
      const wish = readKeyWish(body, environment);
      requireFree(wish.key_alias);
      if (wish.config !== undefined) await check?.(wish.config);
      const { key, issued } = await issuedKeys.issue(wish);
      return { key, ...(await shown(issued)) };
    },
    async update({ key: name, ...body }, check) {
      const before = await named(nameOf(name));
      const updated = updatedKey(before, body, environment, clock.now());
      requireFree(updated.key_alias, before);
      if (updated.config !== undefined && updated.config !== before.config) await check?.(updated.config);
      await issuedKeys.all.put(updated.hash, updated);
      return shown(updated);
    },
    async remove({ keys, key_aliases: aliases }) {
      const names = namesOf(keys, aliases);
      // Nothing is deleted where one of them is unknown.
      const found = await Promise.all(names.map(named));
      for (const key of found) {
        meters?.forget(key);
        await issuedKeys.all.delete(key.hash);
      }
      return names;
    },
  };
}

function nameOf(name: unknown): string {
  if (typeof name === 'string' && name !== '') return name;
  throw new InvalidRequestError('key', '"key" is the key, its hash or its alias.');
}

function namesOf(...given: readonly unknown[]): readonly string[] {
  const names = given.flatMap((some) => (Array.isArray(some) ? some : some === undefined ? [] : [some]));
  if (names.length > 0 && names.every((name) => typeof name === 'string')) return names;
  throw new InvalidRequestError('keys', '"keys" is a list of keys, their hashes or aliases: {"keys": ["sk-…"]}.');
}

/** 404. The key itself is never said, not even by who asked for it. */
export function unknownKey(): APIError {
  return apiError({
    status: 404,
    kind: 'not_found',
    type: 'invalid_request_error',
    code: 'key_not_found',
    param: 'key',
    message: 'There is no such key.',
  });
}

function aliasTaken(alias: string): APIError {
  return apiError({
    status: 409,
    kind: 'invalid_request',
    type: 'invalid_request_error',
    code: 'key_alias_taken',
    param: 'key_alias',
    message: `There is a key with the alias ${JSON.stringify(alias)} already.`,
  });
}

function toShown({ config, hash, expires, created_at: created, ...key }: IssuedKey, spend: number): ShownKey {
  return {
    ...key,
    token: hash,
    has_config: config !== undefined,
    spend,
    created_at: new Date(created).toISOString(),
    expires: expires === null ? null : new Date(expires).toISOString(),
  };
}
