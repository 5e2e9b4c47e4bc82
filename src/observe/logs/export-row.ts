import type { JsonObject } from '../../core/json.ts';
import type { Feedback, LogBody, LogRecord } from '../../core/log-record.ts';

/**
 * A record under the names that Portkey's log export gives its columns (Portkey documentation, "Logs Export"): `cost` is in cents, times in
 * milliseconds. The whole record stands beside them as `modelmux`, so that nothing is lost when it is read again.
 */
export function toExportRow(record: LogRecord, feedback: readonly Feedback[] = []): JsonObject {
  return {
    id: record.id,
    trace_id: record.traceId,
    span_id: record.spanId,
    parent_span_id: record.parentSpanId ?? null,
    span_name: record.spanName ?? null,
    created_at: new Date(record.startedAt).toISOString(),
    request: { body: parsed(record.request) },
    response: { body: parsed(record.response) },
    is_success: record.outcome === 'success' ? 1 : 0,
    ai_org: record.provider ?? null,
    ai_model: record.model ?? null,
    ...units(record),
    request_url: record.attempts.at(-1)?.url ?? null,
    request_method: 'POST',
    response_status_code: record.status ?? null,
    response_time: record.durationMs,
    cache_status: record.cache,
    cache_type: record.cache.startsWith('SEMANTIC') ? 'SEMANTIC' : 'SIMPLE',
    stream_mode: record.stream ? 'TRUE' : 'FALSE',
    retry_success_count: record.attempts.filter(({ retry, outcome }) => retry > 0 && outcome === 'success').length,
    mode: record.route[0]?.mode ?? 'single',
    config: record.configId ?? null,
    virtual_key: record.virtualKey ?? null,
    metadata: record.metadata,
    feedback: feedback.map(({ value, weight, metadata }) => ({ value, weight, metadata })),
    modelmux: record,
  };
}

function units({ usage, cost }: LogRecord): JsonObject {
  const { promptTokens, completionTokens } = usage ?? { promptTokens: 0, completionTokens: 0 };
  return {
    req_units: promptTokens,
    res_units: completionTokens,
    total_units: promptTokens + completionTokens,
    cost: cost === undefined ? null : cost.microUsd / 10_000,
    cost_currency: 'USD',
  };
}

function parsed(body: LogBody | undefined): unknown {
  return body === undefined ? null : JSON.parse(body.text);
}
