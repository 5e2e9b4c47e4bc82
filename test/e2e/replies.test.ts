import { expect, it } from 'vitest';
import { fallback, hello, helloStream, inShort, simulated, textOf } from '../support/simulated.ts';

const simulator = simulated();

it('answers with plain data that can be cloned, spread and written, and knows its headers', async () => {
  simulator.behave('openai', { text: 'Hi.' });
  const reply = await simulator.client(simulator.target('openai')).chat.completions.create(hello, { traceID: 't' });
  const clone = structuredClone(reply);
  expect(clone.choices[0]?.message.content).toBe('Hi.');
  expect(JSON.parse(JSON.stringify(reply))).toEqual(clone);
  expect(Object.keys({ ...reply })).not.toContain('getHeaders');
  expect(reply.getHeaders()).toEqual({
    'last-used-option-index': 'config',
    'retry-attempt-count': '0',
    'cache-status': 'DISABLED',
    provider: 'openai',
    'trace-id': 't',
  });
  expect(reply.getHeaders()).not.toBe(reply.getHeaders());
});

it('tells with withResponse() what the provider sent and how the call went', async () => {
  simulator.behave('a', { status: 500 });
  simulator.behave('openai', { headers: { 'x-request-id': 'req-7', 'x-ratelimit-remaining-requests': '9' } });
  const config = fallback([simulator.target('a', { provider: 'openai' }), simulator.target('openai')]);
  const { data, response, request_id, trace_id, attempts } = await simulator
    .client(config)
    .chat.completions.create(hello)
    .withResponse();
  expect([response.status, request_id, response.headers.get('x-ratelimit-remaining-requests')]).toEqual([
    200,
    'req-7',
    '9',
  ]);
  expect(response.headers.get('x-portkey-trace-id')).toBe(trace_id);
  expect(response.headers.get('x-portkey-last-used-option-index')).toBe('config.targets[1]');
  expect(await response.json()).toEqual(structuredClone(data));
  expect(inShort(attempts)).toEqual(['targets[0] openai failure 500 server', 'targets[1] openai success 200']);
});

it('gives with asResponse() a web response in OpenAI’s format, whoever answered', async () => {
  simulator.behave('anthropic', { text: 'Hi.' });
  const completions = simulator.client(simulator.target('anthropic')).chat.completions;
  const whole = await completions.create({ ...hello, max_tokens: 9 }).asResponse();
  expect(await whole.json()).toMatchObject({ object: 'chat.completion', choices: [{ message: { content: 'Hi.' } }] });
  const streamed = await completions.create({ ...helloStream, max_tokens: 9 }).asResponse();
  expect(streamed.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const lines = (await streamed.text()).split('\n\n').filter((line) => line !== '');
  expect(lines.at(-1)).toBe('data: [DONE]');
  expect(lines.every((line) => line.startsWith('data: '))).toBe(true);
  expect(lines.join('')).toContain('"content":"Hi."');
});

it('takes a trace ID and metadata of any script', async () => {
  const traceID = 'spür-東京';
  const reply = await simulator
    .client(simulator.target('openai'))
    .chat.completions.create(hello, { traceID, metadata: { _user: 'Zoë 🙂' } });
  expect(reply.getHeaders()['trace-id']).toBe(traceID);
});

it('gives each branch of a tee, and a readable stream, everything', async () => {
  simulator.behave('openai', { text: 'One two three.' });
  const { completions } = simulator.client(simulator.target('openai')).chat;
  const [left, right] = (await completions.create(helloStream)).tee();
  expect(await Promise.all([textOf(left), textOf(right)])).toEqual(['One two three.', 'One two three.']);
  expect(left.getHeaders()['last-used-option-index']).toBe('config');
  const text = await new Response((await completions.create(helloStream)).toReadableStream()).text();
  const chunks = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('One two three.');
});

it('lists the targets of the config as models', async () => {
  const config = {
    strategy: { mode: 'loadbalance' as const },
    override_params: { model: 'gpt-4o' },
    targets: [
      simulator.target('openai', { weight: 2 }),
      simulator.target('anthropic', { override_params: { model: 'claude' } }),
      fallback([{ virtual_key: 'azure-prod', name: 'backup' }]),
    ],
  };
  const portkey = simulator.client(config);
  const list = await portkey.models.list();
  expect(list.data.map(({ id, owned_by }) => [id, owned_by])).toEqual([
    ['gpt-4o', 'openai'],
    ['claude', 'anthropic'],
    ['gpt-4o', '@azure-prod'],
  ]);
  expect(list.object).toBe('list');
  const listed = [];
  for await (const model of list) listed.push(model);
  expect(listed).toEqual(list.data);
  const other = await portkey.models.list({ config: { provider: 'groq', name: 'fast' } });
  expect(other.data.map(({ id, owned_by }) => [id, owned_by])).toEqual([['fast', 'groq']]);
});

it('counts the tokens of a stream into its end', async () => {
  simulator.behave('openai', { usage: { inputTokens: 11, outputTokens: 7, cachedTokens: 3 } });
  const usages: unknown[] = [];
  const portkey = simulator
    .client(simulator.target('openai'))
    .on('request-end', ({ outcome }) => usages.push(outcome.usage));
  await portkey.chat.completions.create(hello);
  await textOf(await portkey.chat.completions.create({ ...helloStream, stream_options: { include_usage: true } }));
  const expected = { promptTokens: 11, completionTokens: 7, cachedTokens: 3 };
  expect(usages).toMatchObject([expected, expected]);
});
