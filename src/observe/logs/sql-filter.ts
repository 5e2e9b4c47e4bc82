import type { LogQuery } from '../../core/log-query.ts';
import { cacheCondition, markBits } from './mark-bits.ts';
import { searchText } from './search-text.ts';

/** How a database writes what all write alike. */
export interface SqlDialect {
  /** The n-th parameter of a statement, 1 for the first: `?`, or `$1`. */
  placeholder(index: number): string;
  /** A table of ours by its short name. */
  table(name: 'log' | 'log_metadata'): string;
}

/** What follows the columns of a `SELECT` over the table `log`, and its parameters in order. */
export interface SqlFilter {
  readonly from: string;
  readonly params: readonly (string | number)[];
}

const columns = {
  traceId: 'trace_id',
  provider: 'provider',
  model: 'model',
  virtualKey: 'virtual_key',
  configId: 'config_id',
  endpoint: 'endpoint',
} as const;

/** What a query asks of the table `log`, whose metadata stand in `log_metadata`: one record more than its limit. No value enters the text. */
export function sqlFilter(query: LogQuery, dialect: SqlDialect): SqlFilter {
  const { placeholder, table } = dialect;
  const params: (string | number)[] = [];
  const take = (value: string | number) => placeholder(params.push(value));
  const { text, time } = sqlConditions(query, dialect, take);
  const order = `ORDER BY ${time} DESC, log.id DESC LIMIT ${take(query.limit + 1)}`;
  return { from: [`FROM ${table('log')} AS log`, text, order].join(' '), params };
}

/** Joins and conditions of a query, and what stands for the time of a record. */
export function sqlConditions(
  query: Omit<LogQuery, 'limit'>,
  { table }: SqlDialect,
  take: Take,
): { readonly text: string; readonly time: string } {
  // In the order of the text: some placeholders have no number.
  const joins = Object.entries(query.metadata ?? {}).map(
    ([key, value], index) =>
      `JOIN ${table('log_metadata')} m${index} ON m${index}.seq = log.seq AND m${index}.key = ${take(searchText(key))} AND m${index}.value = ${take(searchText(value))}`,
  );
  // The first of them is read in the order of time, and with it the records.
  const time = joins.length === 0 ? 'log.started_at' : 'm0.started_at';
  const conditions = [...equalities(query, take), ...times(query, time, take)];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return { text: [...joins, where].join(' '), time };
}

type Take = (value: string | number) => string;

function equalities(query: Omit<LogQuery, 'limit'>, take: Take): readonly string[] {
  const conditions: string[] = [];
  for (const [name, column] of Object.entries(columns)) {
    const value = query[name as keyof typeof columns];
    if (value !== undefined) conditions.push(`log.${column} = ${take(searchText(value))}`);
  }
  const { outcome, statuses, mark, cache } = query;
  // A partial index is used only by those who say its condition in its own words.
  if (outcome !== undefined) conditions.push(`log.outcome = ${take(outcome)}`);
  if (outcome !== undefined && outcome !== 'success') conditions.push("log.outcome <> 'success'");
  if (mark !== undefined) conditions.push(`(log.marks & ${markBits([mark])}) <> 0`);
  if (cache !== undefined) conditions.push(cacheCondition('log.marks', cache));
  if (statuses !== undefined) conditions.push(`log.status IN (${statuses.map(take).join(', ')})`);
  return conditions;
}

function times({ from, to, after }: Omit<LogQuery, 'limit'>, time: string, take: Take): readonly string[] {
  const conditions: string[] = [];
  if (from !== undefined) conditions.push(`${time} >= ${take(from)}`);
  if (to !== undefined) conditions.push(`${time} < ${take(to)}`);
  if (after !== undefined) {
    // The first condition is for the index, the second for records of the same time.
    conditions.push(`${time} <= ${take(after.startedAt)}`);
    conditions.push(`(${time} < ${take(after.startedAt)} OR log.id < ${take(after.id)})`);
  }
  return conditions;
}
