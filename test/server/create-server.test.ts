import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createServer } from '../../src/server/index.ts';
import { manualClock } from '../support/manual-clock.ts';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();
const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] };
const server = (more: object = {}) => createServer({ environment: {}, config: simulator.target('openai'), ...more });

function request(body: object, init: RequestInit = {}, path = '/v1/chat/completions') {
  const headers = { 'content-type': 'application/json' };
  return new Request(`https://gateway.example.com${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    ...init,
  });
}

it('answers a web request with a web response, called itself or as { fetch }', async () => {
  const gateway = server();
  simulator.behave('openai', { text: 'Hello there' });
  for (const response of [await gateway(request(chat)), await gateway.fetch(request(chat))]) {
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect((await response.json()).choices[0].message.content).toBe('Hello there');
  }
  expect(gateway.inFlight).toBe(0);
});

it('streams, and counts the stream until it was read or cancelled', async () => {
  const gateway = server();
  simulator.script('openai', [{ text: 'Hello there' }, { text: 'one two three four', stallAfterChunks: 2 }]);
  const read = await gateway(request({ ...chat, stream: true }));
  expect([read.headers.get('content-type'), gateway.inFlight]).toEqual(['text/event-stream; charset=utf-8', 1]);
  expect(await read.text()).toMatch(/^data: \{.*\n\ndata: \[DONE\]\n\n$/s);
  expect(gateway.inFlight).toBe(0);
  const left = await gateway(request({ ...chat, stream: true }));
  await left.body?.cancel();
  expect(gateway.inFlight).toBe(0);
  await expect.poll(() => simulator.requests('openai')[1]?.aborted).toBe(true);
});

it('the signal of the request ends what it asked for', async () => {
  const gateway = server();
  simulator.script('openai', [{ silent: true }]);
  const controller = new AbortController();
  const answer = gateway(request(chat, { signal: controller.signal }));
  await expect.poll(() => simulator.requests('openai')).toHaveLength(1);
  controller.abort();
  expect((await answer).status).toBe(499);
  await expect.poll(() => simulator.requests('openai')[0]?.aborted).toBe(true);
});

it('takes a form with files', async () => {
  const form = new FormData();
  form.set('model', 'w');
  form.set('file', new File([new Uint8Array(3)], 'a.wav'));
  const sent = new Request('https://gateway.example.com/v1/audio/transcriptions', { method: 'POST', body: form });
  expect((await server()(sent)).status).toBe(200);
});

it('never rejects: what goes wrong is a response', async () => {
  const broken = await server({ config: undefined })(request(chat));
  expect(broken.status).toBe(400);
  const unreadable = request(chat);
  await unreadable.text();
  const faulty = await server()(unreadable);
  expect(faulty.status).toBe(500);
  expect(await faulty.json()).toMatchObject({ error: { message: 'Unexpected failure.' } });
});

it('looks at the Host only where names are listed', async () => {
  expect((await server()(request(chat))).status).toBe(200);
  expect((await server({ hosts: ['gateway.example.com'] })(request(chat))).status).toBe(200);
  expect((await server({ hosts: ['other.example.com'] })(request(chat))).status).toBe(403);
});

it('tells events, and state of targets', async () => {
  const gateway = server();
  const ended: string[] = [];
  const listener = ({ endpoint }: { readonly endpoint: string }) => void ended.push(endpoint);
  gateway.on('request-end', listener);
  await (await gateway(request(chat))).text();
  gateway.off('request-end', listener);
  await (await gateway(request(chat))).text();
  expect(ended).toEqual(['chat/completions']);
  expect(gateway.state()).toMatchObject([{ provider: 'openai', inFlight: 0, health: 'ready' }]);
});

it('as shipped, nothing that it loads at once asks for Node', () => {
  const dist = join(import.meta.dirname, '../../dist');
  const seen = new Set<string>();
  const load = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = readFileSync(join(dist, file), 'utf8');
    for (const [, specifier = ''] of code.matchAll(/^(?:import|export)[^'"]*['"]([^'"]+)['"]/gm)) {
      if (specifier.startsWith('./')) load(specifier.slice(2));
      else expect(specifier).not.toMatch(/^node:|^@hono\/node-server/);
    }
    for (const [, specifier = ''] of code.matchAll(/^\} from ['"]([^'"]+)['"]/gm)) {
      if (specifier.startsWith('./')) load(specifier.slice(2));
      else expect(specifier).not.toMatch(/^node:|^@hono\/node-server/);
    }
  };
  load('server.js');
  expect(seen.size).toBeGreaterThan(2);
});

it('asks its targets beside requests how they are, until it is closed', async () => {
  const clock = manualClock();
  const config = { ...simulator.target('openai'), health_check: { interval: 10 } };
  const gateways = [server({ config, clock, random: () => 0 }), await served({ config, clock, random: () => 0 })];
  clock.advance(0);
  await expect.poll(() => simulator.requests('openai')).toHaveLength(2);
  for (const gateway of gateways) await gateway.close();
  clock.advance(100_000);
  expect(clock.pending).toBe(0);
  expect(simulator.requests('openai').map(({ path }) => path)).toEqual(['/v1/models', '/v1/models']);
});

it.each([
  ['a scheme', 'http://127.0.0.1:8001'],
  ['a path', 'models.example.com/v1'],
  ['a star', '*.example.com'],
  ['nothing', ''],
])('refuses %s in hosts, which nothing could be equal to', (_what, host) => {
  expect(() => server({ trust: { customHosts: [host] } })).toThrow(
    /options\.trust\.customHosts\.0: must be a host such as/,
  );
  expect(() => server({ hosts: [host] })).toThrow(/options\.hosts\.0: must be a name such as/);
});

it('takes hosts by name and by address, those to send to with a port', () => {
  const names = ['gateway.example.com', 'localhost', '10.0.0.5', '[::1]', '::1'];
  server({ hosts: names, trust: { customHosts: [...names, 'models.example.com:8000', '[::1]:8000'] } });
  expect(() => server({ hosts: ['gateway.example.com:8787'] })).toThrow(/without scheme, port, path and stars/);
});
