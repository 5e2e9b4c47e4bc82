import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createServer, serve } from '../../src/server/index.ts';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();
const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] };

function ask(url: string, headers: Record<string, string> = {}) {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(chat),
  });
}

const hash = (key: string) => `sha256:${createHash('sha256').update(key).digest('hex')}`;

it.each([
  ['x-portkey-api-key', { 'x-portkey-api-key': 'key-number-one' }, 200],
  ['Authorization', { authorization: 'Bearer key-number-one' }, 200],
  ['x-api-key', { 'x-api-key': 'key-number-one' }, 200],
  ['api-key', { 'api-key': 'key-number-one' }, 200],
  ['a key that is kept as its hash', { 'x-portkey-api-key': 'key-number-two' }, 200],
  ['the admin key', { 'x-portkey-api-key': 'the-admin-key' }, 200],
  ['no key', {}, 401],
  ['another key', { 'x-portkey-api-key': 'key-number-three' }, 401],
  ['an empty key', { 'x-portkey-api-key': '', authorization: 'Bearer ' }, 401],
  ['the hash of a key', { 'x-portkey-api-key': hash('key-number-two') }, 401],
  ['a key with more behind it', { 'x-portkey-api-key': 'key-number-one2' }, 401],
  ['a key of another case', { 'x-portkey-api-key': 'KEY-NUMBER-ONE' }, 401],
  ['Basic credentials', { authorization: 'Basic key-number-one' }, 401],
])('%s', async (_what, headers, status) => {
  const { url } = await served({
    config: simulator.target('openai'),
    keys: ['key-number-one', hash('key-number-two')],
    adminKey: 'the-admin-key',
  });
  const response = await ask(url, headers);
  expect(response.status).toBe(status);
  if (status === 200) return;
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(await response.json()).toMatchObject({
    error: {
      type: 'authentication_error',
      code: 'invalid_api_key',
      trace_id: response.headers.get('x-portkey-trace-id'),
    },
  });
  expect(simulator.requests()).toEqual([]);
});

it('a key of the server never reaches a provider, whatever header it came in', async () => {
  const { url } = await served({ keys: ['key-number-one'], trust: { customHosts: 'any' }, virtualKeys: {} });
  const headers = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': simulator.baseUrl('openai'),
    'x-portkey-forward-headers': 'authorization,x-portkey-api-key,x-api-key,cookie,x-mine',
    'x-portkey-api-key': 'key-number-one',
    'x-api-key': 'key-number-one',
    cookie: 'session=key-number-one',
    'x-mine': 'handed on',
    authorization: 'Bearer the-providers-key',
  };
  expect((await ask(url, headers)).status).toBe(200);
  const [request] = simulator.requests('openai');
  expect(request?.headers).toMatchObject({ authorization: 'Bearer the-providers-key', 'x-mine': 'handed on' });
  expect(JSON.stringify(request)).not.toContain('key-number-one');
});

it('metrics need the admin key where there is one, else a key, else nothing', async () => {
  const status = async (options: object, key?: string) => {
    const { url } = await served(options);
    return (await fetch(`${url}/metrics`, { headers: key === undefined ? {} : { 'x-portkey-api-key': key } })).status;
  };
  expect(await status({ keys: ['client-key'], adminKey: 'the-admin-key' }, 'client-key')).toBe(403);
  expect(await status({ keys: ['client-key'], adminKey: 'the-admin-key' }, 'the-admin-key')).toBe(200);
  expect(await status({ keys: ['client-key'] }, 'client-key')).toBe(200);
  expect(await status({ keys: ['client-key'] })).toBe(401);
  expect(await status({})).toBe(200);
});

it('health and readiness need no key', async () => {
  const { url } = await served({ keys: ['client-key'], config: simulator.target('openai') });
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await fetch(`${url}/ready`)).status).toBe(200);
});

it.each(['0.0.0.0', '::', '10.1.2.3', 'example.com'])('refuses to listen on %s without keys', async (host) => {
  await expect(serve({ host, port: 0, environment: {} })).rejects.toMatchObject({
    name: 'ConfigError',
    issues: [{ path: 'options.host', message: expect.stringContaining('needs keys') }],
  });
});

it('listens beyond loopback with a key', async () => {
  const { url } = await served({ host: '0.0.0.0', keys: ['key-number-one'], config: simulator.target('openai') });
  const local = url.replace('0.0.0.0', '127.0.0.1');
  expect((await ask(local)).status).toBe(401);
  expect((await ask(local, { 'x-portkey-api-key': 'key-number-one' })).status).toBe(200);
});

it.each([
  [{ keys: ['has a space'] }, 'options.keys.0'],
  [{ keys: [''] }, 'options.keys.0'],
  [{ keys: ['sha256:short'] }, 'options.keys.0'],
  [{ adminKey: 'ключ' }, 'options.adminKey'],
  [{ limits: { bodyBytes: 0 } }, 'options.limits.bodyBytes'],
  [{ limits: { bodybytes: 1 } }, 'options.limits'],
  [{ trust: { virtualKeys: 'everybody' } }, 'options.trust.virtualKeys'],
  [{ cors: ['app.example.com'] }, 'options.cors.0'],
  [{ baseURL: 'https://api.portkey.ai/v1' }, 'options.baseURL'],
])('options %j are refused by name', (options, path) => {
  expect(() => createServer(options as object)).toThrow(
    expect.objectContaining({ issues: [expect.objectContaining({ path })] }),
  );
});
