import type { Attributes, MeterProvider } from '@opentelemetry/api';
import { secondsBuckets, tokenBuckets } from './names.ts';

/** The instruments that calls are measured with. */
export interface GenAiMetrics {
  /** One call of a provider, ended. Times in milliseconds. */
  attempt(attributes: Attributes, figures: AttemptFigures): void;
  /** One call of the caller, ended, whatever was tried for it. */
  request(attributes: Attributes, durationMs: number): void;
}

/** What is measured of one call of a provider. */
export interface AttemptFigures {
  readonly durationMs: number;
  readonly firstTokenMs: number | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly costMicroUsd: number | undefined;
  /** Of a failure: `error.type`. */
  readonly error: string | undefined;
}

/** Instruments of a meter of this library's. */
export function genAiMetrics(
  provider: MeterProvider,
  library: { readonly name: string; readonly version?: string },
): GenAiMetrics {
  const meter = provider.getMeter(library.name, library.version);
  const seconds = { unit: 's', advice: { explicitBucketBoundaries: secondsBuckets } };
  const duration = meter.createHistogram('gen_ai.client.operation.duration', {
    ...seconds,
    description: 'Duration of a call of a provider.',
  });
  const firstChunk = meter.createHistogram('gen_ai.client.operation.time_to_first_chunk', {
    ...seconds,
    description: 'Time until the first content of a stream.',
  });
  const tokens = meter.createHistogram('gen_ai.client.token.usage', {
    unit: '{token}',
    advice: { explicitBucketBoundaries: tokenBuckets },
    description: 'Tokens of a call of a provider.',
  });
  const cost = meter.createCounter('modelmux.client.cost', {
    unit: '{USD}',
    description: 'What calls of providers cost.',
  });
  const requests = meter.createHistogram('modelmux.client.request.duration', {
    ...seconds,
    description: "Duration of a caller's request, all that was tried for it together.",
  });
  return {
    attempt(attributes, { durationMs, firstTokenMs, inputTokens, outputTokens, costMicroUsd, error }) {
      duration.record(durationMs / 1000, error === undefined ? attributes : { ...attributes, 'error.type': error });
      if (firstTokenMs !== undefined) firstChunk.record(firstTokenMs / 1000, attributes);
      if (inputTokens !== undefined) tokens.record(inputTokens, { ...attributes, 'gen_ai.token.type': 'input' });
      if (outputTokens !== undefined) tokens.record(outputTokens, { ...attributes, 'gen_ai.token.type': 'output' });
      if (costMicroUsd !== undefined) cost.add(costMicroUsd / 1_000_000, attributes);
    },
    request: (attributes, durationMs) => requests.record(durationMs / 1000, attributes),
  };
}
