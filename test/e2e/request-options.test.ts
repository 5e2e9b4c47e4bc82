import { expect, it } from 'vitest';
import { APIUserAbortError, InvalidRequestError } from '../../src/index.ts';
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
