import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, it, onTestFinished } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();

/** Starts the program in this process; it is stopped with the test. */
function serving(argv: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const code = run(['serve', '--port', '0', '--json', ...argv], {
    stdout: (text: string) => void out.push(text),
    stderr: (text: string) => void err.push(text),
    env: {},
    isTty: false,
    signal: stop.signal,
    readInput: async () => '',
  });
  onTestFinished(async () => {
    stop.abort();
    await code;
  });
  const url = async () => {
    await expect.poll(() => out.concat(err).join('')).toContain('"url"');
    return JSON.parse(out.find((line) => line.includes('"url"')) ?? '').url as string;
  };
  return { code, url, err: () => err.join('') };
}

const traceId = '0af7651916cd43dd8448eb211c80319c';

function ask(url: string) {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      'x-portkey-config': JSON.stringify(simulator.target('openai')),
    },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }),
  });
}

it.each([
  ['--otel', false],
  ['--otel-content', true],
])('tells calls to the SDK of the process, within the trace that the caller names (%s)', async (flag, hasContent) => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  trace.setGlobalTracerProvider(provider);
  onTestFinished(() => trace.disable());
  const { url, err } = serving(['--otel', flag, '--trust-hosts', 'any']);
  expect((await ask(await url())).status).toBe(200);
  await provider.forceFlush();
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name }) => name)).toContain('chat gpt-4o');
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]));
  expect(JSON.stringify(spans.map(({ attributes }) => attributes)).includes('Hello')).toBe(hasContent);
  expect(err()).toBe('');
});

it('says when no SDK is there to hear it, and serves all the same', async () => {
  const { url, err } = serving(['--otel', '--trust-hosts', 'any']);
  expect((await ask(await url())).status).toBe(200);
  expect(err()).toContain('No OpenTelemetry SDK is registered');
});

it('refuses content without --otel', async () => {
  const { code, err } = serving(['--otel-content']);
  expect(await code).toBe(1);
  expect(err()).toContain('Without --otel');
});
