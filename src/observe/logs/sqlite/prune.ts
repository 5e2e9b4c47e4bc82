import type { DatabaseSync } from 'node:sqlite';
import type { LogLimits } from '../../../core/log-store.ts';
import { hourMs } from './hours.ts';
import type { Prepared } from './statements.ts';
import { inTransaction } from './transaction.ts';

const rowsPerStep = 500;

/** What is pruned. */
interface Pruned {
  readonly database: DatabaseSync;
  readonly prepared: Prepared;
}

/** Deletes what `limits` do not allow, in small steps, between which others may write. Returns the number of records deleted. */
export function prune(pruned: Pruned, { before, records }: LogLimits): number {
  const tooOld =
    before === undefined ? 0 : removeWhere(pruned, { condition: 'started_at < ?', params: [before], until: before });
  if (records === undefined) return tooOld;
  const excess = pruned
    .prepared('SELECT started_at, id FROM log ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ?')
    .get(records);
  if (excess === undefined) return tooOld;
  const [startedAt, id] = [Number(excess.started_at), String(excess.id)];
  const rows = { condition: '(started_at, id) <= (?, ?)', params: [startedAt, id], until: startedAt };
  return tooOld + removeWhere(pruned, rows);
}

/** Rows to remove, none of which is of a time after `until`. */
interface Removable {
  readonly condition: string;
  readonly params: readonly (string | number)[];
  readonly until: number;
}

function removeWhere({ database, prepared }: Pruned, { condition, params, until }: Removable): number {
  const step = prepared(`DELETE FROM log WHERE seq IN (SELECT seq FROM log WHERE ${condition} LIMIT ${rowsPerStep})`);
  const forget = prepared('DELETE FROM log_hour WHERE hour <= ?');
  let removed = 0;
  for (let changes = rowsPerStep; changes === rowsPerStep; removed += changes)
    inTransaction(database, () => {
      changes = Number(step.run(...params).changes);
      if (changes > 0) forget.run(Math.floor(until / hourMs));
    });
  return removed;
}
