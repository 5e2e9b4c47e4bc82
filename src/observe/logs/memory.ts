import type { Feedback, LogRecord } from '../../core/log-record.ts';
import type { LogLimits, LogStore } from '../../core/log-store.ts';
import { createRecencyMap } from '../../core/recency-map.ts';
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
  // In the order in which they were written.
  const records = createRecencyMap<LogRecord>();
  const feedback = createRecencyMap<Feedback>();
  let bytes = 0;

  function forget(record: LogRecord | undefined): void {
    if (record !== undefined) bytes -= bytesOf(record);
  }

  return {
    append(batch) {
      for (const record of batch) {
        if (records.has(record.id)) continue;
        records.set(record.id, record);
        bytes += bytesOf(record);
        while (records.size > maxRecords || (bytes > maxBytes && records.size > 1)) forget(records.shift());
      }
    },
    list(query) {
      const { after, limit } = query;
      const found = records
        .values()
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
      feedback.set(given.id, given);
      if (feedback.size > maxRecords * 10) feedback.shift();
    },
    feedback: (id) => feedback.get(id),
    feedbackOn(traceIds) {
      const wanted = new Set(traceIds);
      return feedback
        .values()
        .filter(({ traceId }) => wanted.has(traceId))
        .sort(byTime);
    },
    prune(limits) {
      const gone = tooMany(records.values(), limits);
      for (const { id } of gone) forget(records.delete(id));
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
  return records.toSorted(byPosition).filter((record, index) => index >= most || record.startedAt < before);
}

/** An estimate: V8 takes one byte a character for most texts; objects and numbers are counted by experience. */
function bytesOf({ attempts, metadata, request, response, error }: LogRecord): number {
  let bytes = 800 + attempts.length * 500 + (error?.message.length ?? 0) * 2;
  for (const key in metadata) bytes += 32 + key.length + (metadata[key]?.length ?? 0);
  return bytes + (request?.text.length ?? 0) + (response?.text.length ?? 0);
}
