import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { bearer, chatBody, dataOf, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { 'azure-openai': { text: 'Yes.' } } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const key = { 'api-key': 'azure-key' };
const body = { messages: chatBody.messages };
const path = '/deployments/d1/chat/completions?api-version=2024-10-21';
const post = (at: string, sent: unknown, headers: Record<string, string> = key) =>
  send(`${simulator.baseUrl('azure-openai')}${at}`, { headers, body: sent });

const safe = { filtered: false, severity: 'safe' };
const verdict = { hate: safe, self_harm: safe, sexual: safe, violence: safe };
const promptVerdict = [{ prompt_index: 0, content_filter_results: verdict }];

it('answers for a deployment, with the verdicts of the content filter', async () => {
  const { headers, text } = await post(path, body);
  expect(headers).toMatchObject({ 'x-ms-region': 'Simulated', 'apim-request-id': headers['x-request-id'] });
  expect(JSON.parse(text)).toMatchObject({
    model: 'd1',
    choices: [{ message: { content: 'Yes.' }, finish_reason: 'stop', content_filter_results: verdict }],
    prompt_filter_results: promptVerdict,
  });
});

it('begins a stream with a chunk that has no choices', async () => {
  const events = dataOf((await post(path, { ...body, stream: true })).text);
  expect(events).toMatchObject([
    { id: '', model: '', choices: [], prompt_filter_results: promptVerdict },
    { choices: [{ delta: { role: 'assistant' }, content_filter_results: verdict }] },
    { choices: [{ delta: { content: 'Yes.' }, content_filter_results: verdict }] },
    { choices: [{ finish_reason: 'stop', content_filter_results: verdict }] },
    '[DONE]',
  ]);
});

it('marks a reply that the filter stopped', async () => {
  simulator.script('azure-openai', [{ contentFilter: true }]);
  expect(JSON.parse((await post(path, body)).text).choices[0]).toMatchObject({
    finish_reason: 'content_filter',
    content_filter_results: { violence: { filtered: true, severity: 'high' } },
  });
});

it('takes a token in place of the key, and the path without deployment', async () => {
  expect((await post(path, body, bearer)).status).toBe(200);
  const { status, text } = await post('/v1/chat/completions', { ...body, model: 'd2' });
  expect([status, JSON.parse(text).model]).toEqual([200, 'd2']);
  expect((await post('/v1/chat/completions', body)).status).toBe(400);
});

it.each([
  ['no api-version', '/deployments/d1/chat/completions', body, 404, { code: '404', message: 'Resource not found' }],
  ['no messages', path, {}, 400, { type: 'invalid_request_error', code: 'missing_required_parameter' }],
])('%s at %s', async (...[, at, sent, status, error]) => {
  const received = await post(at, sent);
  expect(received.status).toBe(status);
  expect(JSON.parse(received.text).error).toMatchObject(error);
});

it.each([
  [{ error: 'auth' }, 401, { code: '401', message: expect.stringContaining('invalid subscription key') }],
  [
    { error: 'rate_limit', retryAfter: 7 },
    429,
    { code: '429', message: expect.stringContaining('Please retry after 7 seconds.') },
  ],
  [{ error: 'context_window' }, 400, { code: 'context_length_exceeded' }],
  [
    { error: 'content_policy' },
    400,
    { code: 'content_filter', param: 'prompt', status: 400, innererror: { code: 'ResponsibleAIPolicyViolation' } },
  ],
  [{ status: 404 }, 404, { code: 'DeploymentNotFound' }],
  [{ status: 500 }, 500, { type: 'server_error' }],
] as const)('%j is a %i in Azure words', async (reply, status, error) => {
  simulator.script('azure-openai', [reply]);
  const received = await post(path, body);
  expect(received.status).toBe(status);
  expect(JSON.parse(received.text).error).toMatchObject(error);
});
