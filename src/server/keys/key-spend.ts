import type { Clock } from '../../core/runtime.ts';
import type { SharedTable } from '../../core/shared-table.ts';
import type { AccountSnapshot } from '../../routing/state/budget/accounts.ts';
import { longestPeriodMs } from '../../routing/state/budget/period.ts';
import type { Records } from '../data/records.ts';
import type { IssuedKey } from './issued-key.ts';
import { type KeyBudgets, periodOf } from './key-budgets.ts';

/** What keys spent, kept with the server's data, and added up over all servers. */
export interface KeySpend {
  /** US dollars the key spent in its period, or altogether: with all servers, else, where they cannot be asked, with this one. */
  spentUsd(key: IssuedKey): Promise<number>;
  /** Resolves when what was spent is told, or cannot be. Never rejects. */
  flush(): Promise<void>;
}

/** What spend is kept with. */
export interface SpendParts {
  readonly records: Records;
  readonly budgets: KeyBudgets;
  readonly clock: Clock;
  readonly table: SharedTable | undefined;
  readonly warn: (message: string) => void;
}

const saveAfterMs = 1000;

/** Keeps what is spent: written and told a second after it was, at the earliest. */
export function keepKeySpend(parts: SpendParts): KeySpend {
  const { records, budgets, clock, table, warn } = parts;
  const { accounts, isOfKey } = budgets;
  records.part('spend', {
    snapshot: () => accounts.snapshot(clock.now()).filter(isOfKey),
    restore: (kept) => {
      if (Array.isArray(kept)) accounts.restore((kept as readonly AccountSnapshot[]).filter(isOfKey), clock.now());
    },
  });
  const untold = createUntold();
  let isWaiting = false;

  async function flush(): Promise<void> {
    if (table !== undefined) await untold.tell(table).catch(() => undefined);
  }

  accounts.onCharge(({ owner, period, micro, at }) => {
    if (period.reset === 'rolling' && table !== undefined)
      untold.note({ owner, sliceMs: sliceOf(period.ms), micro, at });
    if (isWaiting) return;
    isWaiting = true;
    clock.after(saveAfterMs, () => {
      isWaiting = false;
      void flush();
      records.save().catch((error) => warn(`What keys spent could not be kept: ${String(error)}`));
    });
  });
  return {
    flush,
    async spentUsd(key) {
      const here = budgets.spentMicro(key, clock.now());
      if (table === undefined) return here / 1e6;
      await flush();
      const everywhere = await spentBy(budgets.ownerOf(key), periodOf(key).ms, table, clock.now()).catch(() => here);
      return Math.max(here, everywhere) / 1e6;
    },
  };
}

interface Spent {
  readonly owner: string;
  readonly sliceMs: number;
  readonly micro: number;
  readonly at: number;
}

/** Amounts by owner and slice of the period on their way to the table. */
function createUntold() {
  let amounts = new Map<string, Map<string, number>>();
  return {
    note({ owner, sliceMs, micro, at }: Spent): void {
      const counter = counterOf(owner, sliceMs);
      const slices = amounts.get(counter) ?? new Map<string, number>();
      const slice = String(Math.floor(at / sliceMs));
      slices.set(slice, (slices.get(slice) ?? 0) + micro);
      amounts.set(counter, slices);
    },
    async tell(table: SharedTable): Promise<void> {
      const told = amounts;
      amounts = new Map();
      for (const [counter, slices] of told) {
        try {
          await table.add(counter, slices, 2 * longestPeriodMs);
        } catch {
          // With the next ones.
          const later = amounts.get(counter) ?? new Map<string, number>();
          for (const [slice, micro] of slices) later.set(slice, (later.get(slice) ?? 0) + micro);
          amounts.set(counter, later);
        }
      }
    },
  };
}

async function spentBy(owner: string, ms: number, table: SharedTable, now: number): Promise<number> {
  const sliceMs = sliceOf(ms);
  const slices = await table.amounts(counterOf(owner, sliceMs));
  return [...slices]
    .filter(([slice]) => (Number(slice) + 1) * sliceMs + ms > now)
    .reduce((sum, [, micro]) => sum + micro, 0);
}

/** As rolling budgets count: a sixtieth of the period at a time. */
function sliceOf(ms: number): number {
  return ms / 60;
}

function counterOf(owner: string, sliceMs: number): string {
  return `${owner} ${sliceMs}`;
}
