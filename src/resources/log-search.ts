import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { LogAnalyticsParams } from './log-analytics.ts';
import type { LogListParams } from './log-params.ts';

/** Names of what is looked for, as they stand in an address. */
const names = {
  traceId: 'trace_id',
  status: 'status',
  outcome: 'outcome',
  provider: 'provider',
  model: 'model',
  virtualKey: 'virtual_key',
  config: 'config',
  endpoint: 'endpoint',
  mark: 'mark',
  cache: 'cache',
  metadata: 'metadata',
  from: 'from',
  to: 'to',
  bodies: 'bodies',
  limit: 'limit',
  after: 'after',
  by: 'by',
  every: 'every',
} as const satisfies Readonly<Partial<Record<keyof LogListParams | keyof LogAnalyticsParams, string>>>;

type Name = keyof typeof names;

/** What is looked for as the query of `GET /logs`: `trace_id=…&status=429,500`; metadata are JSON, times ISO 8601. */
export function toLogSearch({ traceID, ...params }: LogListParams & LogAnalyticsParams): string {
  const search = new URLSearchParams();
  const given: LogListParams & LogAnalyticsParams = {
    ...(traceID === undefined ? {} : { traceId: traceID }),
    ...params,
  };
  for (const [name, key] of Object.entries(names)) {
    const value = given[name as Name];
    if (value !== undefined) search.set(key, toText(value));
  }
  return search.toString();
}

function toText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What the query of `GET /logs` looks for; checked by whoever looks. Throws `InvalidRequestError` for a name that is not known. */
export function fromLogSearch(search: URLSearchParams): LogListParams & LogAnalyticsParams {
  const params: Record<string, unknown> = {};
  for (const [key, text] of search) {
    const [name] = Object.entries(names).find(([, known]) => known === key) ?? [];
    if (name === undefined) {
      const valid = Object.values(names).join(', ');
      throw new InvalidRequestError(key, `Logs are not searched by "${key}". Valid: ${valid}.`);
    }
    params[name] = readers[name as Name]?.(text, key) ?? text;
  }
  return params;
}

const readers: Partial<Record<Name, (text: string, key: string) => unknown>> = {
  status: (text) => text.split(',').map(Number),
  cache: (text) => text.toUpperCase().split(','),
  limit: Number,
  every: Number,
  bodies: (text) => text === 'true',
  metadata(text, key) {
    try {
      return JSON.parse(text);
    } catch {
      throw new InvalidRequestError(key, '"metadata" is JSON such as {"customer":"Zoe"}.');
    }
  },
  from: time,
  to: time,
};

/** Milliseconds since the epoch, or a date as a text. */
function time(text: string): unknown {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
