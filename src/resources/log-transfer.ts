import type { LogRecord } from '../core/log-record.ts';
import type { LogStore } from '../core/log-store.ts';
import { toExportRow } from '../observe/logs/export-row.ts';
import { fromExportRow } from '../observe/logs/import-row.ts';
import { linesIn } from '../observe/logs/lines-in.ts';
import type { LogListPage } from './log-page.ts';
import type { LogListParams } from './log-params.ts';

/** What an import has read. */
export interface LogImport {
  /** Lines that are records; those whose ID was there already stay as they were. */
  readonly records: number;
  /** Lines that are none. */
  readonly skipped: number;
}

/** Pieces of JSON lines, cut anywhere: a text, a file's stream, a response's body. */
export type LogLines = string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

const perPage = 500;
const perBatch = 200;

/** Requests that match as JSON lines under Portkey's names, bodies included, the latest first. */
export async function* exportLines(
  params: LogListParams,
  page: (params: LogListParams) => Promise<LogListPage>,
): AsyncIterable<string> {
  for (let after = params.after; ; ) {
    const { data, next } = await page({ ...params, bodies: true, limit: perPage, after });
    for (const { feedback, ...record } of data) yield `${JSON.stringify(toExportRow(record, feedback))}\n`;
    if (next === null) return;
    after = next;
  }
}

/** Writes exported lines, ours or Portkey's, into `store`. */
export async function importLines(lines: LogLines, store: LogStore, maxLength: number): Promise<LogImport> {
  const read = { records: 0, skipped: 0 };
  let batch: LogRecord[] = [];
  const write = async () => {
    await store.append(batch);
    batch = [];
  };
  for await (const line of linesIn(lines)) {
    const record = toRecord(line, maxLength);
    if (record === undefined) read.skipped++;
    else {
      read.records++;
      batch.push(record);
    }
    if (batch.length >= perBatch) await write();
  }
  if (batch.length > 0) await write();
  return read;
}

function toRecord(line: string, maxLength: number): LogRecord | undefined {
  try {
    return fromExportRow(JSON.parse(line), maxLength);
  } catch {
    return undefined;
  }
}
