import type { Tracer } from '@opentelemetry/api';
import type { GenAiMetrics } from './metrics.ts';

/** Where spans and figures go. */
export interface Telemetry {
  readonly tracer: Tracer;
  readonly metrics: GenAiMetrics;
  /** Characters of content kept at most; undefined: none is. */
  readonly contentLength: number | undefined;
}
