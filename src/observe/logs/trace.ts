import type { Feedback, LogAttempt, LogRecord } from '../../core/log-record.ts';

/** Everything logged under one trace ID. */
export interface Trace {
  readonly traceId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** From the start of the first call to the end of the last. */
  readonly durationMs: number;
  readonly totals: TraceTotals;
  /** Calls that no other call of the trace is the parent of, the earliest first. */
  readonly spans: readonly TraceSpan[];
  readonly feedback: readonly Feedback[];
}

/** Sums over a trace. */
export interface TraceTotals {
  readonly requests: number;
  readonly attempts: number;
  /** Requests that did not succeed. */
  readonly failures: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Millionths of a US dollar; absent when no price is known. */
  readonly costMicroUsd?: number;
}

/** A call, a node of its config, or a try of a target. */
export type TraceSpan = RequestSpan | NodeSpan | AttemptSpan;

interface SpanTime {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/** A call; its children are what it went through, then calls that name it as their parent. */
export interface RequestSpan extends SpanTime {
  readonly kind: 'request';
  readonly record: LogRecord;
  readonly children: readonly TraceSpan[];
}

/** A node with children that were tried. Its time is that of its tries. */
export interface NodeSpan extends SpanTime {
  readonly kind: 'node';
  readonly path: string;
  readonly mode: string;
  readonly children: readonly TraceSpan[];
}

/** One try of one target. */
export interface AttemptSpan extends SpanTime {
  readonly kind: 'attempt';
  readonly attempt: LogAttempt;
}

/** The records of one trace as a tree; undefined without any. */
export function toTrace(
  traceId: string,
  records: readonly LogRecord[],
  feedback: readonly Feedback[],
): Trace | undefined {
  const ordered = [...records].sort((a, b) => a.startedAt - b.startedAt);
  const [first] = ordered;
  if (first === undefined) return undefined;
  const bySpan = new Map(ordered.map((record) => [record.spanId, record]));
  const parentOf = (record: LogRecord) =>
    record.parentSpanId === undefined ? undefined : bySpan.get(record.parentSpanId);
  // Spans that name each other as parents are nobody's children.
  const isRoot = (record: LogRecord) => parentOf(record) === undefined || isInCircle(record, parentOf);
  const span = (record: LogRecord, above: ReadonlySet<LogRecord>): RequestSpan => {
    const here = new Set([...above, record]);
    const below = ordered.filter((other) => parentOf(other) === record && !here.has(other) && !isRoot(other));
    return {
      kind: 'request',
      startedAt: record.startedAt,
      durationMs: record.durationMs,
      record,
      children: [...wayOf(record), ...below.map((other) => span(other, here))],
    };
  };
  const end = Math.max(...ordered.map(({ startedAt, durationMs }) => startedAt + durationMs));
  return {
    traceId,
    startedAt: first.startedAt,
    durationMs: end - first.startedAt,
    totals: totalsOf(ordered),
    spans: ordered.filter(isRoot).map((record) => span(record, new Set())),
    feedback,
  };
}

function isInCircle(record: LogRecord, parentOf: (record: LogRecord) => LogRecord | undefined): boolean {
  const seen = new Set<LogRecord>();
  for (let above = parentOf(record); above !== undefined && !seen.has(above); above = parentOf(above)) {
    if (above === record) return true;
    seen.add(above);
  }
  return false;
}

/** The nodes that a call went through, with its tries in them. */
function wayOf({ route, attempts }: LogRecord): readonly TraceSpan[] {
  const modes = new Map(route.map(({ path, mode }) => [path, mode]));
  const inside = (path: string, tries: readonly LogAttempt[]): readonly TraceSpan[] => {
    const spans: TraceSpan[] = [];
    for (const [child, group] of Map.groupBy(tries, (attempt) => childOf(path, attempt.path, modes))) {
      const mode = modes.get(child);
      if (mode === undefined || group.some((attempt) => attempt.path === child)) spans.push(...group.map(attemptSpan));
      else spans.push(nodeSpan(child, mode, inside(child, group)));
    }
    return spans.sort((a, b) => a.startedAt - b.startedAt);
  };
  return inside('', attempts);
}

/** The next node below `path` on the way to `target`, or the target. */
function childOf(path: string, target: string, modes: ReadonlyMap<string, string>): string {
  for (let end = target.indexOf('.targets['); end >= 0; end = target.indexOf('.targets[', end + 1)) {
    const node = target.slice(0, end);
    if (node.length > path.length && modes.has(node)) return node;
  }
  return target;
}

function attemptSpan(attempt: LogAttempt): AttemptSpan {
  return { kind: 'attempt', startedAt: attempt.startedAt, durationMs: attempt.durationMs ?? 0, attempt };
}

function nodeSpan(path: string, mode: string, children: readonly TraceSpan[]): NodeSpan {
  const startedAt = Math.min(...children.map((child) => child.startedAt));
  const end = Math.max(...children.map((child) => child.startedAt + child.durationMs));
  return { kind: 'node', path, mode, startedAt, durationMs: end - startedAt, children };
}

function totalsOf(records: readonly LogRecord[]): TraceTotals {
  const sum = (of: (record: LogRecord) => number | undefined) =>
    records.reduce((total, record) => total + (of(record) ?? 0), 0);
  return {
    requests: records.length,
    attempts: sum(({ attempts }) => attempts.length),
    failures: sum(({ outcome }) => (outcome === 'success' ? 0 : 1)),
    promptTokens: sum(({ usage }) => usage?.promptTokens),
    completionTokens: sum(({ usage }) => usage?.completionTokens),
    ...(records.some(({ cost }) => cost !== undefined) ? { costMicroUsd: sum(({ cost }) => cost?.microUsd) } : {}),
  };
}
