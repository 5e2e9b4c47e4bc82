import { NotFoundError } from '../core/errors/api-error.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { LogRecord } from '../core/log-record.ts';
import { type LogStore, mostPerPage } from '../core/log-store.ts';
import type { Runtime } from '../core/runtime.ts';
import { type LogInsertParams, toInsertedRecord } from '../observe/logs/inserted.ts';
import { type Trace, toTrace } from '../observe/logs/trace.ts';
import { objectPath } from './call-path.ts';
import type { Caller } from './caller.ts';
import { keptLogs, type LogAccess } from './log-access.ts';
import { type LogAnalytics, type LogAnalyticsParams, logAnalytics } from './log-analytics.ts';
import { type LogExports, logExports } from './log-exports.ts';
import { iterable, type LogEntry, type LogListPage, type LogPagePromise } from './log-page.ts';
import { type LogListParams, toCursor, toLogQuery } from './log-params.ts';
import { toLogSearch } from './log-search.ts';
import { exportLines, importLines, type LogImport, type LogLines } from './log-transfer.ts';
import { toWhole } from './reply-value.ts';
import { send } from './send.ts';

/** `portkey.logs` */
export interface Logs {
  /** Requests that match, the latest first. Iterating goes through all pages. */
  list(params?: LogListParams): LogPagePromise;
  /** The request with this ID, its bodies included; null when it is not (or no longer) there. */
  get(id: string): Promise<LogEntry | null>;
  /** Sums over the requests that match: how many, their outcomes, tokens, cost and latency, by time and by what they have in common. */
  analytics(params?: LogAnalyticsParams): Promise<LogAnalytics>;
  /** All calls of a trace as a tree, with totals; null when there are none. At most its latest 1000 calls. See `traceText` for a terminal. */
  trace(traceId: string): Promise<Trace | null>;
  /** Logs calls that were made elsewhere. */
  create(body: LogInsertParams | readonly LogInsertParams[]): Promise<LogInserted>;
  /** Requests that match as JSON lines under the names of Portkey's log export, with their bodies, the latest first. */
  export(params?: LogListParams): AsyncIterable<string>;
  /** Reads JSON lines of such an export, ours or Portkey's. Lines that are no record are counted and passed over. */
  import(lines: LogLines): Promise<LogImport>;
  readonly exports: LogExports;
}

/** Says which logs were taken. */
export interface LogInserted {
  readonly status: 'success';
  readonly message: string;
  readonly log_id: readonly string[];
}

/** The logs of a client that keeps its own; `access` is undefined where it keeps none. */
export function localLogs(access: LogAccess | undefined, runtime: Runtime): Logs {
  async function upToDate(): Promise<LogStore> {
    const store = keptLogs(access);
    // What was called a moment ago is looked for, too.
    await access?.flush();
    return store;
  }

  async function page(params: LogListParams): Promise<LogListPage> {
    const query = toLogQuery(params);
    const store = await upToDate();
    const { records, hasMore } = await store.list(query);
    const last = records.at(-1);
    return {
      object: 'list',
      data: await withFeedback(store, records),
      has_more: hasMore,
      next: hasMore && last !== undefined ? toCursor(last) : null,
    };
  }

  return {
    list: (params = {}) => iterable(page(params), (after) => page({ ...params, after })),
    async get(id) {
      const store = await upToDate();
      const record = await store.get(id);
      return record === undefined ? null : ((await withFeedback(store, [record]))[0] ?? null);
    },
    analytics: async (params = {}) => logAnalytics(await upToDate(), params),
    trace: (traceId) => traced(traceId, page),
    async create(body) {
      const store = keptLogs(access);
      const { clock, requestId: id, traceId } = runtime;
      const missing = { now: clock.now(), id, traceId };
      const records = listOf(body).map((one) => toInsertedRecord(one, missing, longestBody));
      await store.append(records);
      return { status: 'success', message: 'Logs successfully saved', log_id: records.map((record) => record.id) };
    },
    export: (params = {}) => exportLines(params, page),
    import: async (lines) => importLines(lines, keptLogs(access), longestBody),
    exports: logExports(undefined),
  };
}

function listOf(body: LogInsertParams | readonly LogInsertParams[]): readonly LogInsertParams[] {
  return Array.isArray(body) ? body : [body as LogInsertParams];
}

/** Characters of one body of a log that is given. */
const longestBody = 65_536;

/** The logs of a gateway: those that `modelmux serve` keeps. */
export function gatewayLogs(caller: Caller): Logs {
  const ask = <Answer extends object>(path: string): Promise<Answer> =>
    send(caller, () => ({ endpoint: 'proxy', method: 'GET', path, body: {} }), [], toWhole<Answer>);
  const page = (params: LogListParams) => {
    const search = toLogSearch(params);
    return ask<LogListPage>(search === '' ? '/logs' : `/logs?${search}`);
  };
  return {
    list: (params = {}) => iterable(page(params), (after) => page({ ...params, after })),
    async get(id) {
      try {
        return await ask<LogEntry>(objectPath('logs', id));
      } catch (error) {
        if (error instanceof NotFoundError) return null;
        throw error;
      }
    },
    analytics(params = {}) {
      const search = toLogSearch(params);
      return ask<LogAnalytics>(search === '' ? '/logs/analytics' : `/logs/analytics?${search}`);
    },
    trace: (traceId) => traced(traceId, page),
    async create(body) {
      const answers: LogInserted[] = [];
      for (const one of listOf(body)) {
        const request = { endpoint: 'proxy', method: 'POST', path: '/logs', body: { ...one } } as const;
        answers.push(await send(caller, () => request, [], toWhole<LogInserted>));
      }
      const [first] = answers;
      if (first === undefined) throw new InvalidRequestError('log', 'There is no log in the list.');
      return answers.length === 1 ? first : { ...first, log_id: answers.flatMap(({ log_id: ids = [] }) => ids) };
    },
    export: (params = {}) => exportLines(params, page),
    async import() {
      throw new InvalidRequestError('import', 'Logs are read into the store where the gateway runs, not through it.');
    },
    exports: logExports(caller),
  };
}

async function traced(traceId: string, page: (params: LogListParams) => Promise<LogListPage>): Promise<Trace | null> {
  const { data } = await page({ traceId, limit: mostPerPage });
  return toTrace(traceId, data, data[0]?.feedback ?? []) ?? null;
}

async function withFeedback(store: LogStore, records: readonly LogRecord[]): Promise<readonly LogEntry[]> {
  const feedback = await store.feedbackOn([...new Set(records.map(({ traceId }) => traceId))]);
  return records.map((record) => ({
    ...record,
    feedback: feedback.filter(({ traceId }) => traceId === record.traceId),
  }));
}
