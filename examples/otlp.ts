// Two gateways tell one collector by OTLP: a program's trace leads through both. Put your collector's address in place of this one's.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { openTelemetry } from 'modelmux/otel';
import { serve } from 'modelmux/server';
import { startCollector } from './lib/collector.ts';
import { simulated } from './lib/simulated.ts';

// Any that takes OTLP over HTTP: the OpenTelemetry Collector, Jaeger, Grafana Tempo, Langfuse. This one prints what it is told.
const collector = await startCollector();

const { simulator, virtualKeys } = await simulated();
simulator.behave('openai', { outage: true });

const config = {
  strategy: { mode: 'fallback' },
  targets: [{ virtual_key: 'openai-prod' }, { virtual_key: 'azure-prod' }],
} as const;
const instances = ['one', 'two'].map((id) => {
  const resource = resourceFromAttributes({ 'service.name': 'modelmux', 'service.instance.id': id });
  const exporter = new OTLPTraceExporter({ url: `${collector.url}/v1/traces` });
  const tracerProvider = new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter })] });
  const server = serve({
    port: 0,
    virtualKeys,
    tracer: openTelemetry({ tracerProvider }),
    config,
  });
  return { tracerProvider, server };
});

// A program's trace, one call through each instance.
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
for (const { server } of instances) {
  await fetch(`${(await server).url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Say hello.' }] }),
  });
}
for (const { tracerProvider, server } of instances) {
  await (await server).close();
  await tracerProvider.shutdown();
}
collector.print();
await simulator.stop();
