import { systemClock } from '../../core/runtime.ts';
import type { AccountSnapshot } from '../../routing/state/budget/accounts.ts';
import type { Environment } from '../../vault/env.ts';
import { createRecords } from '../data/records.ts';
import { dataFile } from '../listen/data-file.ts';
import { createIssuedKeys } from './issued-keys.ts';
import { createKeyAdmin, type KeyAdmin } from './key-admin.ts';
import { createKeyBudgets } from './key-budgets.ts';

/** The keys in a server's data file, without the server; one that runs sees what changes within a second. Rejects with `ConfigError` for no such file. */
export async function keysOfFile(path: string, environment: Environment): Promise<KeyAdmin & { close(): void }> {
  const clock = systemClock;
  const records = createRecords({ store: dataFile(path), clock });
  const issuedKeys = createIssuedKeys({ records, clock, look: undefined });
  const budgets = createKeyBudgets(issuedKeys.withId);
  // What keys spend is the server's to write.
  records.part('spend', {
    snapshot: () => undefined,
    restore: (kept) => {
      if (Array.isArray(kept)) budgets.accounts.restore(kept as readonly AccountSnapshot[], clock.now());
    },
  });
  await records.loaded();
  const spend = {
    spentUsd: async (key: Parameters<typeof budgets.spentMicro>[0]) => budgets.spentMicro(key, clock.now()) / 1e6,
  };
  return { ...createKeyAdmin({ issuedKeys, spend, environment, clock }), close: records.stop };
}
