import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { LogOutcome, LogRecord } from '../../core/log-record.ts';
import { cacheStatuses } from '../../core/reply.ts';
import { endpointOfUrl } from './endpoint-of-url.ts';
import { snapshot } from './snapshot.ts';

/** The record of an exported row, of ours or of Portkey's; undefined for what is none. Bodies of Portkey's are cut at `maxLength` characters. */
export function fromExportRow(row: unknown, maxLength: number): LogRecord | undefined {
  if (!isJsonObject(row)) return undefined;
  if (isRecord(row.modelmux)) return row.modelmux;
  const { id, trace_id: traceId, created_at: createdAt } = row;
  const startedAt = typeof createdAt === 'string' ? Date.parse(createdAt) : Number.NaN;
  if (typeof id !== 'string' || id === '' || Number.isNaN(startedAt)) return undefined;
  return {
    id,
    traceId: typeof traceId === 'string' && traceId !== '' ? traceId : id,
    spanId: textOf(row.span_id) ?? id.slice(0, 16),
    startedAt,
    durationMs: numberOf(row.response_time) ?? 0,
    endpoint: endpointOfUrl(row.request_url),
    outcome: outcomeOf(row),
    ...defined({
      status: numberOf(row.response_status_code),
      parentSpanId: textOf(row.parent_span_id),
      spanName: textOf(row.span_name),
      provider: textOf(row.ai_org),
      model: textOf(row.ai_model),
      configId: textOf(row.config),
      virtualKey: textOf(row.virtual_key),
    }),
    stream: String(row.stream_mode).toUpperCase() === 'TRUE',
    route: [],
    attempts: [],
    marks: /HIT/.test(String(row.cache_status)) ? ['cache'] : [],
    cache: cacheOf(row.cache_status),
    ...figuresOf(row),
    metadata: metadataOf(row.metadata),
    ...bodyOf('request', row.request, maxLength),
    ...bodyOf('response', row.response, maxLength),
  };
}

function isRecord(value: unknown): value is LogRecord {
  if (!isJsonObject(value)) return false;
  const { id, traceId, startedAt, attempts, marks, metadata, endpoint, outcome } = value;
  const texts = [id, traceId, endpoint, outcome].every((text) => typeof text === 'string');
  return (
    texts && typeof startedAt === 'number' && Array.isArray(attempts) && Array.isArray(marks) && isJsonObject(metadata)
  );
}

function outcomeOf({ is_success: success, response_status_code: status }: JsonObject): LogOutcome {
  if (success !== undefined && success !== null)
    return Number(success) === 1 || success === true ? 'success' : 'failure';
  return (numberOf(status) ?? 200) < 400 ? 'success' : 'failure';
}

function cacheOf(status: unknown): LogRecord['cache'] {
  return cacheStatuses.find((known) => known === String(status).toUpperCase()) ?? 'DISABLED';
}

function figuresOf({ req_units: asked, res_units: answered, cost }: JsonObject): Pick<LogRecord, 'usage' | 'cost'> {
  const [promptTokens, completionTokens, cents] = [numberOf(asked), numberOf(answered), numberOf(cost)];
  return {
    ...(promptTokens === undefined && completionTokens === undefined
      ? {}
      : { usage: { promptTokens: promptTokens ?? 0, completionTokens: completionTokens ?? 0 } }),
    ...(cents === undefined ? {} : { cost: { microUsd: Math.round(cents * 10_000), source: 'ingested' as const } }),
  };
}

function metadataOf(metadata: unknown): Readonly<Record<string, string>> {
  if (!isJsonObject(metadata)) return {};
  const entries = Object.entries(metadata).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')]),
  );
}

function bodyOf(name: 'request' | 'response', value: unknown, maxLength: number): Partial<LogRecord> {
  const body = isJsonObject(value) && 'body' in value ? value.body : value;
  return body === undefined || body === null ? {} : { [name]: snapshot(body, maxLength) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function defined<Members extends object>(members: Members): { [Name in keyof Members]?: NonNullable<Members[Name]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Members]?: NonNullable<Members[Name]>;
  };
}
