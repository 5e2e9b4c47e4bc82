import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogQuery } from '../../src/core/log-query.ts';
import type { LogRecord } from '../../src/core/log-record.ts';
import type { LogStore } from '../../src/core/log-store.ts';
import { openSqliteLogs } from '../../src/observe/logs/sqlite.ts';
import { spread } from '../harness.ts';
import type { Report } from '../report.ts';

const count = Number(process.env['LOG_RECORDS'] ?? 1_000_000);
/** Records that {@link fill} writes. */
export const recordsInFile = count;
const perBatch = 200;
const start = Date.UTC(2026, 0, 1);
const asked = 200;

/** A log file with a million records: what writing and finding cost. `LOG_RECORDS=100000` for a smaller one. */
export async function logFile(): Promise<readonly Report[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modelmux-bench-'));
  const file = join(folder, 'logs.db');
  const store = await openSqliteLogs(file);
  try {
    const filling = await fill(store);
    const answers = await ask(store);
    const mebibytes = statSync(file).size / 2 ** 20;
    return [
      {
        title: `A log file with ${count.toLocaleString('en')} records`,
        columns: ['', ''],
        rows: [
          ['records written a second', Math.round(filling.perSecond).toLocaleString('en')],
          ['taken from the calling thread, us/record', filling.callerUs.toFixed(1)],
          ['file, MiB', mebibytes.toFixed(0)],
          ['resident memory of the process, MiB', (process.memoryUsage.rss() / 2 ** 20).toFixed(0)],
        ],
      },
      {
        title: `Questions to it, ${asked} each, ms`,
        columns: ['', 'median (least-most)', 'records'],
        rows: answers,
      },
    ];
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Writes the records, a second apart, and says what that cost. */
export async function fill(store: LogStore) {
  const startedAt = performance.now();
  let callerUs = 0;
  let writing: unknown;
  for (let at = 0; at < count; at += perBatch) {
    const records = Array.from({ length: perBatch }, (_, index) => record(at + index));
    const before = performance.now();
    const written = store.append(records);
    callerUs += (performance.now() - before) * 1000;
    // One batch ahead: the thread of the file does not wait for the next.
    await writing;
    writing = written;
  }
  await writing;
  return {
    perSecond: (count / (performance.now() - startedAt)) * 1000,
    callerUs: callerUs / count,
    endsAt: start + count * 1000,
  };
}

const questions: readonly (readonly [string, (turn: number) => Omit<LogQuery, 'limit'>])[] = [
  ['a trace by its ID', (turn) => ({ traceId: `trace-${(turn * 7919) % (count / 4)}` })],
  ['the latest page', () => ({})],
  ['a page far back', (turn) => ({ to: start + ((turn * 104_729) % count) * 1000 })],
  ['of one provider', (turn) => ({ provider: `provider-${turn % 5}` })],
  ['of one model', (turn) => ({ model: `model-${turn % 40}` })],
  ['failures', () => ({ outcome: 'failure' })],
  ['status 429', () => ({ statuses: [429] })],
  [
    'status 429 of one provider in a day',
    (turn) => ({ statuses: [429], provider: 'provider-1', from: day(turn), to: day(turn + 1) }),
  ],
  ['with a fallback', () => ({ mark: 'fallback' })],
  ['of one customer (metadata)', (turn) => ({ metadata: { customer: `c${(turn * 32) % 1000}` } })],
  ['of one customer, failed', (turn) => ({ metadata: { customer: `c${(turn * 32) % 1000}` }, outcome: 'failure' })],
  ['of a model nobody asked', () => ({ model: 'none' })],
];

function day(turn: number): number {
  const days = Math.floor((count * 1000) / 86_400_000);
  return start + (turn % Math.max(days, 1)) * 86_400_000;
}

async function ask(store: LogStore): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  for (const [name, query] of questions) {
    const times: number[] = [];
    let found = 0;
    for (let turn = 0; turn < asked; turn++) {
      const before = performance.now();
      const page = await store.list({ ...query(turn), limit: 50 });
      times.push(performance.now() - before);
      found = page.records.length;
    }
    rows.push([name, spread(times, 2), String(found)]);
  }
  return rows;
}

/** Four calls a trace, a second apart; 3 in 100 fail, 1 in 50 falls back, half have a customer. */
function record(index: number): LogRecord {
  const provider = `provider-${index % 5}`;
  const model = `model-${index % 40}`;
  const failed = index % 33 === 0;
  const fellBack = index % 50 === 0;
  const path = `config.targets[${index % 3}]`;
  const startedAt = start + index * 1000;
  return {
    id: `request-${String(index).padStart(12, '0')}`,
    traceId: `trace-${Math.floor(index / 4)}`,
    spanId: '00f067aa0ba902b7',
    startedAt,
    durationMs: 800,
    endpoint: 'chat/completions',
    outcome: failed ? 'failure' : 'success',
    status: failed ? (index % 66 === 0 ? 429 : 500) : 200,
    stream: index % 2 === 0,
    requestedModel: model,
    provider,
    model,
    path,
    route: [{ path: 'config', mode: 'loadbalance' }],
    attempts: [
      {
        path,
        targetId: 'abcdef0123456789:model',
        provider,
        model,
        retry: 0,
        startedAt,
        outcome: failed ? 'failure' : 'success',
        status: 200,
        headersMs: 300,
        durationMs: 800,
        usage: { promptTokens: 40, completionTokens: 238 },
      },
    ],
    marks: fellBack ? ['fallback', 'loadbalance'] : ['loadbalance'],
    cache: 'DISABLED',
    usage: { promptTokens: 40, completionTokens: 238 },
    cost: { microUsd: 1234, source: 'genai-prices' },
    metadata: index % 2 === 0 ? { customer: `c${index % 1000}` } : {},
  };
}
