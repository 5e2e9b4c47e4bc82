import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Gives the statement for a text. */
export type Prepared = (sql: string) => StatementSync;

const keptAtMost = 200;

/** Statements by their text, each compiled once. */
export function preparedStatements(database: DatabaseSync): Prepared {
  const known = new Map<string, StatementSync>();
  return (sql) => {
    const found = known.get(sql);
    if (found !== undefined) return found;
    const made = database.prepare(sql);
    if (known.size >= keptAtMost) known.clear();
    known.set(sql, made);
    return made;
  };
}
