import type { Clock } from '../../core/runtime.ts';
import type { SharedTable } from '../../core/shared-table.ts';

/** Whoever asks waits no longer. Milliseconds. */
const longestMs = 2000;

/** `table`, whose answers come in time or are an error. */
export function timedTable(table: SharedTable, clock: Clock): SharedTable {
  const timed = <Value>(asked: Promise<Value>) =>
    new Promise<Value>((resolve, reject) => {
      const cancel = clock.after(longestMs, () => reject(new Error(`No answer within ${longestMs} ms.`)));
      asked.then(resolve, reject).finally(cancel);
    });
  return {
    version: () => timed(table.version()),
    all: () => timed(table.all()),
    get: (name) => timed(table.get(name)),
    put: (entries, options) => timed(table.put(entries, options)),
    remove: (names) => timed(table.remove(names)),
    add: (counter, amounts, ttlMs) => timed(table.add(counter, amounts, ttlMs)),
    amounts: (counter) => timed(table.amounts(counter)),
  };
}
