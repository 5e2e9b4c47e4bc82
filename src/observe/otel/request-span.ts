import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import type { PortkeyEvents } from '../../core/events.ts';
import type { SpanFacts } from '../../core/span-facts.ts';
import type { RequestTrace, TracedFacts, TracedRequest } from '../../core/tracer.ts';
import { isSecretName, redactText } from '../logs/redact.ts';
import { attemptSpan } from './attempt-span.ts';
import { operationOf } from './names.ts';
import { markFailed } from './span-status.ts';
import type { Telemetry } from './telemetry.ts';

/** A span for one call of the caller, in the caller's trace. It has no token counts: those of its attempts would be counted twice. */
export function requestSpan(request: TracedRequest, facts: TracedFacts, telemetry: Telemetry): RequestTrace {
  const { endpoint } = request;
  const operation = operationOf(endpoint);
  const model = typeof request.body.model === 'string' ? request.body.model : undefined;
  const parent = parentOf(facts.traceId, facts.span);
  const span = telemetry.tracer.startSpan(
    facts.span?.spanName ?? (model === undefined ? operation : `${operation} ${model}`),
    {
      kind: SpanKind.INTERNAL,
      startTime: facts.startedAt,
      attributes: {
        'gen_ai.operation.name': operation,
        ...(model === undefined ? {} : { 'gen_ai.request.model': model }),
        'modelmux.request_id': facts.requestId,
        ...(facts.configId === undefined ? {} : { 'modelmux.config.id': facts.configId }),
        ...metadataAttributes(facts.metadata),
      },
    },
    parent,
  );
  const { traceId, spanId } = span.spanContext();
  const isKnown = isSpanContextValid(span.spanContext());
  const inside = trace.setSpan(parent, span);
  return {
    traceId: isKnown ? traceId : undefined,
    spanId: isKnown ? spanId : undefined,
    startAttempt: (attempt) =>
      attemptSpan(attempt, { endpoint, parent: inside, tellsBodies: facts.tellsBodies }, telemetry),
    end(end) {
      span.setAttributes(endAttributes(end));
      markFailed(span, end.outcome);
      span.end(end.startedAt + end.durationMs);
      telemetry.metrics.request(requestFigures(end, operation), end.durationMs);
    },
  };
}

/** The span the caller is in; else the one the call names as its parent, of another process. */
function parentOf(traceId: string | undefined, span: SpanFacts | undefined): Context {
  const active = context.active();
  const remote = {
    traceId: traceId ?? '',
    spanId: span?.parentSpanId ?? '',
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  };
  if (trace.getSpan(active) !== undefined || !isSpanContextValid(remote)) return active;
  return trace.setSpanContext(active, remote);
}

function metadataAttributes(metadata: Readonly<Record<string, string>>): Attributes {
  return Object.fromEntries(
    Object.entries(metadata)
      .filter(([key]) => !isSecretName(key))
      .map(([key, value]) => [`modelmux.metadata.${key}`, redactText(value)]),
  );
}

function endAttributes({ traceId, attempts, reply, target, config }: PortkeyEvents['request-end']): Attributes {
  return {
    // What logs are searched by; the span's own trace ID may be another.
    'modelmux.trace_id': traceId,
    'modelmux.attempts': attempts.length,
    ...(reply === undefined ? {} : { 'modelmux.cache.status': reply.cache }),
    ...(target === undefined ? {} : { 'modelmux.target.path': target.path }),
    ...(config?.version === undefined ? {} : { 'modelmux.config.version': config.version }),
  };
}

function requestFigures(
  { requestedModel, configId, reply, outcome }: PortkeyEvents['request-end'],
  operation: string,
): Attributes {
  return {
    'gen_ai.operation.name': operation,
    ...(requestedModel === undefined ? {} : { 'gen_ai.request.model': requestedModel }),
    ...(configId === undefined ? {} : { 'modelmux.config.id': configId }),
    ...(reply === undefined ? {} : { 'modelmux.cache.status': reply.cache }),
    ...(outcome.result === 'success' ? {} : { 'error.type': outcome.error?.kind ?? outcome.result }),
  };
}
