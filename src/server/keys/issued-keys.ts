import { isJsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/runtime.ts';
import type { AccountSnapshot } from '../../routing/state/budget/accounts.ts';
import type { Collection, Records } from '../data/records.ts';
import type { IssuedKey, KeyWish } from './issued-key.ts';
import { createKeyMeters, type KeyMeters } from './key-meters.ts';
import { sha256 } from './sha256.ts';

/** The keys made over `/key/generate`, by their hash, and what they used. */
export interface IssuedKeys {
  readonly all: Collection<IssuedKey>;
  readonly meters: KeyMeters;
  /** Makes a key. The key is told once, here, and never again. */
  issue(wish: KeyWish): Promise<{ readonly key: string; readonly issued: IssuedKey }>;
  /** The key that `name` is: the key itself, its hash, or its alias. */
  named(name: string): IssuedKey | undefined | Promise<IssuedKey | undefined>;
  /** The key that `token` is. */
  shown(token: string): IssuedKey | undefined | Promise<IssuedKey | undefined>;
}

const saveAfterMs = 1000;

/** The keys that `records` hold. What they spend is written a second after it was, at the earliest. */
export function createIssuedKeys(records: Records, clock: Clock, warn: (message: string) => void): IssuedKeys {
  const all = records.collection<IssuedKey>('keys', toIssuedKey);
  const meters = createKeyMeters();
  keepSpend(meters, { records, clock, warn });
  const ofHash = (hash: string) => all.get(hash);
  const shown = (token: string) => {
    const hash = sha256(token);
    return hash instanceof Promise ? hash.then(ofHash) : ofHash(hash);
  };
  return {
    all,
    meters,
    shown,
    named: (name) =>
      name.startsWith('sk-')
        ? shown(name)
        : (all.get(name.toLowerCase()) ?? all.all().find(({ key_alias: alias }) => alias === name)),
    async issue({ durationMs, ...wish }) {
      const key = newKey();
      const now = clock.now();
      const hash = await sha256(key);
      const expires = durationMs === null ? null : now + durationMs;
      const issued: IssuedKey = { hash, ...wish, created_at: now, expires };
      await all.put(hash, issued);
      return { key, issued };
    },
  };
}

/** 256 bits of chance: nobody guesses them, so one pass of SHA-256 hides them. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `sk-${btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')}`;
}

function toIssuedKey(value: unknown): IssuedKey | undefined {
  if (!isJsonObject(value)) return undefined;
  const { hash, models, aliases, metadata, created_at: created, expires } = value;
  const isSound =
    typeof hash === 'string' &&
    Array.isArray(models) &&
    isJsonObject(aliases) &&
    isJsonObject(metadata) &&
    typeof created === 'number' &&
    (expires === null || typeof expires === 'number');
  return isSound ? (value as unknown as IssuedKey) : undefined;
}

interface Keeping {
  readonly records: Records;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

function keepSpend({ accounts }: KeyMeters, { records, clock, warn }: Keeping): void {
  records.part('spend', {
    snapshot: () => accounts.snapshot(clock.now()),
    restore: (kept) => {
      if (Array.isArray(kept)) accounts.restore(kept as readonly AccountSnapshot[], clock.now());
    },
  });
  let isWaiting = false;
  accounts.onCharge(() => {
    if (isWaiting) return;
    isWaiting = true;
    clock.after(saveAfterMs, () => {
      isWaiting = false;
      records.save().catch((error) => warn(`What keys spent could not be kept: ${String(error)}`));
    });
  });
}
