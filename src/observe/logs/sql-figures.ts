import type { LogFigures, LogFiguresBy, LogFiguresQuery } from '../../core/log-figures.ts';
import { byTimeAndSize } from './figures.ts';
import { searchText } from './search-text.ts';
import { type SqlDialect, sqlConditions } from './sql-filter.ts';

/** How a database writes what sums need beside {@link SqlDialect}. */
export interface SqlFiguresDialect extends SqlDialect {
  /** Rounds down to a whole number. */
  floor(expression: string): string;
}

/** A statement, its parameters in order, and what its rows mean. */
export interface SqlFigures {
  readonly text: string;
  readonly params: readonly (string | number)[];
}

const columns: Readonly<Record<Exclude<LogFiguresBy, `metadata.${string}`>, string>> = {
  provider: 'log.provider',
  model: 'log.model',
  virtualKey: 'log.virtual_key',
  configId: 'log.config_id',
  endpoint: 'log.endpoint',
  status: 'log.status',
};

/**
 * Sums in one pass over the records that match: a row for each piece of time, group and latency bin, which {@link fromFiguresRows} puts
 * together. No value enters the text. The formula of the bins is that of `latencyBin`.
 */
export function sqlFigures(query: LogFiguresQuery, dialect: SqlFiguresDialect): SqlFigures {
  const { everyMs, by } = query;
  const params: (string | number)[] = [];
  const take = (value: string | number) => dialect.placeholder(params.push(value));
  const { floor } = dialect;
  // In the order of the text: some placeholders have no number.
  const time = everyMs === undefined ? '0' : `${floor(`log.started_at / ${Number(everyMs)}`)} * ${Number(everyMs)}`;
  const ms = 'log.duration_ms';
  const bin = `CASE WHEN log.outcome = 'aborted' THEN -1 WHEN ${ms} <= 0.1 THEN 0 ELSE ${floor(`ln(${ms} / 0.1) / ln(1.05)`)} END`;
  const isMetadata = by?.startsWith('metadata.') === true;
  const group = by === undefined ? "''" : isMetadata ? 'g.value' : columns[by as keyof typeof columns];
  const inner = [
    `SELECT ${time} AS t, COALESCE(CAST(${group} AS TEXT), '') AS g, ${bin} AS bin, log.outcome AS outcome, log.marks AS marks,`,
    'log.prompt_tokens AS prompt, log.completion_tokens AS completion, log.cost_micro_usd AS cost',
    `FROM ${dialect.table('log')} AS log`,
    isMetadata
      ? `LEFT JOIN ${dialect.table('log_metadata')} g ON g.seq = log.seq AND g.started_at = log.started_at AND g.key = ${take(searchText(String(by).slice('metadata.'.length)))}`
      : '',
    sqlConditions(query, dialect, take).text,
  ].join(' ');
  return { text: `SELECT t, g, bin, ${sums.join(', ')} FROM (${inner}) AS each_log GROUP BY t, g, bin`, params };
}

const sums = [
  'COUNT(*)',
  "SUM(CASE WHEN outcome = 'failure' THEN 1 ELSE 0 END)",
  "SUM(CASE WHEN outcome = 'success' AND (marks & 4) <> 0 THEN 1 ELSE 0 END)",
  "SUM(CASE WHEN outcome = 'success' AND (marks & 4) = 0 AND (marks & 2) <> 0 THEN 1 ELSE 0 END)",
  'SUM(CASE WHEN (marks & 1) <> 0 THEN 1 ELSE 0 END)',
  'SUM(COALESCE(prompt, 0))',
  'SUM(COALESCE(completion, 0))',
  'SUM(COALESCE(cost, 0))',
  'COUNT(cost)',
];

/** The rows of {@link sqlFigures}, each its columns in order. */
export function fromFiguresRows(rows: readonly (readonly unknown[])[]): readonly LogFigures[] {
  const found = new Map<string, { time: number; group: string; sums: number[]; latency: Record<number, number> }>();
  for (const [time, group, bin, ...values] of rows) {
    const key = `${Number(time)} ${String(group)}`;
    const one = found.get(key) ?? {
      time: Number(time),
      group: String(group),
      sums: sums.map(() => 0).concat(0),
      latency: {},
    };
    found.set(key, one);
    values.forEach((value, index) => {
      one.sums[index] = (one.sums[index] ?? 0) + Number(value);
    });
    // The bin of those whose caller left.
    if (Number(bin) < 0) one.sums[sums.length] = (one.sums[sums.length] ?? 0) + Number(values[0]);
    else one.latency[Number(bin)] = Number(values[0]);
  }
  return [...found.values()].map(toFigures).sort(byTimeAndSize);
}

function toFigures({
  time,
  group,
  sums: all,
  latency,
}: {
  time: number;
  group: string;
  sums: readonly number[];
  latency: Record<number, number>;
}): LogFigures {
  const [requests = 0, failures = 0, rescuedByFallback = 0, rescuedByRetry = 0, cacheHits = 0, ...rest] = all;
  const [promptTokens = 0, completionTokens = 0, microUsd = 0, priced = 0, aborted = 0] = rest;
  const outcomes = { requests, failures, aborted, rescuedByRetry, rescuedByFallback, cacheHits };
  return { time, group, ...outcomes, promptTokens, completionTokens, microUsd, priced, latency };
}
