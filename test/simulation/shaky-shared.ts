import type { Shared, SharedAnswer } from '../../src/core/shared-state.ts';
import type { StoredValue } from '../../src/core/store.ts';
import type { Seeded } from './seeded.ts';
import { SharedLedger } from './shared-ledger.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How the shared state behaves for a while. */
const weathers = ['up', 'slow', 'silent', 'gone', 'deaf'] as const;
type Weather = (typeof weathers)[number];

/** What several processes share, on the virtual clock. */
export interface ShakyShared extends Shared {
  /** Places held now. */
  leases(): number;
}

/** No request waits longer for an answer, in milliseconds. */
export const sharedTimeoutMs = 5;

/**
 * A shared state that, unless it is `steady`, hangs, dies, takes its time, does what it is asked without ever saying so, comes back, and
 * sometimes has forgotten everything when it does.
 */
export function shakyShared(chance: Seeded, time: VirtualTime, steady: boolean): ShakyShared {
  const ledger = new SharedLedger();
  const values = new Map<string, { value: StoredValue; until: number }>();
  let weather: Weather = 'up';
  let until = time.now() + chance.exponential(10_000);

  function today(): Weather {
    while (!steady && time.now() >= until) {
      const before = weather;
      weather = before === 'up' ? chance.pick(weathers) : 'up';
      if (before !== 'up' && chance.chance(0.3)) ledger.wipe();
      until += 200 + chance.exponential(weather === 'up' ? 15_000 : 6_000);
    }
    return weather;
  }

  const after = (ms: number) => new Promise<void>((resolve) => time.after(ms, resolve));

  /** What `work` gives, as the weather lets it through. */
  async function through<Value>(work: () => Value): Promise<Value> {
    const now = today();
    if (now === 'gone') {
      await after(chance.next());
      throw new Error('connect ECONNREFUSED');
    }
    const wayMs = now === 'slow' ? chance.exponential(60) : chance.next();
    await after(wayMs);
    if (now === 'silent' && chance.chance(0.5)) return new Promise(() => undefined);
    const value = work();
    if (now === 'silent') return new Promise(() => undefined);
    await after(now === 'slow' ? chance.exponential(60) : chance.next());
    if (now === 'deaf') throw new Error('read ECONNRESET');
    return value;
  }

  return {
    state: {
      timeoutMs: sharedTimeoutMs,
      // As a message is on the wire: nothing is shared with the sender.
      exchange: (message): Promise<SharedAnswer> => {
        const sent = structuredClone(message);
        return through(() => structuredClone(ledger.apply(sent, time.now())));
      },
    },
    store: {
      get: (key) =>
        through(() => {
          const entry = values.get(key);
          return entry === undefined || entry.until <= time.now() ? undefined : entry.value;
        }),
      set: (key, value, ttlMs) => through(() => void values.set(key, { value, until: time.now() + ttlMs })),
      delete: (key) => through(() => void values.delete(key)),
    },
    vectors: { append: () => undefined, since: async () => ({ records: [], cursor: undefined }) },
    leases: () => ledger.leases(time.now()),
  };
}
