/**
 * Calls as OpenTelemetry spans and metrics.
 *
 * @module modelmux/otel
 */

import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';
import type { Tracer } from '../../core/tracer.ts';
import { genAiMetrics } from './metrics.ts';
import { requestSpan } from './request-span.ts';

/** Where spans and figures go, and how much they tell. */
export interface OpenTelemetryOptions {
  /** Default: the one registered with `@opentelemetry/api`. */
  readonly tracerProvider?: TracerProvider;
  readonly meterProvider?: MeterProvider;
  /**
   * Write what was asked and answered on the spans, secrets taken out. Default false: prompts do not leave for a telemetry backend unasked.
   * Calls with `debug: false` never tell.
   */
  readonly captureContent?: boolean;
  /** Characters of one attribute of content at most. Default 65,536. */
  readonly maxContentLength?: number;
}

/**
 * Calls as OpenTelemetry spans and metrics, for the client's option `tracer`, by the semantic conventions for generative AI: a span for each
 * call, in the caller's active span, with a client span for every attempt in it, and histograms of duration, tokens and time to the first
 * content. A call whose trace ID nobody names gets the span's, so that logs and spans are found by the same ID.
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Tracer {
  const { tracerProvider = trace, meterProvider = metrics, captureContent = false } = options;
  const library = { name: 'modelmux' };
  const telemetry = {
    tracer: tracerProvider.getTracer(library.name),
    metrics: genAiMetrics(meterProvider, library),
    contentLength: captureContent ? (options.maxContentLength ?? 65_536) : undefined,
  };
  return { startRequest: (request, facts) => requestSpan(request, facts, telemetry) };
}
