// Calls as OpenTelemetry spans and metrics, by the semantic conventions for generative AI. Swap the exporter for OTLP and you are in production.
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { Portkey } from 'modelmux';
import { openTelemetry } from 'modelmux/otel';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
simulator.behave('openai', { outage: true });
const exporter = new InMemorySpanExporter();
const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
const portkey = new Portkey({
  virtualKeys,
  // Without arguments: the providers that are registered with @opentelemetry/api.
  tracer: openTelemetry({ tracerProvider }),
  config: { strategy: { mode: 'fallback' }, targets: [{ virtual_key: 'openai-prod' }, { virtual_key: 'azure-prod' }] },
});
await portkey.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Say hello.' }] });

await tracerProvider.forceFlush();
for (const { name, attributes, parentSpanContext } of exporter.getFinishedSpans()) {
  const error = attributes['error.type'] === undefined ? '' : ` failed: ${attributes['error.type']}`;
  const provider = attributes['gen_ai.provider.name'] ?? `${attributes['modelmux.attempts']} attempts`;
  const tokens = attributes['gen_ai.usage.output_tokens'];
  console.log(
    `${parentSpanContext === undefined ? '' : '  '}${name} (${provider})${error}${tokens === undefined ? '' : ` ${tokens} tokens`}`,
  );
}
const [record] = (await portkey.logs.list()).data;
console.log('Same trace in the logs:', record?.traceId === exporter.getFinishedSpans()[0]?.spanContext().traceId);
await simulator.stop();
