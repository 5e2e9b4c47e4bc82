import { type Trace, toTrace } from '../../../../observe/logs/trace.ts';
import type { LogEntry } from '../../../../resources/log-page.ts';
import { type LogListParams, toCursor } from '../../../../resources/log-params.ts';
import type { Logs } from '../../../../resources/logs.ts';

/** Traces of one page, the one with the latest request first. */
export interface TracePage {
  readonly traces: readonly Trace[];
  /** For `after` of the next page; null on the last. */
  readonly next: string | null;
}

const perPage = 25;
const recordsPerStep = 200;
/** So many steps are gone back for one page: a trace of thousands of calls must not hold it up. */
const mostSteps = 10;

/** The traces of the requests that match, each with all its requests. A trace stands on the page of the latest of its requests that match. */
export async function tracePage(logs: Pick<Logs, 'list'>, params: LogListParams): Promise<TracePage> {
  const traces = new Map<string, Trace>();
  let next = params.after;
  for (let steps = 0; steps < mostSteps && traces.size < perPage; steps++) {
    const page = await logs.list({ ...params, ...(next === undefined ? {} : { after: next }), limit: recordsPerStep });
    for (const entry of page.data) {
      if (traces.size === perPage) break;
      next = toCursor(entry);
      await gather(traces, entry, logs, params);
    }
    if (page.next === null && traces.size < perPage) return { traces: [...traces.values()], next: null };
  }
  return { traces: [...traces.values()], next: next ?? null };
}

/** Adds the trace of `entry`, where this is the latest of its requests that match. */
async function gather(
  traces: Map<string, Trace>,
  entry: LogEntry,
  logs: Pick<Logs, 'list'>,
  params: LogListParams,
): Promise<void> {
  const { traceId } = entry;
  const found = traces.has(traceId) ? undefined : await traceOf(entry, logs, params);
  if (found !== undefined) traces.set(traceId, found);
}

/** The trace of a request; undefined where it stood on a page before. */
async function traceOf(entry: LogEntry, logs: Pick<Logs, 'list'>, params: LogListParams): Promise<Trace | undefined> {
  const { traceId } = entry;
  const { after, ...filters } = params;
  const latest = await logs.list({ ...filters, traceId, limit: 1 });
  if (latest.data[0]?.id !== entry.id) return undefined;
  const { data } = await logs.list({ traceId, limit: 1000 });
  return toTrace(traceId, data, data[0]?.feedback ?? []);
}
