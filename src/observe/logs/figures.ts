import { type LogFigures, type LogFiguresBy, type LogFiguresQuery, latencyBin } from '../../core/log-figures.ts';
import type { LogRecord } from '../../core/log-record.ts';

/** Sums up records one by one. */
export interface FiguresSum {
  add(record: LogRecord): void;
  /** In the order of time, and within it the group with the most requests first. */
  figures(): readonly LogFigures[];
}

/** Nothing summed up yet. Which records count is the caller's affair. */
export function figuresSum({ everyMs, by }: Pick<LogFiguresQuery, 'everyMs' | 'by'>): FiguresSum {
  const sums = new Map<string, Sum>();
  return {
    add(record) {
      const time = everyMs === undefined ? 0 : Math.floor(record.startedAt / everyMs) * everyMs;
      const group = by === undefined ? '' : groupOf(record, by);
      const key = `${time} ${group}`;
      const sum = sums.get(key) ?? nothing(time, group);
      sums.set(key, sum);
      addTo(sum, record);
    },
    figures: () => [...sums.values()].sort(byTimeAndSize),
  };
}

type Sum = { -readonly [Name in keyof LogFigures]: LogFigures[Name] } & { readonly latency: Record<number, number> };

function nothing(time: number, group: string): Sum {
  return {
    time,
    group,
    requests: 0,
    failures: 0,
    aborted: 0,
    rescuedByRetry: 0,
    rescuedByFallback: 0,
    cacheHits: 0,
    promptTokens: 0,
    completionTokens: 0,
    microUsd: 0,
    priced: 0,
    latency: {},
  };
}

function addTo(sum: Sum, { outcome, marks, usage, cost, durationMs }: LogRecord): void {
  sum.requests++;
  if (outcome === 'failure') sum.failures++;
  if (outcome === 'success' && marks.includes('fallback')) sum.rescuedByFallback++;
  else if (outcome === 'success' && marks.includes('retry')) sum.rescuedByRetry++;
  if (marks.includes('cache')) sum.cacheHits++;
  const { promptTokens = 0, completionTokens = 0 } = usage ?? {};
  sum.promptTokens += promptTokens;
  sum.completionTokens += completionTokens;
  if (cost !== undefined) {
    sum.microUsd += cost.microUsd;
    sum.priced++;
  }
  if (outcome === 'aborted') sum.aborted++;
  else sum.latency[latencyBin(durationMs)] = (sum.latency[latencyBin(durationMs)] ?? 0) + 1;
}

function groupOf(record: LogRecord, by: LogFiguresBy): string {
  if (by.startsWith('metadata.')) {
    const key = by.slice('metadata.'.length);
    return Object.hasOwn(record.metadata, key) ? (record.metadata[key] ?? '') : '';
  }
  return String(record[by as 'provider' | 'status'] ?? '');
}

/** Figures of the same time and group as one, in the order of time and size. */
export function mergedFigures(parts: Iterable<LogFigures>): readonly LogFigures[] {
  const sums = new Map<string, Sum>();
  for (const part of parts) {
    const key = `${part.time} ${part.group}`;
    const sum = sums.get(key) ?? nothing(part.time, part.group);
    sums.set(key, sum);
    for (const name of counted) sum[name] += part[name];
    for (const bin in part.latency) sum.latency[bin] = (sum.latency[bin] ?? 0) + (part.latency[bin] ?? 0);
  }
  return [...sums.values()].sort(byTimeAndSize);
}

const counted = [
  'requests',
  'failures',
  'aborted',
  'rescuedByRetry',
  'rescuedByFallback',
  'cacheHits',
  'promptTokens',
  'completionTokens',
  'microUsd',
  'priced',
] as const;

/** The order in which figures are told. */
export function byTimeAndSize(a: LogFigures, b: LogFigures): number {
  return a.time - b.time || b.requests - a.requests || (a.group < b.group ? -1 : 1);
}
