import { openOnce } from '../../core/open-once.ts';
import type { SpendStore } from '../../core/spend-store.ts';

/** Where budgets keep what was spent: a file (Node), or a store of your own. */
export type BudgetStoreOption = SpendStore | { readonly file: string };

/** The store an option names. A file is opened by its first use: it needs Node, the rest of the entry does not. */
export function spendStore(given: BudgetStoreOption): SpendStore {
  if (!('file' in given)) return given;
  const opened = openOnce(async () => {
    const { spendFile } = await import('../../stores/spend-file.ts');
    return spendFile(given.file);
  });
  return {
    read: async () => (await opened.get()).read(),
    append: async (entries) => (await opened.get()).append(entries),
    replace: async (entries) => (await opened.get()).replace(entries),
    close: async () => opened.known?.close?.(),
  };
}
