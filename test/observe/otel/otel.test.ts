import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { APIError, type PortkeyOptions } from '../../../src/index.ts';
import { type OpenTelemetryOptions, openTelemetry } from '../../../src/observe/otel/index.ts';
import { errorOf, fallback, hello, helloStream, simulated, textOf } from '../../support/simulated.ts';

const simulator = simulated();
beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

/** A client whose spans and figures go to memory, through the real SDK. */
function setUp(config: PortkeyOptions['config'], given: { otel?: OpenTelemetryOptions; client?: PortkeyOptions } = {}) {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 1_000_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const tracer = openTelemetry({ tracerProvider, meterProvider, ...given.otel });
  return {
    portkey: simulator.client(config, { tracer, ...given.client }),
    tracerProvider,
    /** Spans that have ended, in the order of their start. */
    spans: async () => {
      await tracerProvider.forceFlush();
      return exporter.getFinishedSpans().toSorted((a, b) => inMs(a) - inMs(b) || a.kind - b.kind);
    },
    async figures() {
      await meterProvider.forceFlush();
      const metrics =
        metricExporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      return Object.fromEntries(metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]));
    },
  };
}

function inMs({ startTime: [seconds, nanoseconds] }: ReadableSpan): number {
  return seconds * 1000 + nanoseconds / 1e6;
}

