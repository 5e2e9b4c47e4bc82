import type { Feedback, LogRecord } from '../../core/log-record.ts';
import type { LogLimits, LogStore } from '../../core/log-store.ts';
import { figuresSum } from './figures.ts';
import { byPosition, matches } from './matches.ts';

/** Bounds of a {@link memoryLogs}. */
export interface MemoryLogsOptions {
  /** Records kept at most; the oldest written go first. Default 1000. */
  readonly maxRecords?: number;
  /** About so many bytes at most. Default 16 MiB. */
  readonly maxBytes?: number;
}

/** The latest records in this process's memory. Feedback is kept for ten times as many traces as records. */
export function memoryLogs({ maxRecords = 1000, maxBytes = 16 * 1024 * 1024 }: MemoryLogsOptions = {}): LogStore {
  // A map keeps the order in which records were written.
  const records = new Map<string, LogRecord>();
  const feedback = new Map<string, Feedback>();
  let bytes = 0;

  function remove(record: LogRecord): void {
    records.delete(record.id);
    bytes -= bytesOf(record);
  }

  function dropOldest(): void {
    const [oldest] = records.values();
    if (oldest !== undefined) remove(oldest);
  }

  return {
    append(batch) {
      for (const record of batch) {
        if (records.has(record.id)) continue;
        records.set(record.id, record);
        bytes += bytesOf(record);
        while (records.size > maxRecords || (bytes > maxBytes && records.size > 1)) dropOldest();
      }
    },
    list(query) {
      const { after, limit } = query;
      const found = [...records.values()]
        .filter((record) => matches(record, query) && (after === undefined || byPosition(after, record) < 0))
        .sort(byPosition);
      const page = found.slice(0, limit);
      return { records: query.bodies === true ? page : page.map(withoutBodies), hasMore: found.length > limit };
    },
    figures(query) {
      const sum = figuresSum(query);
      for (const record of records.values()) if (matches(record, query)) sum.add(record);
      return sum.figures();
    },
    get: (id) => records.get(id),
    putFeedback(given) {
      feedback.delete(given.id);
      feedback.set(given.id, given);
      if (feedback.size > maxRecords * 10) feedback.delete(feedback.keys().next().value ?? '');
    },
    feedback: (id) => feedback.get(id),
    feedbackOn(traceIds) {
      const wanted = new Set(traceIds);
      return [...feedback.values()].filter(({ traceId }) => wanted.has(traceId)).sort(byTime);
    },
    prune(limits) {
      const gone = tooMany([...records.values()], limits);
      for (const record of gone) remove(record);
      return gone.length;
    },
    close() {
      records.clear();
      feedback.clear();
      bytes = 0;
    },
  };
}

function withoutBodies(record: LogRecord): LogRecord {
  if (record.request === undefined && record.response === undefined) return record;
  const { request, response, ...rest } = record;
  return rest;
}

function byTime(a: Feedback, b: Feedback): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

function tooMany(
  records: readonly LogRecord[],
  { before = Number.NEGATIVE_INFINITY, records: most = Number.POSITIVE_INFINITY }: LogLimits,
): readonly LogRecord[] {
  return [...records].sort(byPosition).filter((record, index) => index >= most || record.startedAt < before);
}

/** An estimate: V8 takes one byte a character for most texts; objects and numbers are counted by experience. */
function bytesOf({ attempts, metadata, request, response, error }: LogRecord): number {
  let bytes = 800 + attempts.length * 500 + (error?.message.length ?? 0) * 2;
  for (const [key, value] of Object.entries(metadata)) bytes += 32 + key.length + value.length;
  return bytes + (request?.text.length ?? 0) + (response?.text.length ?? 0);
}
