import { Portkey } from 'modelmux';
import { expect, it } from 'vitest';
import { InvalidRequestError } from '../../src/index.ts';
import { errorOf, fallback, hello, helloStream, simulated, textOf } from '../support/simulated.ts';
import { recordingServer } from './recording-server.ts';

const simulator = simulated();

async function linesOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}

it('exports requests as JSON lines under the names of Portkey', async () => {
  const portkey = simulator.client(fallback([simulator.target('openai'), simulator.target('anthropic')]), {
    logs: { bodies: true },
  });
  await textOf(await portkey.chat.completions.create(helloStream, { traceID: 'old' }));
  simulator.behave('openai', { status: 500 });
  const reply = await portkey.chat.completions.create(hello, { traceID: 't', metadata: { _user: 'u-1' } });
  await portkey.feedback.create({ traceID: 't', value: 3 });
  const lines = (await linesOf(portkey.logs.export({ traceId: 't' }))).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toBe('');
  const row = JSON.parse(lines[0] ?? '');
  const { usage } = reply;
  expect(row).toMatchObject({
    id: expect.any(String),
    trace_id: 't',
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    request: { body: hello },
    response: { body: { object: 'chat.completion' } },
    is_success: 1,
    ai_org: 'anthropic',
    ai_model: 'gpt-4o',
    req_units: usage?.prompt_tokens,
    res_units: usage?.completion_tokens,
    total_units: usage?.total_tokens,
    cost_currency: 'USD',
    request_url: `${simulator.baseUrl('anthropic')}/messages`,
    request_method: 'POST',
    response_status_code: 200,
    response_time: expect.any(Number),
    cache_status: 'DISABLED',
    stream_mode: 'FALSE',
    retry_success_count: 0,
    mode: 'fallback',
    metadata: { _user: 'u-1' },
    feedback: [{ value: 3, weight: 1, metadata: {} }],
  });
});

it('reads its own export again without loss, and no record twice', async () => {
  const from = simulator.client(simulator.target('openai'), { logs: { bodies: true } });
  for (const traceID of ['a', 'b', 'c']) await from.chat.completions.create(hello, { traceID });
  const lines = await linesOf(from.logs.export());
  const to = simulator.client(simulator.target('openai'));
  expect(await to.logs.import(lines)).toEqual({ records: 3, skipped: 0 });
  expect(await to.logs.import([lines.slice(0, 700), lines.slice(700)])).toEqual({ records: 3, skipped: 0 });
  expect((await to.logs.list({ bodies: true })).data).toEqual((await from.logs.list({ bodies: true })).data);
});

it("reads lines of Portkey's own export, in bytes cut anywhere, and counts what is none", async () => {
  const row = {
    id: 'log-1',
    trace_id: 't-ü',
    created_at: '2026-01-02T03:04:05.000Z',
    request: { body: { model: 'gpt-4', messages: [{ role: 'user', content: 'sk-canary-1234567890abc' }] } },
    response: { body: { choices: [] } },
    is_success: 0,
    ai_org: 'openai',
    ai_model: 'gpt-4',
    req_units: 10,
    res_units: '5',
    cost: 0.12,
    request_url: 'https://api.openai.com/v1/chat/completions',
    response_status_code: 429,
    response_time: 812,
    cache_status: 'HIT',
    stream_mode: 'TRUE',
    config: 'pc-1',
    metadata: { customer: 'Zoë', n: 1 },
  };
  const bytes = new TextEncoder().encode(`${JSON.stringify(row)}\nnot json\n\n{"id":"no date"}\n`);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) => bytes.slice(at * 7, at * 7 + 7));
  const portkey = simulator.client(simulator.target('openai'));
  expect(await portkey.logs.import(pieces)).toEqual({ records: 1, skipped: 2 });
  expect((await portkey.logs.list({ traceId: 't-ü', bodies: true })).data).toEqual([
    {
      id: 'log-1',
      traceId: 't-ü',
      spanId: 'log-1',
      startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      durationMs: 812,
      endpoint: 'chat/completions',
      outcome: 'failure',
      status: 429,
      provider: 'openai',
      model: 'gpt-4',
      configId: 'pc-1',
      stream: true,
      route: [],
      attempts: [],
      marks: ['cache'],
      cache: 'HIT',
      usage: { promptTokens: 10, completionTokens: 5 },
      cost: { microUsd: 1200, source: 'ingested' },
      metadata: { customer: 'Zoë', n: '1' },
      request: { text: '{"model":"gpt-4","messages":[{"role":"user","content":"[redacted]"}]}' },
      response: { text: '{"choices":[]}' },
      feedback: [],
    },
  ]);
});