it('makes a span of a call, and a client span of each attempt in it', async () => {
  simulator.behave('openai', { status: 500 });
  const { portkey, spans } = setUp(
    fallback([
      simulator.target('openai', { name: 'first' }),
      simulator.target('azure-openai', { override_params: { temperature: 0.5 } }),
    ]),
  );
  await portkey.chat.completions.create(
    { ...hello, max_tokens: 9, n: 2, stop: ['.'], seed: 7 },
    { traceID: 'mine', metadata: { customer: 'Zoë', api_key: 'canary' } },
  );
  const [call, first, second, ...more] = await spans();
  expect(more).toEqual([]);
  expect(call).toMatchObject({ name: 'chat gpt-4o', kind: SpanKind.INTERNAL, status: { code: SpanStatusCode.UNSET } });
  expect(call?.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-4o',
    'modelmux.request_id': expect.any(String),
    'modelmux.trace_id': 'mine',
    'modelmux.metadata.customer': 'Zoë',
    'modelmux.attempts': 2,
    'modelmux.cache.status': 'DISABLED',
    'modelmux.target.path': 'config.targets[1]',
  });
  const port = Number(new URL(simulator.baseUrl('openai')).port);
  expect(first).toMatchObject({ name: 'chat gpt-4o', kind: SpanKind.CLIENT });
  expect(first?.status).toEqual({ code: SpanStatusCode.ERROR, message: expect.stringContaining('500') });
  expect(first?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
  expect(first?.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.request.max_tokens': 9,
    'gen_ai.request.choice.count': 2,
    'gen_ai.request.seed': 7,
    'gen_ai.request.stop_sequences': ['.'],
    'modelmux.target.path': 'config.targets[0]',
    'modelmux.target.id': expect.stringMatching(/gpt-4o$/),
    'modelmux.target.name': 'first',
    'server.address': '127.0.0.1',
    'server.port': port,
    'http.response.status_code': 500,
    'error.type': 'server',
  });
  expect(second).toMatchObject({ name: 'chat gpt-4o', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
  expect(second?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
  expect(second?.attributes).toMatchObject({
    'gen_ai.provider.name': 'azure.ai.openai',
    'gen_ai.request.temperature': 0.5,
    'gen_ai.response.id': expect.any(String),
    'gen_ai.response.model': expect.any(String),
    'gen_ai.response.finish_reasons': ['stop', 'stop'],
    'gen_ai.usage.input_tokens': expect.any(Number),
    'gen_ai.usage.output_tokens': expect.any(Number),
    'http.response.status_code': 200,
  });
});

it("stands in the caller's span, and gives its trace ID to a call that names none", async () => {
  const { portkey, tracerProvider, spans } = setUp(simulator.target('openai'));
  const outer = tracerProvider.getTracer('test').startSpan('outer');
  await context.with(trace.setSpan(context.active(), outer), () => portkey.chat.completions.create(hello));
  const [call] = await spans();
  const { traceId } = outer.spanContext();
  expect(call?.spanContext().traceId).toBe(traceId);
  expect(call?.parentSpanContext?.spanId).toBe(outer.spanContext().spanId);
  const { data } = await portkey.logs.list();
  expect(data).toMatchObject([{ traceId, spanId: call?.spanContext().spanId }]);
});

it('sends within the span of the attempt, so that what is below finds it as its parent', async () => {
  let active: string | undefined;
  const { portkey, spans } = setUp(simulator.target('openai'), {
    client: {
      fetch: (input, init) => {
        active = trace.getActiveSpan()?.spanContext().spanId;
        return fetch(input, init);
      },
    },
  });
  await portkey.chat.completions.create(hello);
  const [, attempt] = await spans();
  expect(active).toBe(attempt?.spanContext().spanId);
});

it('goes on with the trace that the headers of a call name, where no span is active', async () => {
  const { portkey, spans } = setUp(simulator.target('openai'));
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  await portkey.chat.completions.create(hello, {}, { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } });
  const [call] = await spans();
  expect(call?.spanContext().traceId).toBe(traceId);
  expect(call?.parentSpanContext).toMatchObject({ spanId: '00f067aa0ba902b7', isRemote: true });
});

it('follows a stream to its end, also one that its reader leaves', async () => {
  const { portkey, spans, figures } = setUp(simulator.target('openai'));
  await textOf(await portkey.chat.completions.create(helloStream));
  simulator.behave('openai', { tokensPerSecond: 100 });
  for await (const _chunk of await portkey.chat.completions.create(helloStream)) break;
  const attempts = (await spans()).filter(({ kind }) => kind === SpanKind.CLIENT);
  expect(attempts.map(({ attributes }) => attributes['modelmux.aborted'])).toEqual([undefined, true]);
  expect(attempts[0]?.attributes).toMatchObject({
    'gen_ai.request.stream': true,
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.response.time_to_first_chunk': expect.any(Number),
  });
  const chunks = (await figures())['gen_ai.client.operation.time_to_first_chunk'];
  expect(chunks).toMatchObject([{ value: { count: 2 } }]);
});

it('measures duration and tokens of each attempt, and the duration of the call', async () => {
  const { portkey, figures } = setUp(fallback([simulator.target('openai'), simulator.target('anthropic')]));
  await portkey.chat.completions.create(hello);
  simulator.behave('openai', { status: 429 });
  await portkey.chat.completions.create(hello);
  const found = await figures();
  const seen = (name: string, ...keys: readonly string[]) =>
    found[name]?.map(({ attributes, value }) => [
      ...keys.map((key) => attributes[key]),
      (value as { readonly count: number }).count,
    ]);
  expect(seen('gen_ai.client.operation.duration', 'gen_ai.provider.name', 'error.type')).toEqual([
    ['openai', undefined, 1],
    ['openai', 'rate_limit', 1],
    ['anthropic', undefined, 1],
  ]);
  expect(seen('gen_ai.client.token.usage', 'gen_ai.provider.name', 'gen_ai.token.type')).toEqual([
    ['openai', 'input', 1],
    ['openai', 'output', 1],
    ['anthropic', 'input', 1],
    ['anthropic', 'output', 1],
  ]);
  expect(seen('modelmux.client.request.duration', 'gen_ai.operation.name', 'error.type')).toEqual([
    ['chat', undefined, 2],
  ]);
});

it('tells what an attempt cost, where its price is known', async () => {
  const priced = { ...simulator.target('openai'), pricing: { input: 1_000_000, output: 0 } };
  const { portkey, spans, figures } = setUp(fallback([priced, simulator.target('anthropic')]));
  const { usage } = await portkey.chat.completions.create(hello);
  const [span] = (await spans()).filter(({ kind }) => kind === SpanKind.CLIENT);
  expect(span?.attributes).toMatchObject({
    'modelmux.cost_usd': usage?.prompt_tokens,
    'modelmux.cost_source': 'config',
  });
  expect((await figures())['modelmux.client.cost']).toMatchObject([{ value: usage?.prompt_tokens }]);
});

it('tells a call that failed by the kind of its error', async () => {
  simulator.behave('openai', { status: 401 });
  const { portkey, spans } = setUp(simulator.target('openai', { api_key: 'sk-canary-1234567890abcdef' }));
  await errorOf(portkey.chat.completions.create(hello), APIError);
  const all = await spans();
  expect(all.map(({ status, attributes }) => [status.code, attributes['error.type']])).toEqual([
    [SpanStatusCode.ERROR, 'auth'],
    [SpanStatusCode.ERROR, 'auth'],
  ]);
  expect(JSON.stringify(all.map(({ attributes, status }) => [attributes, status]))).not.toContain('canary');
});

it('tells no content unless asked to, and none of calls with debug: false', async () => {
  const quiet = setUp(simulator.target('openai'));
  await quiet.portkey.chat.completions.create(hello);
  const asked = setUp(simulator.target('openai'), { otel: { captureContent: true } });
  await asked.portkey.chat.completions.create(hello, { debug: false });
  for (const { attributes } of [...(await quiet.spans()), ...(await asked.spans())]) {
    expect(Object.keys(attributes).filter((key) => /messages|instructions|definitions/.test(key))).toEqual([]);
  }
});

it('tells content in the form of the conventions, secrets taken out', async () => {
  const { portkey, spans } = setUp(simulator.target('openai'), { otel: { captureContent: true } });
  const reply = await portkey.chat.completions.create({
    model: 'gpt-4o',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'My key is sk-canary-1234567890abcdef.' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'rainy' },
    ],
    tools: [{ type: 'function', function: { name: 'f', description: 'long', parameters: {} } }],
  });
  const [, attempt] = await spans();
  const told = (name: string) => JSON.parse(String(attempt?.attributes[name]));
  expect(told('gen_ai.input.messages')).toEqual([
    { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
    {
      role: 'user',
      parts: [
        { type: 'text', content: 'My key is [redacted].' },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: '[4 characters]' },
      ],
    },
    { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'rainy' }] },
  ]);
  expect(told('gen_ai.tool.definitions')).toEqual([{ type: 'function', name: 'f' }]);
  expect(told('gen_ai.output.messages')).toEqual([
    {
      role: 'assistant',
      parts: [{ type: 'text', content: reply.choices[0]?.message.content }],
      finish_reason: 'stop',
    },
  ]);
});

