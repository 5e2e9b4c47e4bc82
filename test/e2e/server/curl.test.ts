import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { served } from '../../support/served.ts';
import { simulated } from '../../support/simulated.ts';

const simulator = simulated();

function curl(...args: readonly string[]) {
  const child = spawn('curl', ['-sSN', '--max-time', '20', ...args]);
  const seen = { out: '', err: '' };
  child.stdout.on('data', (bytes) => {
    seen.out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    seen.err += bytes;
  });
  return { child, seen, done: once(child, 'close').then(() => seen) };
}

function post(url: string, body: object, ...more: readonly string[]) {
  return curl(url, '-H', 'content-type: application/json', '-d', JSON.stringify(body), ...more);
}

const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] };

it('chats, headers shown', async () => {
  const { url } = await served({ config: simulator.target('openai') });
  simulator.script('openai', [{ text: 'Hello there' }]);
  const { out, err } = await post(`${url}/v1/chat/completions`, chat, '-i').done;
  expect(err).toBe('');
  const [head = '', body = ''] = out.split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(head).toMatch(/content-length: \d+/i);
  expect(JSON.parse(body).choices[0].message.content).toBe('Hello there');
});

it('streams server-sent events to the end marker', async () => {
  const { url } = await served({ config: simulator.target('openai') });
  simulator.script('openai', [{ text: 'Hello there' }]);
  const { out } = await post(`${url}/chat/completions`, { ...chat, stream: true }).done;
  const events = out.split('\n\n');
  expect(events.slice(0, -2).every((event) => event.startsWith('data: {"'))).toBe(true);
  expect(events.slice(-2)).toEqual(['data: [DONE]', '']);
});

it('gets each event when it comes, not when the stream ends', async () => {
  const { url } = await served({ config: simulator.target('openai') });
  simulator.script('openai', [{ text: 'one two three four five', stallAfterChunks: 3 }]);
  const { child, seen, done } = post(`${url}/v1/chat/completions`, { ...chat, stream: true });
  await expect.poll(() => seen.out).toContain('one');
  child.kill();
  await done;
  await expect.poll(() => simulator.requests('openai')[0]?.aborted).toBe(true);
});

it('names the events of the responses and messages APIs, which end without a marker', async () => {
  const { url } = await served({ config: simulator.target('openai') });
  simulator.behave('openai', { text: 'Hi' });
  const responses = await post(`${url}/v1/responses`, { model: 'm', input: 'Hi', stream: true }).done;
  expect(responses.out).toMatch(/^event: response\.created\ndata: \{"type":"response\.created"/);
  expect(responses.out).not.toContain('[DONE]');
  const messages = await post(`${url}/v1/messages`, { ...chat, max_tokens: 9, stream: true }).done;
  expect(messages.out).toMatch(/^event: message_start\ndata: \{"type":"message_start"/);
  expect(messages.out).toMatch(/event: message_stop\ndata: \{"type":"message_stop"\}\n\n$/);
});

it('uploads a file and downloads what is in it', async () => {
  const { url } = await served({ config: simulator.target('openai') });
  const { out } = await curl(
    `${url}/v1/audio/transcriptions`,
    '-F',
    'model=w',
    '-F',
    'file=@package.json;type=audio/wav',
  ).done;
  expect(JSON.parse(out)).toHaveProperty('text');
});

it.each([
  ['Azure', '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'],
  ['an engine', '/v1/engines/gpt-4o/chat/completions'],
])('takes the model from the address of %s', async (_whose, path) => {
  const { url } = await served({ config: simulator.target('openai') });
  await post(`${url}${path}`, { messages: chat.messages }).done;
  expect(simulator.bodies('openai')).toEqual([chat]);
});

it('sends any other path below /v1 to the provider, method and query included', async () => {
  const { url } = await served({ config: simulator.target('openai') });
  await curl(`${url}/v1/fine_tuning/jobs?limit=2`).done;
  expect(simulator.requests('openai').map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v1/fine_tuning/jobs?limit=2',
  ]);
});
