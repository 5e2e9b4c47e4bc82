import type { Clock } from '../../../core/runtime.ts';
import type { SpendEntry, SpendStore } from '../../../core/spend-store.ts';
import type { Accounts } from './accounts.ts';
import { fromKey, keyOf } from './period.ts';

/** What accounts spent, kept over restarts. */
export interface KeptSpend {
  /** What there is to wait for before anybody asks an account; undefined when all is known. Rejects when what was kept cannot be read. */
  loaded(): Promise<void> | undefined;
  /** Resolves when everything booked is kept. */
  close(): Promise<void>;
}

/** Who keeps, and who hears of trouble. */
export interface KeepOptions {
  readonly store: SpendStore;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
  /** Accounts that somebody else keeps. */
  readonly isKeptElsewhere?: ((account: { readonly owner: string }) => boolean) | undefined;
}

/** Charges kept one by one before what they add up to takes their place. */
const mostEntries = 10_000;

/** After a failure it is tried again so much later. Milliseconds. */
const tryAgainMs = 1000;

/** Reads what `store` holds into `accounts`, at once, and from then on adds every charge as it is booked. Nobody waits for a write. */
export function keepSpend(accounts: Accounts, options: KeepOptions): KeptSpend {
  const { store, clock, warn, isKeptElsewhere = () => false } = options;
  let waiting: SpendEntry[] = [];
  let keptSingly = 0;
  /** Entries of the last whole. */
  let whole = 0;
  let isIncomplete = false;
  let isWarned = false;
  let writing: Promise<void> | undefined;
  let loading: Promise<void> | undefined = load();
  // Told to whoever asks.
  loading.catch(() => undefined);

  async function load(): Promise<void> {
    const entries = await store.read();
    for (const { owner, period, micro, at } of entries) {
      const known = fromKey(period);
      if (known !== undefined && !isKeptElsewhere({ owner }))
        accounts.restore([{ owner, period: known, spent: [[at, micro]] }], clock.now());
    }
    keptSingly = entries.length;
    loading = undefined;
    accounts.onCharge(({ owner, period, micro, at }) => {
      if (isKeptElsewhere({ owner })) return;
      waiting.push({ owner, period: keyOf(period), micro, at });
      writing ??= Promise.resolve().then(write);
    });
  }

  async function write(): Promise<void> {
    try {
      while (waiting.length > 0 || isIncomplete) await writeOnce();
      isWarned = false;
    } catch (error) {
      // Nobody knows what is kept by now: next time everything is written.
      isIncomplete = true;
      waiting = [];
      if (!isWarned) warn(`What budgets spent cannot be kept: ${String(error)}. It is tried again with later calls.`);
      isWarned = true;
      await new Promise<void>((resolve) => clock.after(tryAgainMs, resolve));
    } finally {
      writing = undefined;
    }
  }

  async function writeOnce(): Promise<void> {
    const entries = waiting;
    waiting = [];
    if (!isIncomplete && keptSingly + entries.length <= Math.max(mostEntries, 4 * whole)) {
      await store.append(entries);
      keptSingly += entries.length;
      return;
    }
    const all = entriesOf(accounts, clock.now(), isKeptElsewhere);
    await store.replace(all);
    isIncomplete = false;
    whole = all.length;
    keptSingly = 0;
  }

  return {
    loaded: () => loading,
    async close() {
      await loading?.catch(() => undefined);
      await writing;
      if (isIncomplete || waiting.length > 0) await write();
      await store.close?.();
    },
  };
}

function entriesOf(
  accounts: Accounts,
  now: number,
  isKeptElsewhere: NonNullable<KeepOptions['isKeptElsewhere']>,
): readonly SpendEntry[] {
  return accounts
    .snapshot(now)
    .filter((account) => !isKeptElsewhere(account))
    .flatMap(({ owner, period, spent }) =>
      spent.map(([at, micro]) => ({ owner, period: keyOf(period), micro, at: Math.floor(at) })),
    );
}
