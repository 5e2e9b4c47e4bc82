import type { LogAnalyticsRow } from '../../../../resources/log-analytics.ts';
import { type Logs, localLogs } from '../../../../resources/logs.ts';
import { type ConsolePage, consolePath } from '../../console-env.ts';
import { countText, durationText, moneyText } from '../../view/figures.tsx';
import { Card, Empty, Field, PageHead, Select, Tile } from '../../view/parts.tsx';
import { answerPage } from '../../view/render.tsx';
import { type Column, Table } from '../../view/table.tsx';
import { NoLogs } from '../logs/no-logs.tsx';
import {
  type AnalyticsSearch,
  askedFor,
  groupedBy,
  groupLogsUrl,
  groups,
  readAnalyticsSearch,
  spanOf,
  spans,
} from './analytics-search.ts';
import { Charts, type Timeline } from './charts.tsx';

/** What requests come to: over time, and by what they have in common. */
export const analyticsPage: ConsolePage = {
  path: '/analytics',
  title: 'Analytics',
  icon: ['M2.500 13.500h11', 'M4.500 11V8M8 11V3.500M11.500 11V6'],
  routes(app, gateway) {
    const logs = localLogs(gateway.logs, gateway.runtime);
    app.get('/analytics', async (c) => {
      if (gateway.logs === undefined) return answerPage(c, frame, <NoLogs title="Analytics" />);
      const search = readAnalyticsSearch(new URL(c.req.url).searchParams);
      const found = await figuresFor(search, logs, gateway.runtime.clock.now());
      return answerPage(c, { ...frame, hasCharts: true }, <Analytics search={search} found={found} />);
    });
  },
};

const frame = { title: 'Analytics', current: '/analytics' };

interface Found {
  /** Undefined where nothing was asked. */
  readonly total: LogAnalyticsRow | undefined;
  readonly timeline: Timeline;
  /** Undefined where it is not said by what. */
  readonly grouped: readonly LogAnalyticsRow[] | undefined;
}

async function figuresFor(search: AnalyticsSearch, logs: Logs, now: number): Promise<Found> {
  const asked = askedFor(search, now);
  const { everyMs } = spanOf(search.range);
  const by = groupedBy(search);
  const [total, series, grouped] = await Promise.all([
    logs.analytics(asked),
    logs.analytics({ ...asked, every: everyMs }),
    by === undefined ? undefined : logs.analytics({ ...asked, by }),
  ]);
  const rows = new Map(series.data.map((row) => [row.time, row]));
  const times = Array.from(
    { length: Math.floor((now - asked.from) / everyMs) + 1 },
    (_, index) => asked.from + index * everyMs,
  );
  return {
    total: total.data[0],
    timeline: { times, rows: times.map((time) => rows.get(time)) },
    grouped: grouped?.data,
  };
}

function Analytics({ search, found: { total, timeline, grouped } }: { search: AnalyticsSearch; found: Found }) {
  return (
    <>
      <PageHead title="Analytics" />
      <div class="stack">
        <SearchForm search={search} />
        {total === undefined ? (
          <div class="card">
            <Empty title="No requests in this time">Choose a longer time, or fewer filters.</Empty>
          </div>
        ) : (
          <>
            <Totals total={total} />
            <Charts timeline={timeline} />
            <Grouped search={search} rows={grouped} />
          </>
        )}
      </div>
    </>
  );
}

function SearchForm({ search }: { search: AnalyticsSearch }) {
  const { range, by, key, provider, model } = search;
  return (
    <form class="toolbar" method="get" action={`${consolePath}/analytics`} aria-label="What to sum up">
      <Field label="Time">
        <Select
          name="range"
          value={range}
          options={Object.entries(spans).map(([name, { label }]) => [name, label] as const)}
          submits
        />
      </Field>
      <Field label="Kept apart by">
        <Select name="by" value={by} options={Object.entries(groups)} submits />
      </Field>
      {by === 'metadata' ? (
        <Field label="Key of metadata">
          <input name="key" value={key} placeholder="customer" autocomplete="off" data-submit="" />
        </Field>
      ) : (
        ''
      )}
      <Field label="Provider">
        <input name="provider" value={provider} placeholder="all" autocomplete="off" data-submit="" />
      </Field>
      <Field label="Model">
        <input name="model" value={model} placeholder="all" autocomplete="off" data-submit="" />
      </Field>
      <button type="submit" class="visually-hidden" tabindex={-1}>
        Show
      </button>
    </form>
  );
}

