import type { Command } from 'commander';
import type { Tracer } from '../core/tracer.ts';
import { CliFailure } from './io.ts';

/** Adds what `serve` may be told of OpenTelemetry. */
export function addOtelOptions(serve: Command): Command {
  return serve
    .option(
      '--otel',
      'tell every call as spans and metrics to the OpenTelemetry SDK that this process was started with',
    )
    .option('--otel-content', 'with what was sent and answered');
}

/** What `serve` is told of OpenTelemetry. */
export interface OtelFlags {
  readonly otel?: boolean;
  readonly otelContent?: boolean;
}

/** What a server tells its calls to. */
export interface ServeTracer {
  readonly tracer: Tracer;
  /** An SDK is there to hear it. */
  readonly isHeard: boolean;
}

/** Undefined where nothing is to be told. Rejects with `CliFailure` without the package `@opentelemetry/api`. */
export async function tracerFrom({ otel, otelContent }: OtelFlags): Promise<ServeTracer | undefined> {
  if (otel !== true) {
    if (otelContent === true)
      throw new CliFailure('Without --otel there is nothing that --otel-content could be about.');
    return undefined;
  }
  const api = await import('@opentelemetry/api').catch(() => undefined);
  if (api === undefined)
    throw new CliFailure('--otel needs the package @opentelemetry/api: npm install @opentelemetry/api');
  const { isSpanContextValid, trace } = api;
  const { openTelemetry } = await import('../observe/otel/index.ts');
  // A span of no SDK has no ID. One that is never ended is never sent.
  const isHeard = isSpanContextValid(trace.getTracer('modelmux').startSpan('serve').spanContext());
  return { tracer: openTelemetry({ captureContent: otelContent === true }), isHeard };
}

/** A server that nobody hears starts all the same. */
export const unheard =
  'No OpenTelemetry SDK is registered in this process: nothing is sent. Start it with one, as by NODE_OPTIONS="--import @opentelemetry/auto-instrumentations-node/register".';
