import { expect, it } from 'vitest';
import { APIUserAbortError, createHeaders, InvalidRequestError } from '../../src/index.ts';
import type { CallArguments } from '../../src/resources/call-arguments.ts';
import { errorOf, hello, helloStream, simulated } from '../support/simulated.ts';

const simulator = simulated();

it.each([0, -1, Number.NaN])('refuses a timeout of %d before anybody is asked', async (timeout) => {
  const portkey = simulator.client(simulator.target('openai'));
  const error = await errorOf(portkey.chat.completions.create(hello, {}, { timeout }), InvalidRequestError);
  expect(error).toMatchObject({ param: 'timeout', message: expect.stringContaining(`not ${timeout}.`) });
  expect(simulator.called()).toEqual([]);
});

it.each<[string, unknown]>([
  ['an object', { 'X-Own': '1', 'x-none': null }],
  ['a web Headers', new Headers({ 'X-Own': '1' })],
  ['pairs', [['X-Own', '1']]],
])('takes headers as %s', async (_, headers) => {
  const portkey = simulator.client(simulator.target('openai', { forward_headers: ['x-own', 'x-none'] }));
  await portkey.chat.completions.create(hello, {}, { headers: headers as Record<string, string> });
  const [request] = simulator.requests('openai');
  expect([request?.headers['x-own'], request?.headers['x-none']]).toEqual(['1', undefined]);
});

it('takes the options of the openai package as the second argument, too', async () => {
  const portkey = simulator.client(simulator.target('openai', { forward_headers: ['x-own'] }));
  await portkey.chat.completions.create(hello, { traceID: 't', timeout: 5000, headers: { 'x-own': '1' } });
  expect(simulator.requests('openai')[0]?.headers['x-own']).toBe('1');
  const signal = AbortSignal.abort();
  await errorOf(portkey.chat.completions.create(hello, { signal }), APIUserAbortError);
  await errorOf(portkey.chat.completions.stream(helloStream, { signal }).done(), APIUserAbortError);
  await errorOf(portkey.chat.completions.create(hello, { timeout: 0 }), InvalidRequestError);
  expect(simulator.called()).toHaveLength(1);
});

it('says what to write in place of options that only the openai package has', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  const refusal = async (options: object) =>
    (await errorOf(portkey.chat.completions.create(hello, {}, options), InvalidRequestError)).message;
  expect(await refusal({ maxRetries: 2 })).toContain('"retry": { "attempts": n }');
  expect(await refusal({ idempotencyKey: 'i' })).toContain('forwardHeaders: ["idempotency-key"]');
  expect(await refusal({ timout: 1 })).toContain('Did you mean "timeout"?');
  const headers = { 'idempotency-key': 'i' };
  await portkey.chat.completions.create(hello, { forwardHeaders: ['idempotency-key'] }, { headers });
  expect(simulator.requests('openai')[0]?.headers['idempotency-key']).toBe('i');
});

it('takes x-portkey-* headers of a call as options, which the options beat', async () => {
  const portkey = simulator.client(simulator.target('openai'), { traceID: 'of-the-client' });
  const traceOf = async (...args: CallArguments) =>
    (await portkey.chat.completions.create(hello, ...args)).getHeaders()['trace-id'];
  const headers = createHeaders({ traceID: 'of-the-header', metadata: { plan: 'paid' } });
  expect(await traceOf({ headers })).toBe('of-the-header');
  expect(await traceOf({}, { headers: { 'X-Portkey-Trace-Id': 'of-the-header' } })).toBe('of-the-header');
  expect(await traceOf({ traceId: 'of-the-call', headers })).toBe('of-the-call');
  expect(simulator.requests('openai')[0]?.headers).not.toHaveProperty('x-portkey-trace-id');
  const logged = (await portkey.logs.list({ traceId: 'of-the-header' })).data.at(-1);
  expect(logged).toMatchObject({ metadata: { plan: 'paid' } });
  const misspelt = { 'x-portkey-trace-idd': 't' };
  await expect(portkey.chat.completions.create(hello, { headers: misspelt })).rejects.toThrow('"x-portkey-trace-id"');
});

it('takes what is given twice as it is given last', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  const reply = await portkey.chat.completions.create(hello, { signal: AbortSignal.abort() }, { signal: null });
  expect(reply.choices).toHaveLength(1);
});

it('refuses a call without messages, typed', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  for (const body of [null, {}, { model: 'm', messages: 'Hi' }]) {
    const error = await errorOf(portkey.chat.completions.create(body as never), InvalidRequestError);
    expect(error).toMatchObject({ status: 400, param: 'messages' });
  }
});