function Totals({ total }: { total: LogAnalyticsRow }) {
  const { requests, failures, rescuedByRetry, rescuedByFallback, latencyMs, cacheHits, cacheSavedMicroUsd } = total;
  const part = (count: number) => `${((count / requests) * 100).toFixed(1)} %`;
  return (
    <dl class="tiles">
      <Tile
        label="Requests"
        note={total.aborted === 0 ? undefined : `${countText(total.aborted)} left by their caller`}
      >
        {countText(requests)}
      </Tile>
      <Tile label="Failed" note={part(failures)}>
        {countText(failures)}
      </Tile>
      <Tile label="Rescued" note={`${countText(rescuedByRetry)} by retry, ${countText(rescuedByFallback)} by fallback`}>
        {countText(rescuedByRetry + rescuedByFallback)}
      </Tile>
      <Tile label="Tokens" note={`${countText(total.promptTokens)} in, ${countText(total.completionTokens)} out`}>
        {countText(total.promptTokens + total.completionTokens)}
      </Tile>
      <Tile label="Cost" note={total.priced === requests ? undefined : `known of ${countText(total.priced)} requests`}>
        {total.priced === 0 ? '–' : moneyText(total.microUsd)}
      </Tile>
      <Tile
        label="Time taken, p50"
        note={
          latencyMs === undefined ? undefined : `p95 ${durationText(latencyMs.p95)}, p99 ${durationText(latencyMs.p99)}`
        }
      >
        {latencyMs === undefined ? '–' : durationText(latencyMs.p50)}
      </Tile>
      <Tile
        label="From cache"
        note={cacheHits === 0 ? undefined : `${part(cacheHits)}, about ${moneyText(cacheSavedMicroUsd)} saved`}
      >
        {countText(cacheHits)}
      </Tile>
    </dl>
  );
}

/** Groups of a table at most. */
const mostGroups = 100;

function Grouped({ search, rows }: { search: AnalyticsSearch; rows: readonly LogAnalyticsRow[] | undefined }) {
  const title = `By ${groups[search.by as keyof typeof groups].toLowerCase()}`;
  if (rows === undefined)
    return (
      <Card title={title}>
        <p class="muted">Name a key of metadata above, such as customer.</p>
      </Card>
    );
  return (
    <Card title={title} isFlush>
      <Table columns={[groups[search.by as keyof typeof groups], ...figures]}>
        {rows.slice(0, mostGroups).map((row) => (
          <GroupRow row={row} href={groupLogsUrl(search, row.group)} />
        ))}
      </Table>
      {rows.length > mostGroups ? (
        <p class="legend">and {countText(rows.length - mostGroups)} more with fewer requests</p>
      ) : (
        ''
      )}
    </Card>
  );
}

const figures = ['Requests', 'Failed', 'Rescued', 'p50', 'p95', 'Tokens', 'Cost', 'Cache hits'].map(
  (name): Column => [name, 'number'],
);

function GroupRow({ row, href }: { row: LogAnalyticsRow; href: string | undefined }) {
  const name = row.group === '' ? 'none' : row.group;
  return (
    <tr>
      <td class="full">{href === undefined ? <span class="muted">{name}</span> : <a href={href}>{name}</a>}</td>
      <td class="number" data-label="Requests">
        {countText(row.requests)}
      </td>
      <td class="number" data-label="Failed">
        {countText(row.failures)}
      </td>
      <td class="number" data-label="Rescued">
        {countText(row.rescuedByRetry + row.rescuedByFallback)}
      </td>
      <td class="number" data-label="p50">
        {row.latencyMs === undefined ? '–' : durationText(row.latencyMs.p50)}
      </td>
      <td class="number" data-label="p95">
        {row.latencyMs === undefined ? '–' : durationText(row.latencyMs.p95)}
      </td>
      <td class="number" data-label="Tokens">
        {countText(row.promptTokens + row.completionTokens)}
      </td>
      <td class="number" data-label="Cost">
        {row.priced === 0 ? '–' : moneyText(row.microUsd)}
      </td>
      <td class="number" data-label="Cache hits">
        {countText(row.cacheHits)}
      </td>
    </tr>
  );
}
