import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Config, GuardrailError, type PortkeyOptions } from '../../src/index.ts';
import { manualClock } from '../support/manual-clock.ts';
import { errorOf, hello, helloStream, simulated, textOf } from '../support/simulated.ts';

const { client, target, behave, bodies, called } = simulated();

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

let server: Server;
let received: Received[] = [];
let answer: (response: ServerResponse, request: Received) => void = () => undefined;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    const { method, url, headers } = request;
    const kept = { method, url, headers, body: JSON.parse(text || '{}') };
    received.push(kept);
    answer(response, kept);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  received = [];
});
afterAll(() => server.close());

const webhookURL = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/judge?secret=s3cret`;
const says = (value: unknown, status = 200) => {
  answer = (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};
const webhook = (more: object = {}) => ({ 'default.webhook': { webhookURL: webhookURL(), ...more } });
const guarded = (node: Config, options: PortkeyOptions = {}) => client({ ...target('openai'), ...node }, options);

it('a webhook is sent what Portkey sends, and its verdict counts', async () => {
  says({ verdict: true, data: { score: 0.9 } });
  behave('openai', { text: 'Hi.' });
  const hook = webhook({ headers: '{"Authorization":"Bearer key-1"}' });
  const portkey = guarded({ input_guardrails: [hook], output_guardrails: [hook] });
  const reply = await portkey.chat.completions.create(hello, { metadata: { team: 'a' } });
  expect(
    received.map(({ method, url, headers }) => [method, url, headers.authorization, headers['content-type']]),
  ).toEqual([
    ['POST', '/judge?secret=s3cret', 'Bearer key-1', 'application/json'],
    ['POST', '/judge?secret=s3cret', 'Bearer key-1', 'application/json'],
  ]);
  expect(received[0]?.body).toEqual({
    request: { json: hello, text: 'Hello', isStreamingRequest: false },
    response: { json: {}, text: '', statusCode: null },
    requestType: 'chatComplete',
    metadata: { team: 'a' },
    eventType: 'beforeRequestHook',
  });
  expect(received[1]?.body).toMatchObject({
    request: { json: hello, text: '' },
    response: { json: { object: 'chat.completion' }, text: 'Hi.', statusCode: 200 },
    eventType: 'afterRequestHook',
  });
  expect(reply.hook_results?.before_request_hooks[0]?.checks[0]?.data).toEqual({ score: 0.9 });
});

it('a webhook refuses, before sending and after', async () => {
  answer = (response, { body }) => response.end(JSON.stringify({ verdict: body.eventType === 'beforeRequestHook' }));
  const portkey = guarded({
    input_guardrails: [{ ...webhook(), deny: true }],
    output_guardrails: [{ ...webhook(), deny: true }],
  });
  expect((await errorOf(portkey.chat.completions.create(hello), GuardrailError)).stage).toBe('output');
  says({ verdict: false });
  expect((await errorOf(portkey.chat.completions.create(hello), GuardrailError)).stage).toBe('input');
  expect(called()).toEqual(['openai']);
});

it('a webhook changes what is sent, and the texts of what comes back, streams included', async () => {
  behave('openai', { text: 'Hi.' });
  answer = (response, { body }) => {
    const { request, response: reply } = body as { request: { json: object }; response: { json: object } };
    const changed = JSON.parse(JSON.stringify(reply.json).replace('Hi.', 'Bye.'));
    response.end(
      JSON.stringify({
        verdict: true,
        transformedData: { request: { json: { ...request.json, user: 'u-1' } }, response: { json: changed } },
      }),
    );
  };
  const portkey = guarded({ input_mutators: [webhook()], output_mutators: [webhook()] });
  expect((await portkey.chat.completions.create(hello)).choices[0]?.message.content).toBe('Bye.');
  expect(await textOf(await portkey.chat.completions.create(helloStream))).toBe('Bye.');
  expect(bodies().map(({ user }) => user)).toEqual(['u-1', 'u-1']);
});

it.each<[string, () => void, string]>([
  ['answers with an error', () => says({ verdict: true }, 500), 'The server answered with status 500.'],
  ['answers without a verdict', () => says({ data: 1 }), 'The server did not answer with { "verdict": true | false }.'],
  [
    'answers with no JSON',
    () => {
      answer = (response) => response.end('<html>');
    },
    'The server did not answer with { "verdict": true | false }.',
  ],
  [
    'sends its asker elsewhere',
    () => {
      answer = (response) => response.writeHead(307, { location: '/elsewhere' }).end();
    },
    'The server answered with status 307.',
  ],
  [
    'hangs up',
    () => {
      answer = (response) => response.destroy();
    },
    'no response came',
  ],
])('a server that %s gives no verdict', async (_, behaves, message) => {
  behaves();
  const portkey = guarded({ input_guardrails: [{ ...webhook(), deny: true }] });
  const error = await errorOf(portkey.chat.completions.create(hello), GuardrailError);
  const told = error.hook_results.before_request_hooks[0]?.checks[0]?.error?.message;
  expect(told).toContain(message);
  expect([
    JSON.stringify(error.hook_results).includes('s3cret'),
    error.message.includes('s3cret'),
    received.length,
  ]).toEqual([false, false, 1]);
});

it('a server that says nothing has 3 seconds, or its own time', async () => {
  const hanging: ServerResponse[] = [];
  answer = (response) => hanging.push(response);
  for (const [timeoutMs, parameters] of [
    [3000, {}],
    [40, { timeout: 40 }],
  ] as const) {
    const clock = manualClock();
    const arrived = hanging.length + 1;
    const portkey = guarded({ input_guardrails: [{ ...webhook(parameters), deny: true }] }, { clock });
    const asked = errorOf(portkey.chat.completions.create(hello), GuardrailError);
    while (hanging.length < arrived) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(timeoutMs - 1);
    expect(clock.pending).toBe(1);
    clock.advance(1);
    expect((await asked).hook_results.before_request_hooks[0]?.checks[0]?.error?.name).toBe('TimeoutError');
  }
  for (const response of hanging) response.destroy();
});

it('a log is told and always passes, unless it cannot be reached', async () => {
  says({ whatever: true });
  const log = { 'default.log': { logURL: webhookURL() } };
  const portkey = guarded({ input_guardrails: [{ ...log, deny: true }] });
  await portkey.chat.completions.create(hello);
  expect(received[0]?.body).toMatchObject({ request: { text: 'Hello' } });
  says({}, 503);
  await errorOf(portkey.chat.completions.create(hello), GuardrailError);
  await guarded({ input_guardrails: [{ ...log, async: true }] }).chat.completions.create(hello);
});
