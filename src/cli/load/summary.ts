import type { Call, LoadRun } from './run-load.ts';

/** What came of a load test, as numbers. All times in milliseconds. */
export interface LoadSummary {
  readonly requests: number;
  readonly ok: number;
  readonly failed: number;
  readonly durationMs: number;
  readonly perSecond: number;
  readonly wasStopped: boolean;
  /** Of the requests that succeeded; undefined where none did. */
  readonly latencyMs?: Distribution;
  /** Of those that were streamed. */
  readonly firstTokenMs?: Distribution;
  readonly histogram: readonly Bucket[];
  /** Most frequent first. */
  readonly failures: readonly Counted[];
  /** Who answered, or failed last; most frequent first. Empty where that is not known. */
  readonly targets: readonly TargetShare[];
  /** Tries per request on average, where known: above 1 there were retries or fallbacks. */
  readonly triesPerRequest?: number;
  readonly tokens?: number;
  /** Answered by a cache; they count for the target whose answer it was. */
  readonly cached: number;
}

/** How values are spread. */
export interface Distribution {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Latencies up to `upToMs`, and above the bucket before. */
export interface Bucket {
  readonly upToMs: number;
  readonly count: number;
}

/** Something and how often it was. */
export interface Counted {
  readonly what: string;
  readonly count: number;
}

/** A target's part of the requests. */
export interface TargetShare {
  readonly path: string;
  readonly provider?: string;
  readonly count: number;
  readonly failed: number;
  /** 0 to 1. */
  readonly share: number;
}

/** Counts what a load test brought. */
export function summaryOf({ calls, durationMs, wasStopped }: LoadRun): LoadSummary {
  const good = calls.filter(({ failure }) => failure === undefined);
  const latency = distributionOf(good.map((call) => call.durationMs));
  const firstToken = distributionOf(
    good.flatMap(({ firstTokenMs }) => (firstTokenMs === undefined ? [] : [firstTokenMs])),
  );
  const tries = calls.flatMap((call) => (call.tries === undefined ? [] : [call.tries]));
  const tokens = calls.flatMap((call) => (call.tokens === undefined ? [] : [call.tokens]));
  return {
    requests: calls.length,
    ok: good.length,
    failed: calls.length - good.length,
    durationMs,
    perSecond: durationMs > 0 ? (calls.length * 1000) / durationMs : 0,
    wasStopped,
    ...(latency === undefined ? {} : { latencyMs: latency }),
    ...(firstToken === undefined ? {} : { firstTokenMs: firstToken }),
    histogram: histogramOf(good.map((call) => call.durationMs)),
    failures: counted(calls.flatMap(({ failure }) => (failure === undefined ? [] : [failure]))),
    targets: sharesOf(calls),
    cached: calls.filter(({ isCached }) => isCached).length,
    ...(tries.length === 0 ? {} : { triesPerRequest: sum(tries) / tries.length }),
    ...(tokens.length === 0 ? {} : { tokens: sum(tokens) }),
  };
}

/** By nearest rank. Undefined without values. */
export function distributionOf(values: readonly number[]): Distribution | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const max = sorted.at(-1);
  if (max === undefined) return undefined;
  const at = (part: number) => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? max;
  return { mean: sum(sorted) / sorted.length, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max };
}

/** Buckets that end at 1, 2, 5, 10, 20, 50, … ms, from the first to the last that holds something. */
export function histogramOf(values: readonly number[]): readonly Bucket[] {
  const counts = new Map<number, number>();
  for (const value of values) {
    const bound = boundAbove(value);
    counts.set(bound, (counts.get(bound) ?? 0) + 1);
  }
  const last = Math.max(...counts.keys());
  const buckets: Bucket[] = [];
  if (counts.size === 0) return buckets;
  for (let bound = Math.min(...counts.keys()); bound <= last; bound = boundAbove(bound * 1.5))
    buckets.push({ upToMs: bound, count: counts.get(bound) ?? 0 });
  return buckets;
}

function boundAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  const step = [1, 2, 5].find((factor) => value <= factor * power) ?? 10;
  return step * power;
}

function sharesOf(calls: readonly Call[]): readonly TargetShare[] {
  const known = calls.flatMap((call) => (call.target === undefined ? [] : [{ ...call, target: call.target }]));
  const byTarget = Map.groupBy(known, ({ target }) => target);
  return [...byTarget]
    .map(([path, [first, ...others]]) => {
      const all = first === undefined ? others : [first, ...others];
      const failed = all.filter(({ failure }) => failure !== undefined).length;
      const named = first?.provider === undefined ? {} : { provider: first.provider };
      return { path, ...named, count: all.length, failed, share: all.length / known.length };
    })
    .toSorted((a, b) => b.count - a.count);
}

function counted(values: readonly string[]): readonly Counted[] {
  return [...Map.groupBy(values, (value) => value)]
    .map(([what, all]) => ({ what, count: all.length }))
    .toSorted((a, b) => b.count - a.count);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
