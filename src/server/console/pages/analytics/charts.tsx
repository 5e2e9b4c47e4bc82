import type { LogAnalyticsRow } from '../../../../resources/log-analytics.ts';
import { countText, durationText, moneyText, Time } from '../../view/figures.tsx';
import { Card } from '../../view/parts.tsx';
import { type Column, Table } from '../../view/table.tsx';

interface Series {
  readonly label: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'info' | 'violet' | 'accent';
  /** Null: there is none at that time. */
  of(row: LogAnalyticsRow | undefined): number | null;
}

interface Chart {
  readonly title: string;
  readonly unit: 'count' | 'ms' | 'usd';
  readonly series: readonly Series[];
}

const charts: readonly Chart[] = [
  {
    title: 'Requests',
    unit: 'count',
    series: [
      { label: 'All', tone: 'accent', of: (row) => row?.requests ?? 0 },
      { label: 'From cache', tone: 'info', of: (row) => row?.cacheHits ?? 0 },
      { label: 'Failed', tone: 'bad', of: (row) => row?.failures ?? 0 },
      {
        label: 'Rescued',
        tone: 'good',
        of: (row) => (row === undefined ? 0 : row.rescuedByRetry + row.rescuedByFallback),
      },
    ],
  },
  {
    title: 'Time taken',
    unit: 'ms',
    series: [
      { label: 'p50', tone: 'info', of: (row) => row?.latencyMs?.p50 ?? null },
      { label: 'p95', tone: 'violet', of: (row) => row?.latencyMs?.p95 ?? null },
      { label: 'p99', tone: 'warn', of: (row) => row?.latencyMs?.p99 ?? null },
    ],
  },
  {
    title: 'Tokens',
    unit: 'count',
    series: [
      { label: 'In', tone: 'info', of: (row) => row?.promptTokens ?? 0 },
      { label: 'Out', tone: 'violet', of: (row) => row?.completionTokens ?? 0 },
    ],
  },
  {
    title: 'Cost',
    unit: 'usd',
    series: [
      { label: 'Spent', tone: 'accent', of: (row) => (row?.microUsd ?? 0) / 1e6 },
      { label: 'Saved by cache', tone: 'good', of: (row) => (row?.cacheSavedMicroUsd ?? 0) / 1e6 },
    ],
  },
];

/** A row of each piece of time from `from` to `to`; undefined where nothing was asked. */
export interface Timeline {
  readonly times: readonly number[];
  readonly rows: readonly (LogAnalyticsRow | undefined)[];
}

/** The figures over time, drawn by the script, and as a table. */
export function Charts({ timeline }: { timeline: Timeline }) {
  return (
    <>
      <div class="charts">
        {charts.map((chart) => (
          <ChartCard chart={chart} timeline={timeline} />
        ))}
      </div>
      <div class="card">
        <details class="as-table">
          <summary>The same as a table</summary>
          <TimeTable timeline={timeline} />
        </details>
      </div>
    </>
  );
}

function ChartCard({
  chart: { title, unit, series },
  timeline: { times, rows },
}: {
  chart: Chart;
  timeline: Timeline;
}) {
  const data = {
    unit,
    times: times.map((time) => time / 1000),
    series: series.map(({ label, tone, of }) => ({ label, tone, values: rows.map(of) })),
  };
  return (
    <Card title={title} isFlush>
      <div
        class="chart"
        role="img"
        aria-label={`${title} over time. The same as a table stands below.`}
        data-chart={JSON.stringify(data)}
      ></div>
    </Card>
  );
}

const figures = ['Requests', 'Failed', 'Rescued', 'p50', 'p95', 'p99', 'Tokens in', 'Tokens out', 'Cost'].map(
  (name): Column => [name, 'number'],
);

function TimeTable({ timeline: { times, rows } }: { timeline: Timeline }) {
  const asked = rows.flatMap((row, index) => (row === undefined ? [] : [{ row, time: times[index] ?? 0 }])).reverse();
  return (
    <Table class="" columns={['From', ...figures]}>
      {asked.map(({ row, time }) => (
        <tr>
          <td class="nowrap">
            <Time at={time} />
          </td>
          {cellsOf(row).map((cell) => (
            <td class="number">{cell}</td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

function cellsOf(row: LogAnalyticsRow): readonly string[] {
  const { latencyMs } = row;
  const times =
    latencyMs === undefined ? ['–', '–', '–'] : [latencyMs.p50, latencyMs.p95, latencyMs.p99].map(durationText);
  return [
    countText(row.requests),
    countText(row.failures),
    countText(row.rescuedByRetry + row.rescuedByFallback),
    ...times,
    countText(row.promptTokens),
    countText(row.completionTokens),
    row.priced === 0 ? '–' : moneyText(row.microUsd),
  ];
}
