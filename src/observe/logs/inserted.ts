import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { LogRecord } from '../../core/log-record.ts';
import { usageOf } from '../../core/usage.ts';
import { endpointOfUrl } from './endpoint-of-url.ts';
import { isSecretName, redacted, redactText } from './redact.ts';
import { snapshot } from './snapshot.ts';

/** A call that was made elsewhere. Source: Portkey API reference, "Insert a Log". */
export interface LogInsertParams {
  readonly request?: {
    readonly url?: string | undefined;
    readonly provider?: string | undefined;
    /** Not kept. */
    readonly headers?: Readonly<Record<string, unknown>> | undefined;
    readonly method?: string | undefined;
    readonly body?: unknown;
  };
  readonly response?: {
    /** Default 200. */
    readonly status?: number | undefined;
    /** Not kept. */
    readonly headers?: Readonly<Record<string, unknown>> | undefined;
    readonly body?: unknown;
    /** Milliseconds. */
    readonly response_time?: number | undefined;
    readonly time?: number | undefined;
    readonly streamingMode?: boolean | undefined;
  };
  /** `traceId`, `spanId`, `spanName`, `parentSpanId`, and facts of one's own; `user` is kept as `_user`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What a record needs that nobody gave. */
export interface Missing {
  readonly now: number;
  id(): string;
  traceId(): string;
}

/** The record of a call that was made elsewhere; secrets taken out. Throws `InvalidRequestError`. */
export function toInsertedRecord(params: LogInsertParams, missing: Missing, maxLength: number): LogRecord {
  const { request = {}, response = {}, metadata = {} } = checked(params);
  const status = response.status ?? 200;
  const durationMs = response.response_time ?? response.time ?? 0;
  const { place, own } = placeIn(metadata, missing);
  const reply = isJsonObject(response.body) ? response.body : undefined;
  const usage = reply === undefined ? undefined : usageOf(reply);
  const model = [isJsonObject(request.body) ? request.body.model : undefined, reply?.model].find(isText);
  const startedAt = missing.now - durationMs;
  return {
    id: missing.id(),
    ...place,
    startedAt,
    durationMs,
    endpoint: endpointOfUrl(request.url),
    outcome: status < 400 ? 'success' : 'failure',
    status,
    stream: response.streamingMode === true,
    ...(isText(request.provider) ? { provider: request.provider } : {}),
    ...(model === undefined ? {} : { model, requestedModel: model }),
    route: [],
    attempts: [],
    marks: [],
    cache: 'DISABLED',
    ...(usage === undefined ? {} : { usage }),
    metadata: toMetadata(own),
    ...(request.body === undefined ? {} : { request: snapshot(request.body, maxLength) }),
    ...(response.body === undefined ? {} : { response: snapshot(response.body, maxLength) }),
  };
}

/** Where metadata place a call in its trace, and what else they say. */
function placeIn(
  { traceId, trace_id, spanId, span_id, spanName, span_name, parentSpanId, parent_span_id, user, ...own }: JsonObject,
  missing: Missing,
): { readonly place: Pick<LogRecord, 'traceId' | 'spanId' | 'spanName' | 'parentSpanId'>; readonly own: JsonObject } {
  const [name, parent] = [[spanName, span_name].find(isText), [parentSpanId, parent_span_id].find(isText)];
  return {
    place: {
      traceId: [traceId, trace_id].find(isText) ?? missing.traceId(),
      spanId: [spanId, span_id].find(isText) ?? missing.traceId().slice(0, 16),
      ...(name === undefined ? {} : { spanName: name }),
      ...(parent === undefined ? {} : { parentSpanId: parent }),
    },
    own: user === undefined ? own : { ...own, _user: user },
  };
}

function checked(params: unknown): LogInsertParams {
  if (!isJsonObject(params))
    throw new InvalidRequestError('log', 'A log is an object of "request", "response" and "metadata".');
  for (const name of ['request', 'response', 'metadata'] as const) {
    const part = params[name];
    if (part !== undefined && !isJsonObject(part)) throw new InvalidRequestError(name, `"${name}" is an object.`);
  }
  const { response } = params as LogInsertParams;
  for (const name of ['status', 'response_time', 'time'] as const) {
    const value: unknown = response?.[name];
    if (value !== undefined && !(typeof value === 'number' && value >= 0))
      throw new InvalidRequestError(`response.${name}`, `"response.${name}" is a number, 0 or more.`);
  }
  return params as LogInsertParams;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function toMetadata(given: JsonObject): Readonly<Record<string, string>> {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
      return [key, isSecretName(key) ? redacted : redactText(text)];
    }),
  );
}
