import type { LogLimits } from '../../../core/log-store.ts';
import type { Prepared } from './statements.ts';

const rowsPerStep = 500;

/** Deletes what `limits` do not allow, in small steps, between which others may write. Returns the number of records deleted. */
export function prune(prepared: Prepared, { before, records }: LogLimits): number {
  const tooOld = before === undefined ? 0 : removeWhere(prepared, 'started_at < ?', [before]);
  if (records === undefined) return tooOld;
  const excess = prepared('SELECT started_at, id FROM log ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ?').get(
    records,
  );
  if (excess === undefined) return tooOld;
  const { started_at: startedAt, id } = excess;
  return tooOld + removeWhere(prepared, '(started_at, id) <= (?, ?)', [Number(startedAt), String(id)]);
}

function removeWhere(prepared: Prepared, condition: string, params: readonly (string | number)[]): number {
  const step = prepared(`DELETE FROM log WHERE seq IN (SELECT seq FROM log WHERE ${condition} LIMIT ${rowsPerStep})`);
  let removed = 0;
  for (;;) {
    const changes = Number(step.run(...params).changes);
    removed += changes;
    if (changes < rowsPerStep) return removed;
  }
}
