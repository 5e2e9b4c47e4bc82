import { apiError } from '../../core/errors/api-error.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/runtime.ts';
import type { Collection } from '../data/collection.ts';
import type { Records } from '../data/records.ts';
import { type IssuedKey, idOf, type KeyWish } from './issued-key.ts';
import { sha256 } from './sha256.ts';

/** The keys made over `/key/generate`, by their hash. */
export interface IssuedKeys {
  readonly all: Collection<IssuedKey>;
  /** Makes a key. The key is told once, here, and never again. */
  issue(wish: KeyWish): Promise<{ readonly key: string; readonly issued: IssuedKey }>;
  /** The key that `name` is: the key itself, its hash, or its alias. */
  named(name: string): IssuedKey | undefined | Promise<IssuedKey | undefined>;
  /** The key that `token` is, also where another server made it just now. Rejects with 503 where only others can know. */
  shown(token: string): IssuedKey | undefined | Promise<IssuedKey | undefined>;
  /** The key of an ID. */
  withId(id: string): IssuedKey | undefined;
}

/** What keys are kept with. */
export interface KeyParts {
  readonly records: Records;
  readonly clock: Clock;
  /** Asks other servers for a key by its hash, if there are any; rejects when they cannot be asked. */
  readonly look: ((hash: string) => Promise<void>) | undefined;
}

/** As {@link newKey} makes them. */
const looksIssued = /^sk-[\w-]{43}$/;

/** The keys that `records` hold. */
export function createIssuedKeys({ records, clock, look }: KeyParts): IssuedKeys {
  const all = records.collection<IssuedKey>('keys', toIssuedKey);
  const hashes = new Map<string, string>();
  const strangers = createStrangers(clock);

  async function ask(hash: string): Promise<IssuedKey | undefined> {
    if (look === undefined || strangers.has(hash)) return undefined;
    await look(hash).catch(() => {
      throw unknowable();
    });
    const found = all.get(hash);
    if (found === undefined) strangers.add(hash);
    return found;
  }

  const shown = (token: string) => {
    const ofHash = (hash: string) => all.get(hash) ?? (looksIssued.test(token) ? ask(hash) : undefined);
    const hash = sha256(token);
    return hash instanceof Promise ? hash.then(ofHash) : ofHash(hash);
  };
  return {
    all,
    shown,
    named: (name) =>
      name.startsWith('sk-')
        ? shown(name)
        : (all.get(name.toLowerCase()) ?? all.all().find(({ key_alias: alias }) => alias === name)),
    withId(id) {
      const known = all.get(hashes.get(id) ?? '');
      if (known !== undefined) return known;
      const found = all.all().find((key) => idOf(key) === id);
      if (found === undefined) hashes.delete(id);
      else hashes.set(id, found.hash);
      return found;
    },
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

/** A second's memory of keys that nobody made, so that guessing costs the others little. */
function createStrangers(clock: Clock) {
  const forgetAfterMs = 1000;
  const most = 10_000;
  let seen = new Set<string>();
  let since = 0;
  return {
    has(hash: string): boolean {
      if (clock.now() - since >= forgetAfterMs || seen.size >= most) {
        seen = new Set();
        since = clock.now();
      }
      return seen.has(hash);
    },
    add: (hash: string) => void seen.add(hash),
  };
}

function unknowable() {
  return apiError({
    status: 503,
    kind: 'server',
    type: 'server_error',
    code: 'keys_unavailable',
    message: 'This server cannot look the key up now. Try again in 1 s.',
    headers: { 'retry-after': '1' },
  });
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