it('logs calls that were made elsewhere, as portkey-ai gives them', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  const answer = await portkey.logs.create({
    request: {
      url: 'https://api.someprovider.com/v1/embeddings',
      provider: 'someprovider',
      headers: { authorization: 'Bearer canary' },
      body: { model: 'e-1', input: 'Hi', api_key: 'canary' },
    },
    response: { status: 200, body: { usage: { prompt_tokens: 2, total_tokens: 2 } }, response_time: 30 },
    metadata: { traceId: 'mine', spanId: 's', parentSpanId: 'p', spanName: 'n', user: 'u-1', token: 'canary', tier: 2 },
  });
  expect(answer).toEqual({ status: 'success', message: 'Logs successfully saved', log_id: [expect.any(String)] });
  const entry = await portkey.logs.get(answer.log_id[0] ?? '');
  expect(entry).toMatchObject({
    traceId: 'mine',
    spanId: 's',
    parentSpanId: 'p',
    spanName: 'n',
    endpoint: 'embeddings',
    outcome: 'success',
    provider: 'someprovider',
    model: 'e-1',
    durationMs: 30,
    usage: { promptTokens: 2, completionTokens: 0 },
    metadata: { _user: 'u-1', token: '[redacted]', tier: '2' },
    request: { text: '{"model":"e-1","input":"Hi","api_key":"[redacted]"}' },
  });
  expect(JSON.stringify(entry)).not.toContain('canary');
});

it.each<readonly [string, unknown, string]>([
  ['no object', 'log', 'A log is an object of "request", "response" and "metadata".'],
  ['a request that is none', { request: [] }, '"request" is an object.'],
  ['a status that is none', { response: { status: 'ok' } }, '"response.status" is a number, 0 or more.'],
])('refuses a log with %s', async (_, body, message) => {
  const portkey = simulator.client(simulator.target('openai'));
  const error = await errorOf(portkey.logs.create(body as never), InvalidRequestError);
  expect(error.message).toContain(message);
});

it('says of exports as jobs that they are hosted only', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  const error = await errorOf(portkey.logs.exports.create({}), InvalidRequestError);
  expect(error.message).toContain('portkey.logs.export()');
});

it('asks the gateway of a client that has one', async () => {
  await using server = await recordingServer(() => ({ json: { status: 'success', log_id: ['l1'] } }));
  const portkey = new Portkey({ baseURL: server.url, apiKey: 'pk' });
  await portkey.logs.create([{ request: { url: 'u' } }, { response: { status: 500 } }]);
  await portkey.logs.exports.create({ workspaceId: 'w', requestedData: ['id'], filters: { cost_min: 1 } });
  await portkey.logs.exports.list({ workspaceId: 'w' });
  await portkey.logs.exports.start({ exportId: 'e/1' });
  await portkey.logs.exports.download({ exportId: 'e1' });
  expect(server.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/v1/logs', { request: { url: 'u' } }],
    ['POST', '/v1/logs', { response: { status: 500 } }],
    ['POST', '/v1/logs/exports', { filters: { cost_min: 1 }, workspace_id: 'w', requested_data: ['id'] }],
    ['GET', '/v1/logs/exports?workspace_id=w', undefined],
    ['POST', '/v1/logs/exports/e%2F1/start', {}],
    ['GET', '/v1/logs/exports/e1/download', undefined],
  ]);
  await expect(portkey.logs.import('')).rejects.toThrow('where the gateway runs');
});
