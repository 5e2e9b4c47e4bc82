import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLogs } from '../../src/observe/logs/sqlite.ts';
import { spread } from '../harness.ts';
import type { Report } from '../report.ts';
import { fill, recordsInFile } from './log-file.ts';

const asked = 20;

/** Pages of the console over a log file with a million records, from the request to the last byte. `LOG_RECORDS=100000` for a smaller one. */
export async function consolePages(): Promise<readonly Report[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modelmux-bench-'));
  const file = join(folder, 'logs.db');
  try {
    const store = await openSqliteLogs(file);
    const { endsAt } = await fill(store);
    await store.close();
    return [await measure(file, endsAt)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(file: string, endsAt: number): Promise<Report> {
  // As shipped: the pages are written in JSX, which Node does not read.
  const { serve } = (await import('../../dist/server.js' as string)) as typeof import('../../src/server/index.ts');
  const server = await serve({ port: 0, console: true, logs: { file, keep: { records: recordsInFile * 2 } } });
  const back = (days: number) => `from=${new Date(endsAt - days * 86_400_000).toISOString()}`;
  const pages: readonly (readonly [string, string])[] = [
    ['logs, latest', '/logs'],
    ['logs, fallbacks of one day', `/logs?mark=fallback&${back(1)}`],
    ['logs, failures of one customer', '/logs?outcome=failure&metadata=customer%3Dc32'],
    ['logs, status 429', '/logs?status=429'],
    ['logs, far back', `/logs?to=${new Date(endsAt - 5 * 86_400_000).toISOString()}`],
    ['one request', '/logs/request-000000000777'],
    ['traces, latest', '/traces'],
    ['one trace', '/traces/trace-777'],
  ];
  try {
    const rows: string[][] = [];
    for (const [name, path] of pages) rows.push([name, spread(await timesOf(`${server.url}/console${path}`), 1)]);
    const sums = `${server.url}/v1/logs/analytics?by=model`;
    rows.push(['sums of one day, by model', spread(await timesOf(`${sums}&${back(1)}`, 5), 1)]);
    rows.push(['sums of everything, by model', spread(await timesOf(sums, 3), 1)]);
    return {
      title: `The console over ${recordsInFile.toLocaleString('en')} records, ms`,
      columns: ['', 'median (least-most)'],
      rows,
    };
  } finally {
    await server.close();
  }
}

async function timesOf(url: string, turns = asked): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const before = performance.now();
    const response = await fetch(url);
    await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
    times.push(performance.now() - before);
  }
  return times;
}
