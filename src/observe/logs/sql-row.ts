import type { LogBody, LogRecord } from '../../core/log-record.ts';
import { markColumn } from './mark-bits.ts';
import { searchText } from './search-text.ts';

/** A record as texts and numbers: cheap to hand to another thread or to a database. */
export interface LogRow {
  /** In the order of {@link rowColumns}. */
  readonly values: readonly (string | number | null)[];
  /** Bodies as JSON; null where they are not kept. */
  readonly request: string | null;
  readonly response: string | null;
}

/** The columns of a row, without `seq`, which the database gives. */
export const rowColumns = [
  'id',
  'started_at',
  'trace_id',
  'outcome',
  'status',
  'provider',
  'model',
  'virtual_key',
  'config_id',
  'endpoint',
  'marks',
  'metadata',
  'record',
  'duration_ms',
  'prompt_tokens',
  'completion_tokens',
  'cost_micro_usd',
] as const;

/** A record as a row; its bodies stand apart. */
export function toRow({ request, response, ...record }: LogRecord): LogRow {
  const { metadata } = record;
  const values = [
    record.id,
    record.startedAt,
    searchText(record.traceId),
    record.outcome,
    record.status ?? null,
    searchOrNull(record.provider),
    searchOrNull(record.model),
    searchOrNull(record.virtualKey),
    searchOrNull(record.configId),
    searchText(record.endpoint),
    markColumn(record),
    Object.keys(metadata).length === 0 ? null : JSON.stringify(searchMetadata(metadata)),
    JSON.stringify(record),
    record.durationMs,
    record.usage?.promptTokens ?? null,
    record.usage?.completionTokens ?? null,
    record.cost?.microUsd ?? null,
  ];
  return { values, request: toText(request), response: toText(response) };
}

function searchOrNull(text: string | undefined): string | null {
  return text === undefined ? null : searchText(text);
}

function searchMetadata(metadata: LogRecord['metadata']): LogRecord['metadata'] {
  const entries = Object.entries(metadata);
  const isPlain = entries.every(([key, value]) => searchText(key) === key && searchText(value) === value);
  return isPlain ? metadata : Object.fromEntries(entries.map(([key, value]) => [searchText(key), searchText(value)]));
}

/** The metadata of a row, for the table that they are found by. */
export function metadataOf({ values }: Pick<LogRow, 'values'>): {
  readonly startedAt: number;
  readonly entries: readonly (readonly [string, string])[];
} {
  const startedAt = startedAtOf({ values });
  const text = values[rowColumns.indexOf('metadata')];
  const metadata = typeof text === 'string' ? (JSON.parse(text) as Record<string, string>) : {};
  return { startedAt, entries: Object.entries(metadata) };
}

/** When the call of a row began, milliseconds since the epoch. */
export function startedAtOf({ values }: Pick<LogRow, 'values'>): number {
  return Number(values[rowColumns.indexOf('started_at')]);
}

function toText(body: LogBody | undefined): string | null {
  return body === undefined ? null : JSON.stringify(body);
}

/** The record of a row, with its bodies where they were read. */
export function fromRow(record: unknown, request?: unknown, response?: unknown): LogRecord {
  return {
    ...(JSON.parse(String(record)) as LogRecord),
    ...(typeof request === 'string' ? { request: JSON.parse(request) as LogBody } : {}),
    ...(typeof response === 'string' ? { response: JSON.parse(response) as LogBody } : {}),
  };
}