it('hands the trace to a provider that may know of it, with the span of the attempt', async () => {
  propagation.setGlobalPropagator({
    inject: (active, carrier, { set }) =>
      set(carrier, 'x-of-the-propagator', trace.getSpanContext(active)?.spanId ?? ''),
    extract: (active) => active,
    fields: () => ['x-of-the-propagator'],
  });
  try {
    const { portkey, spans } = setUp(simulator.target('openai', { forward_headers: ['traceparent'] }));
    await portkey.chat.completions.create(hello);
    const [, attempt] = await spans();
    const { traceId = '', spanId = '' } = attempt?.spanContext() ?? {};
    expect(simulator.requests('openai')[0]?.headers).toMatchObject({
      traceparent: `00-${traceId}-${spanId}-01`,
      'x-of-the-propagator': spanId,
    });
    expect((await portkey.logs.list()).data[0]?.attempts).toMatchObject([{ spanId }]);
  } finally {
    propagation.disable();
  }
});

it('makes no attempt of an answer from the cache', async () => {
  const { portkey, spans } = setUp(simulator.target('openai', { cache: { mode: 'simple' } }));
  await portkey.chat.completions.create(hello);
  await portkey.chat.completions.create(hello);
  const all = await spans();
  expect(all.map(({ kind, attributes }) => [kind, attributes['modelmux.cache.status']])).toEqual([
    [SpanKind.INTERNAL, 'MISS'],
    [SpanKind.CLIENT, undefined],
    [SpanKind.INTERNAL, 'HIT'],
  ]);
});
