import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  propagation,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import type { Attempt } from '../../core/attempt.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Cost } from '../../core/pricing.ts';
import type { ReplyOutcome } from '../../core/reply.ts';
import type { AttemptTrace, TracedRequest } from '../../core/tracer.ts';
import { inputAttributes, outputAttributes } from './content.ts';
import { operationOf, providerOf } from './names.ts';
import { replyAttributes, serverAttributes, usageAttributes } from './reply-attributes.ts';
import { requestAttributes } from './request-attributes.ts';
import { markFailed } from './span-status.ts';
import type { Telemetry } from './telemetry.ts';

/** A client span for one try of one target, as a child of `parent`. */
export function attemptSpan(
  attempt: Readonly<Attempt>,
  {
    endpoint,
    parent,
    tellsBodies,
  }: { readonly endpoint: Endpoint; readonly parent: Context; readonly tellsBodies: boolean },
  telemetry: Telemetry,
): AttemptTrace {
  const { tracer, metrics, contentLength } = telemetry;
  const content = tellsBodies ? contentLength : undefined;
  const operation = operationOf(endpoint);
  let span: Span | undefined;

  /** Who is asked is known only once the target's key was looked up; a try may fail before. */
  function started(request?: TracedRequest): Span {
    span ??= tracer.startSpan(
      attempt.model === undefined ? operation : `${operation} ${attempt.model}`,
      {
        kind: SpanKind.CLIENT,
        startTime: attempt.startedAt,
        attributes: startAttributes(attempt, operation, request, content),
      },
      parent,
    );
    return span;
  }

  return {
    prepare: (request) => void started(request),
    spanId() {
      const spanContext = started().spanContext();
      return isSpanContextValid(spanContext) ? spanContext.spanId : undefined;
    },
    headers() {
      const carrier: Record<string, string> = {};
      propagation.inject(trace.setSpan(parent, started()), carrier);
      return carrier;
    },
    run: (send) => context.with(trace.setSpan(parent, started()), send),
    end(outcome, endedAt, { body, cost } = {}) {
      const ended = started();
      const reply = isJsonObject(body) && !(body instanceof Uint8Array) ? body : undefined;
      const server = serverAttributes(attempt.url);
      const answered = replyAttributes(reply);
      ended.setAttributes({
        ...server,
        ...answered,
        ...usageAttributes(outcome.usage),
        ...(cost === undefined
          ? {}
          : { 'modelmux.cost_usd': cost.microUsd / 1_000_000, 'modelmux.cost_source': cost.source }),
        ...(attempt.status === undefined ? {} : { 'http.response.status_code': attempt.status }),
        ...(attempt.firstTokenMs === undefined
          ? {}
          : { 'gen_ai.response.time_to_first_chunk': attempt.firstTokenMs / 1000 }),
        ...(content === undefined ? {} : outputAttributes(reply, content)),
      });
      markFailed(ended, outcome);
      ended.end(endedAt);
      const model = answered['gen_ai.response.model'];
      metrics.attempt(
        {
          ...commonAttributes(attempt, operation),
          ...server,
          ...(model === undefined ? {} : { 'gen_ai.response.model': model }),
        },
        figuresOf(attempt, outcome, { endedAt, cost }),
      );
    },
  };
}

function startAttributes(
  attempt: Readonly<Attempt>,
  operation: string,
  request: TracedRequest | undefined,
  content: number | undefined,
): Attributes {
  return {
    ...commonAttributes(attempt, operation),
    'modelmux.target.path': attempt.path,
    'modelmux.target.id': attempt.targetId,
    ...(attempt.name === undefined ? {} : { 'modelmux.target.name': attempt.name }),
    ...(attempt.virtualKey === undefined ? {} : { 'modelmux.virtual_key': attempt.virtualKey }),
    ...(attempt.retry === 0 ? {} : { 'modelmux.retry': attempt.retry }),
    ...(request === undefined ? {} : requestAttributes(request.body)),
    ...(request === undefined || content === undefined ? {} : inputAttributes(request.body, content)),
  };
}

function commonAttributes({ provider, model }: Readonly<Attempt>, operation: string): Attributes {
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': providerOf(provider),
    ...(model === undefined ? {} : { 'gen_ai.request.model': model }),
  };
}

function figuresOf(
  attempt: Readonly<Attempt>,
  { usage, error }: ReplyOutcome,
  { endedAt, cost }: { readonly endedAt: number; readonly cost: Cost | undefined },
) {
  return {
    durationMs: endedAt - attempt.startedAt,
    firstTokenMs: attempt.firstTokenMs,
    inputTokens: usage?.promptTokens,
    outputTokens: usage?.completionTokens,
    costMicroUsd: cost?.microUsd,
    error: error?.kind,
  };
}
