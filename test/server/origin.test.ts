import { request } from 'node:http';
import { expect, it } from 'vitest';
import type { ListenOptions, ServerOptions } from '../../src/server/index.ts';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();

/** A request with headers that `fetch` would not let a program choose. */
async function send(options: ServerOptions & ListenOptions, headers: Record<string, string>, method = 'POST') {
  const { url } = await served({ config: simulator.target('openai'), ...options });
  const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] });
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const sent = request(`${url}/v1/chat/completions`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
      });
      sent.on('error', reject);
      sent.on('response', async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode, headers: response.headers, text });
      });
      sent.end(method === 'POST' ? body : undefined);
    },
  );
}

const local = { host: '127.0.0.1:8787' };

it.each([
  ['127.0.0.1:8787', 200],
  ['localhost', 200],
  ['LOCALHOST:1', 200],
  ['[::1]:8787', 200],
  ['evil.example.com', 403],
  ['127.0.0.1.evil.example.com:8787', 403],
  ['localhost.evil.example.com', 403],
])('on loopback the Host %s is answered with %i', async (host, status) => {
  const response = await send({}, { host });
  expect(response.status).toBe(status);
  if (status === 403) expect(JSON.parse(response.text).error.code).toBe('misdirected');
  expect(simulator.requests()).toHaveLength(status === 200 ? 1 : 0);
});

it('other names are known once they are listed', async () => {
  expect((await send({ hosts: ['gateway.internal'] }, { host: 'gateway.internal:8787' })).status).toBe(200);
  expect((await send({ hosts: ['gateway.internal'] }, { host: 'localhost' })).status).toBe(403);
});

it.each([
  ['a page of another origin', { origin: 'https://evil.example.com' }],
  ['a page without an origin', { origin: 'null' }],
  ['a page that asks as an image does', { 'sec-fetch-site': 'cross-site' }],
  ['a page of another port', { origin: 'http://127.0.0.1:3000' }],
])('%s is turned away before anything is asked', async (_who, headers) => {
  const response = await send({}, { ...local, ...headers });
  expect(response.status).toBe(403);
  expect(response.headers['access-control-allow-origin']).toBeUndefined();
  expect(simulator.requests()).toEqual([]);
});

it('a page of the server itself is not foreign', async () => {
  expect((await send({}, { ...local, origin: 'http://127.0.0.1:8787', 'sec-fetch-site': 'same-origin' })).status).toBe(
    200,
  );
});

it('a listed page may call, and learns of our headers; others may not', async () => {
  const options = { cors: ['https://app.example.com'] };
  const response = await send(options, { ...local, origin: 'https://app.example.com' });
  expect(response).toMatchObject({
    status: 200,
    headers: {
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-expose-headers': '*',
      vary: 'origin',
    },
  });
  expect((await send(options, { ...local, origin: 'https://app.example.com.evil.com' })).status).toBe(403);
});

it('preflights of listed pages are answered, without a key', async () => {
  const asked = {
    ...local,
    origin: 'https://app.example.com',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-portkey-config',
  };
  const response = await send({ cors: true, keys: ['key-number-one'] }, asked, 'OPTIONS');
  expect(response).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'content-type,x-portkey-config',
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    },
    text: '',
  });
  expect(response.headers['content-length']).toBeUndefined();
  expect((await send({}, asked, 'OPTIONS')).status).toBe(403);
});

it('the provider’s own rules for pages are not handed on', async () => {
  simulator.script('openai', [{ headers: { 'access-control-allow-origin': '*', 'set-cookie': 'a=b', 'x-mine': '1' } }]);
  const { headers } = await send({}, local);
  expect(headers).toMatchObject({ 'x-mine': '1' });
  expect(Object.keys(headers)).not.toContain('access-control-allow-origin');
  expect(Object.keys(headers)).not.toContain('set-cookie');
});
