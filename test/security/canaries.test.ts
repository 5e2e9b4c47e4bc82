import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { requestLine } from '../../src/cli/request-line.ts';
import * as everything from '../../src/index.ts';
import { openTelemetry } from '../../src/observe/otel/index.ts';
import { createServer, type ServerOptions } from '../../src/server/index.ts';
import { finished } from '../cli/cli.ts';
import { served } from '../support/served.ts';

/** What must be found nowhere: each is unique, so that a find tells whose it is. */
const canaries = {
  target: 'sk-canary-of-the-target-4b1f',
  environment: 'sk-canary-of-the-environment-77ac',
  virtualKey: 'sk-canary-of-the-virtual-key-0d3e',
  vaultKey: 'sk-canary-of-the-vault-91bc',
  passphrase: 'canary passphrase of the vault 5e2d',
  client: 'canary-of-a-client-c09f',
  admin: 'canary-of-the-admin-38d1',
  callers: 'sk-canary-of-the-caller-aa60',
  field: 'canary-of-an-aws-secret-1c7b',
};

/** A provider that repeats what it was sent: key, headers and all. */
async function parrot(): Promise<string> {
  const server = createHttpServer(
    (request, response) =>
      void repeat(request).then((text) => {
        const status = Number(/status-(\d+)/.exec(text)?.[1] ?? 200);
        const said = `Incorrect API key provided: ${JSON.stringify(request.headers)}`;
        response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'r1' });
        response.end(
          JSON.stringify(status < 400 ? replyOf() : { error: { message: said, type: 'invalid', code: said } }),
        );
      }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function repeat(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const replyOf = () => ({
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-canary-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Fails for the first canary in `text`, and says whose and where. */
function expectNone(where: string, text: string, more: readonly string[] = []): void {
  const all = [...Object.entries(canaries), ...more.map((key) => ['issued', key] as const)];
  for (const [name, canary] of all) {
    const at = text.indexOf(canary);
    if (at >= 0) throw new Error(`${where} tells the ${name} key: …${text.slice(Math.max(0, at - 120), at)}[here]`);
  }
}

const deep = (value: unknown) =>
  `${inspect(value, { depth: 12, showHidden: true, getters: true, maxArrayLength: 1000, maxStringLength: 100_000 })}\n${json(value)}`;

function json(value: unknown): string {
  const seen = new WeakSet<object>();
  return (
    JSON.stringify(value, (_name, part: unknown) => {
      if (typeof part === 'bigint') return String(part);
      if (typeof part !== 'object' || part === null) return part;
      if (seen.has(part)) return '[seen]';
      seen.add(part);
      return part;
    }) ?? ''
  );
}

const eventNames = [
  'request-start',
  'request-body',
  'attempt-start',
  'attempt-end',
  'target-open',
  'target-close',
  'response-body',
  'health-check',
  'request-end',
  'warning',
] as const;

it('no secret is told by anything that a server says, shows, logs, traces or counts', async () => {
  const url = await parrot();
  const spans = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  const figures = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: figures, exportIntervalMillis: 1_000_000 })],
  });
  const events: unknown[] = [];
  const lines: string[] = [];
  const records: unknown[] = [];
  const target = (api_key: string) => ({ provider: 'openai', api_key, custom_host: url });
  const options: ServerOptions = {
    config: {
      strategy: { mode: 'fallback', on_status_codes: [401, 500] },
      targets: [
        { ...target(canaries.target), name: 'first' },
        { virtual_key: 'main' },
        {
          provider: 'bedrock',
          aws_access_key_id: 'AKIA1',
          aws_secret_access_key: canaries.field,
          aws_region: 'eu-west-1',
          custom_host: url,
        },
      ],
    },
    virtualKeys: { main: { provider: 'openai', api_key: canaries.virtualKey, custom_host: url } },
    environment: { OPENAI_API_KEY: canaries.environment, OPENAI_BASE_URL: url },
    keys: [canaries.client],
    adminKey: canaries.admin,
    trust: { customHosts: 'any' },
    logs: {},
    tracer: openTelemetry({ tracerProvider, meterProvider, captureContent: true } as never),
    onRequest: (record) => {
      records.push(record);
      lines.push(requestLine(record));
    },
  };
  const server = await served(options);
  for (const name of eventNames) server.on(name, (event) => void events.push(event));

  const said: string[] = [];
  const ask = async (path: string, headers: Record<string, string>, body?: unknown) => {
    const response = await fetch(`${server.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = { status: response.status, text, headers: JSON.stringify([...response.headers]) };
    said.push(`${path.replace(/\?.*/, '')} ${answer.headers} ${text}`);
    return answer;
  };
  const client = { 'x-portkey-api-key': canaries.client };
  const admin = { authorization: `Bearer ${canaries.admin}` };
  const chat = (content: string, more: object = {}) => ({ model: 'm', messages: [{ role: 'user', content }], ...more });

  const made = JSON.parse((await ask('/key/generate', admin, { key_alias: 'issued', rpm_limit: 100 })).text) as {
    key: string;
  };
  const issued = [made.key];
  // The one place that tells it.
  said.pop();

  expect((await ask('/v1/chat/completions', client, chat('fine'))).status).toBe(200);
  for (const status of [400, 401, 429, 500]) {
    await ask('/v1/chat/completions', client, chat(`status-${status}`));
    await ask('/v1/chat/completions', client, chat(`status-${status}`, { stream: true }));
    await ask('/v1/chat/completions', { authorization: `Bearer ${made.key}` }, chat(`status-${status}`));
    await ask('/v1/messages', client, { ...chat(`status-${status}`), max_tokens: 5 });
    await ask('/v1/embeddings', client, { model: 'm', input: `status-${status}` });
    await ask('/v1/whatever', client, { text: `status-${status}` });
    await ask('/v1/chat/completions', { ...client, 'x-portkey-virtual-key': 'main' }, chat(`status-${status}`));
    await ask('/v1/chat/completions', { ...client, 'x-portkey-provider': 'openai' }, chat(`status-${status}`));
    const own = {
      ...client,
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': url,
      authorization: `Bearer ${canaries.callers}`,
    };
    await ask('/v1/chat/completions', own, chat(`status-${status}`));
    await ask(
      '/v1/chat/completions',
      { ...client, 'x-portkey-config': JSON.stringify(target(canaries.callers)) },
      chat(`status-${status}`),
    );
  }
  const broken = `{"provider":"openai","api_key":"${canaries.callers}","custom_host":`;
  await ask('/v1/chat/completions', { ...client, 'x-portkey-config': broken }, chat('x'));
  await ask('/v1/chat/completions', { ...client, 'x-portkey-config': `{"api_ky":"${canaries.callers}"}` }, chat('x'));
  await ask('/v1/chat/completions', client, `{"api_key":"${canaries.callers}`);
  await ask('/v1/chat/completions', { 'x-portkey-api-key': `${canaries.client}x` }, chat('x'));
  for (const path of [
    '/key/list',
    `/key/info?key=${made.key}`,
    '/router/state',
    '/metrics',
    '/v1/virtual-keys',
    '/v1/configs',
    '/v1/models',
    '/v1/logs',
    '/health',
    '/ready',
  ])
    await ask(path, admin);
  await ask('/key/info?key=sk-nobody', admin);
  await ask('/key/delete', admin, { keys: [`${made.key}x`] });
  await ask('/key/generate', admin, { config: { model_list: [{ litellm_params: { api_key: canaries.callers } }] } });
  await ask('/v1/admin/routes', admin, {
    name: 'r',
    models: [{ name: 'm', provider: 'openai', suffix: '/v1', api_key: canaries.callers }],
  });

  await server.flush();
  await tracerProvider.forceFlush();
  await meterProvider.forceFlush();
  expect(events.length).toBeGreaterThan(50);
  expect(spans.getFinishedSpans().length).toBeGreaterThan(10);
  expectNone('a response', said.join('\n'), issued);
  expectNone('a line', lines.join('\n'), issued);
  expectNone('a record', deep(records), issued);
  expectNone('an event', events.map(deep).join('\n'), issued);
  expectNone(
    'a span',
    deep(
      spans
        .getFinishedSpans()
        .map(({ attributes, events: told, status, name }) => ({ attributes, told, status, name })),
    ),
    issued,
  );
  expectNone('a figure', deep(figures.getMetrics()), issued);
  expectNone('the state', deep(server.state()), issued);
  expectNone('the server', deep(server), issued);
  expectNone('a server that does not listen', deep(createServer(options)), issued);
});

it('no secret is told by a client, its parts or its errors', async () => {
  const url = await parrot();
  const portkey = new everything.Portkey({
    apiKey: canaries.client,
    environment: { OPENAI_API_KEY: canaries.environment },
    virtualKeys: { main: { provider: 'openai', api_key: canaries.virtualKey, custom_host: url } },
    config: { provider: 'openai', api_key: canaries.target, custom_host: url },
    logs: {},
  });
  const errors: unknown[] = [];
  for (const params of [
    {},
    { virtualKey: 'main' },
    { Authorization: `Bearer ${canaries.callers}`, provider: 'openai', customHost: url },
  ]) {
    for (const status of [400, 401, 429, 500]) {
      const body = { model: 'm', messages: [{ role: 'user' as const, content: `status-${status}` }] };
      await portkey.chat.completions.create(body, params).catch((error: unknown) => errors.push(error));
    }
  }
  expect(errors).toHaveLength(12);
  for (const error of errors) {
    expectNone('an error', deep(error));
    expectNone('its text', `${String(error)} ${(error as Error).stack}`);
  }
  expectNone('the client', deep(portkey));
  const { data } = await portkey.logs.list();
  expect(data.length).toBeGreaterThan(5);
  expectNone('a log record', deep(data));
  for (const [name, value] of Object.entries(everything)) expectNone(name, deep(value));
});

it('no secret is told by the command line', async () => {
  const config = join(folder, 'config.json');
  const broken = join(folder, 'broken.json');
  const data = join(folder, 'data.json');
  await writeFile(
    config,
    JSON.stringify({ provider: 'openai', api_key: canaries.target, custom_host: 'http://127.0.0.1:9/v1' }),
  );
  await writeFile(broken, `{"provider": "openai", "api_key": "${canaries.target}", "custom_host": http`);
  const env = {
    OPENAI_API_KEY: canaries.environment,
    MODELMUX_ADMIN_KEY: canaries.admin,
    MODELMUX_VAULT_PASSPHRASE: canaries.passphrase,
    MODELMUX_KEYS: canaries.client,
  };
  const vault = join(folder, 'cli.vault');
  const runs: (readonly [readonly string[], string?])[] = [
    [['validate', config]],
    [['validate', broken]],
    [['explain', config]],
    [['explain', config, '--json']],
    [['explain', broken]],
    [['import', config, '--json']],
    [['doctor', '--offline', '--json']],
    [['doctor', '--offline', config]],
    [['load', config, '-n', '2', '--json']],
    [['vault', 'add', 'main', '--provider', 'openai', '--file', vault], canaries.vaultKey],
    [['vault', 'add', 'main', '--provider', 'openai', '--file', vault, `--key=${canaries.vaultKey}`]],
    [['vault', 'list', '--file', vault, '--json']],
    [['vault', 'list', '--file', vault]],
    [['vault', 'rotate', 'main', '--file', vault], canaries.vaultKey],
    [['keys', 'generate', '--data', data, '--alias', 'a', '--jsno']],
    [['keys', 'list', '--data', data]],
    [['keys', 'info', '-', '--data', data], canaries.client],
    [['keys', 'list', '--url', 'http://127.0.0.1:9']],
    [['serve', '--config', broken, '--port', '0']],
    [['serve', '--redis', `http://:${canaries.passphrase.replaceAll(' ', '')}@127.0.0.1`, '--port', '0']],
    [['serve', '--host', '999.1.1.1', '--port', '0', '--config', config]],
  ];
  for (const [argv, input] of runs) {
    const { out, err } = await finished(argv, { env, ...(input === undefined ? {} : { input }) });
    expectNone(`modelmux ${argv.slice(0, 2).join(' ')}`, `${out}\n${err}`);
    expect(`${out}${err}`).not.toContain(canaries.passphrase.replaceAll(' ', ''));
  }
});
