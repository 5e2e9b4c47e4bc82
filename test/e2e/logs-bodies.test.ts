import { expect, it } from 'vitest';
import { APIError, type Portkey } from '../../src/index.ts';
import { errorOf, hello, helloStream, simulated, textOf } from '../support/simulated.ts';

const simulator = simulated();
const keeping = (more: object = {}) =>
  simulator.client(simulator.target('openai'), { logs: { bodies: true }, ...more });

async function lastBodies(portkey: Portkey) {
  const id = (await portkey.logs.list({ limit: 1 })).data[0]?.id ?? '';
  const entry = await portkey.logs.get(id);
  const parsed = (text: string | undefined) => (text === undefined ? undefined : JSON.parse(text));
  return { request: parsed(entry?.request?.text), response: parsed(entry?.response?.text), entry };
}

it('keeps no bodies unless asked to', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  await portkey.chat.completions.create(hello);
  expect(await lastBodies(portkey)).toMatchObject({ request: undefined, response: undefined });
});

it('keeps what was sent and answered as it was then, not as the caller changed it later', async () => {
  const portkey = keeping();
  const body = { ...hello, messages: [...hello.messages] };
  const reply = await portkey.chat.completions.create(body);
  const answer = reply.choices[0]?.message.content;
  body.messages.push({ role: 'user', content: 'And then?' });
  Object.assign(reply, { choices: [] });
  const { request, response } = await lastBodies(portkey);
  expect(request).toEqual(hello);
  expect(response.choices[0].message.content).toBe(answer);
});

it('keeps a stream as the whole answer it tells', async () => {
  const portkey = keeping();
  const text = await textOf(await portkey.chat.completions.create(helloStream));
  const { request, response } = await lastBodies(portkey);
  expect(request).toEqual(helloStream);
  expect(response).toMatchObject({ object: 'chat.completion', choices: [{ message: { content: text } }] });
});

it('keeps of a stream what came before its reader left', async () => {
  simulator.behave('openai', { tokensPerSecond: 100 });
  const portkey = keeping();
  let first = '';
  for await (const chunk of await portkey.chat.completions.create(helloStream)) {
    first += chunk.choices[0]?.delta.content ?? '';
    if (first !== '') break;
  }
  const { response, entry } = await lastBodies(portkey);
  expect(entry?.outcome).toBe('aborted');
  expect(response.choices[0].message.content.startsWith(first)).toBe(true);
  expect(response.choices[0].finish_reason).toBeNull();
});

it.each([
  ['responses', (portkey: Portkey) => portkey.responses.create({ model: 'gpt-4o', input: 'Hi', stream: true })],
  [
    'messages',
    (portkey: Portkey) =>
      portkey.messages.create({
        model: 'gpt-4o',
        max_tokens: 9,
        messages: [{ role: 'user', content: 'Hi' }],
        stream: true,
      }),
  ],
  ['completions', (portkey: Portkey) => portkey.completions.create({ model: 'gpt-4o', prompt: 'Hi', stream: true })],
] as const)('puts a stream of %s together', async (_, ask) => {
  const portkey = keeping();
  for await (const _chunk of (await ask(portkey)) as AsyncIterable<unknown>);
  const { response } = await lastBodies(portkey);
  expect(JSON.stringify(response)).toContain('simulated');
});

it('keeps the body of a call that failed, and its error', async () => {
  const portkey = keeping();
  simulator.behave('openai', { status: 500 });
  await errorOf(portkey.chat.completions.create(hello), APIError);
  const { request, response, entry } = await lastBodies(portkey);
  expect([request, response]).toEqual([hello, undefined]);
  expect(entry?.error?.kind).toBe('server');
});

it.each([
  ['client', { debug: false }, undefined],
  ['call', {}, { debug: false }],
] as const)('keeps no bodies where the %s says debug: false', async (_, options, params) => {
  const portkey = keeping(options);
  await portkey.chat.completions.create(hello, params);
  expect(await lastBodies(portkey)).toMatchObject({ request: undefined, response: undefined });
});

it('keeps them for a call with debug: true of a client with debug: false', async () => {
  const portkey = keeping({ debug: false });
  await portkey.chat.completions.create(hello, { debug: true });
  expect((await lastBodies(portkey)).request).toEqual(hello);
});

it('cuts a body where it says, and says that it did', async () => {
  const portkey = simulator.client(simulator.target('openai'), { logs: { bodies: true, maxBodyLength: 200 } });
  await portkey.chat.completions.create({ ...hello, messages: [{ role: 'user', content: 'word '.repeat(1000) }] });
  const { entry } = await lastBodies(portkey);
  expect(entry?.request?.isTruncated).toBe(true);
  expect(entry?.request?.text.length).toBeLessThan(400);
});

it('lets no secret into a record, wherever it stood', async () => {
  const canary = 'sk-canary-4f1d9abcdef0123456';
  const portkey = simulator.client(simulator.target('openai', { api_key: canary }), { logs: { bodies: true } });
  simulator.behave('openai', { keys: ['another'] });
  const call = portkey.chat.completions.create(
    {
      ...hello,
      messages: [{ role: 'user', content: `My key is ${canary}.` }],
      tools: [{ type: 'function', function: { name: 'f', parameters: { headers: { 'x-custom': 'canary-header' } } } }],
      metadata: { authorization: canary },
    },
    { metadata: { api_key: 'canary-meta', note: `uses ${canary}` } },
    { headers: { 'x-secret': 'canary-header-of-call' } },
  );
  await errorOf(call, APIError);
  const text = JSON.stringify((await lastBodies(portkey)).entry);
  expect(text).toContain('My key is [redacted].');
  expect(text).not.toContain('canary');
});
