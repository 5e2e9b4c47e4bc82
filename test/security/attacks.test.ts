import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { memoryJobs } from '../../src/index.ts';
import type { ListenOptions, ServerOptions } from '../../src/server/index.ts';
import { finished } from '../cli/cli.ts';
import { heldProvider } from '../support/held-provider.ts';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();
const admin = 'sk-admin-of-the-attacked';
const hello = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] };

interface Answer {
  readonly key: string;
  readonly url: string;
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Headers, and the method where the body does not say. */
type More = Readonly<Record<string, string>>;

async function attacked(more: ServerOptions & ListenOptions = {}) {
  const { url } = await served({
    config: simulator.target('openai'),
    adminKey: admin,
    keys: ['a-clients-key'],
    ...more,
  });
  const send = async (path: string, key: string, body?: unknown, more: More = {}) => {
    const { method, ...headers } = more;
    const response = await fetch(`${url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
        'content-type': 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Answer };
  };
  const keyFor = async (wish: object) => (await send('/key/generate', admin, wish)).body.key;
  return { url, send, keyFor };
}

describe('a limited key', () => {
  const routes = {
    name: 'dear',
    type: 'chat',
    models: [{ name: 'gpt-4o', provider: 'openai', suffix: '/chat/completions' }],
  };
  const bound = {
    'models of its own': { models: ['gpt-4o'] },
    'a config of its own': {
      config: {
        model_list: [
          {
            model_name: 'gpt-4o',
            litellm_params: { model: 'gpt-4o', api_key: 'sk-x', api_base: 'http://127.0.0.1:9' },
          },
        ],
      },
    },
  };

  it.each(
    Object.entries(bound).flatMap(([what, wish]) =>
      [
        'x-portkey-config',
        'x-portkey-provider',
        'x-portkey-virtual-key',
        'x-portkey-custom-host',
        'x-portkey-mode',
        'x-portkey-retry-count',
        'x-portkey-azure-resource-name',
        'x-javelin-route',
      ].map((header) => [what, header, wish] as const),
    ),
  )('with %s may not choose a route by %s', async (_what, header, wish) => {
    const { send, keyFor } = await attacked({ routes, environment: { OPENAI_API_KEY: 'sk-x' } });
    const key = await keyFor(wish);
    const { status, body } = await send('/v1/chat/completions', key, hello, {
      [header]: header === 'x-javelin-route' ? 'dear' : 'openai',
    });
    expect([status, body.error?.code]).toEqual([403, 'key_model_access_denied']);
    expect(simulator.requests()).toEqual([]);
  });

  it.each(Object.entries(bound))(
    'with %s may not ask a route by its address, nor queue or name one in a body',
    async (_what, wish) => {
      const { send, keyFor } = await attacked({ routes, environment: { OPENAI_API_KEY: 'sk-x' } });
      const key = await keyFor(wish);
      expect((await send('/v1/query/dear', key, hello)).status).toBe(403);
      expect((await send('/queue/request', key, hello, { 'x-portkey-provider': 'openai' })).status).toBe(403);
      expect((await send('/v1/chatComplete', key, { config: { provider: 'openai' }, params: hello })).status).toBe(403);
      expect(simulator.requests()).toEqual([]);
    },
  );

  it.each([
    ['deleted', (send: Send, key: string) => send('/key/delete', admin, { keys: [key] })],
    ['blocked', (send: Send, key: string) => send('/key/block', admin, { key })],
    ['expired', (send: Send, key: string) => send('/key/update', admin, { key, duration: '1s' })],
  ])('whose key is %s while it waits makes no call: a job', async (what, kill) => {
    const provider = await heldProvider();
    const config = { provider: 'openai', api_key: 'k', custom_host: provider.url };
    const { send, keyFor } = await attacked({ config, jobs: memoryJobs({ concurrency: 1 }) });
    const key = await keyFor({});
    const other = await keyFor({});
    await send('/queue/request', other, hello);
    await expect.poll(provider.calls).toBe(1);
    const job = await send('/queue/request', key, hello);
    await kill(send, key);
    if (what === 'expired') await expect.poll(async () => (await send('/key/info', key)).status).toBe(401);
    provider.release();
    const last = await keyFor({});
    const after = await send('/queue/request', last, hello);
    await expect.poll(async () => (await send(after.body.url, last)).body.status).toBe('finished');
    expect([job.status, provider.calls()]).toEqual([200, 2]);
  });
});

type Send = (path: string, key: string, body?: unknown) => Promise<unknown>;

describe('nobody but the admin', () => {
  const calls: readonly (readonly [string, string, object?])[] = [
    ['POST', '/key/generate', {}],
    ['POST', '/key/update', { key: 'x', max_budget: 1000 }],
    ['POST', '/key/block', { key: 'x' }],
    ['POST', '/key/unblock', { key: 'x' }],
    ['POST', '/key/delete', { keys: ['x'] }],
    ['GET', '/key/list'],
    ['GET', '/router/state'],
    ['GET', '/metrics'],
    ['GET', '/v1/configs'],
    ['POST', '/v1/configs', { name: 'mine', config: { provider: 'openai' } }],
    ['GET', '/v1/virtual-keys'],
    ['GET', '/v1/logs'],
    ['POST', '/v1/admin/routes', { name: 'r', models: [] }],
    ['DELETE', '/v1/admin/routes/r'],
  ];

  const named = calls.map(([method, path, body]) => ({ method, path, body }));

  it.each(named)('may $method $path: not a client, not an issued key, not nobody', async ({ method, path, body }) => {
    const { send, keyFor } = await attacked({ logs: {} });
    const issued = await keyFor({ key_alias: 'issued', metadata: { role: 'admin' } });
    for (const key of ['a-clients-key', issued]) expect((await send(path, key, body, { method })).status).toBe(403);
    expect((await send(path, '', body, { method })).status).toBe(401);
    // Several keys at once are worth what the first of them is.
    const both = { 'x-portkey-api-key': issued, 'x-api-key': `${admin}x` };
    expect((await send(path, '', body, { ...both, method })).status).toBe(403);
  });

  it('sees another’s key, nor learns whether it is one', async () => {
    const { send, keyFor } = await attacked();
    const [mine, theirs] = [await keyFor({ key_alias: 'mine' }), await keyFor({ key_alias: 'theirs' })];
    expect((await send(`/key/info?key=${mine}`, mine)).status).toBe(200);
    const seen = [await send(`/key/info?key=${theirs}`, mine), await send('/key/info?key=theirs', mine)];
    const unknown = await send('/key/info?key=sk-nobodys', mine);
    for (const { status, body } of seen)
      expect([status, body.error?.message]).toEqual([404, unknown.body.error?.message]);
  });
});

describe('JSON that would change every object', () => {
  afterEach(() => expect(({} as { polluted?: unknown }).polluted).toBeUndefined());
  const texts = [
    '{"__proto__":{"polluted":1},"model":"m","messages":[]}',
    '{"constructor":{"prototype":{"polluted":1}},"model":"m","messages":[]}',
    '{"model":"m","messages":[{"role":"user","content":"x","__proto__":{"polluted":1}}]}',
    '{"metadata":{"__proto__":{"polluted":1}},"key":"x","name":"x","config":{"__proto__":{"polluted":1}}}',
  ];
  const paths = [
    '/v1/chat/completions',
    '/v1/messages',
    '/v1/embeddings',
    '/v1/whatever',
    '/queue/request',
    '/key/generate',
    '/key/update',
    '/v1/configs',
    '/v1/admin/routes',
    '/v1/chatComplete',
    '/v1/feedback',
  ];

  it.each(paths)('changes none in a body for %s', async (path) => {
    const { send } = await attacked({ logs: {} });
    for (const text of texts) expect((await send(path, admin, text)).status).toBeLessThan(500);
  });

  it.each(['x-portkey-config', 'x-portkey-metadata', 'baggage', 'x-portkey-forward-headers'])(
    'changes none in %s',
    async (header) => {
      const { send } = await attacked();
      for (const text of texts) {
        const value = header === 'baggage' ? '__proto__=polluted,__proto__.polluted=1' : text;
        expect((await send('/v1/chat/completions', admin, hello, { [header]: value })).status).toBeLessThan(500);
      }
    },
  );

  it('changes none in a file of data, or a file of config', async () => {
    const folder = await temporary();
    const data = join(folder, 'data.json');
    await writeFile(
      data,
      '{"keys":{"__proto__":{"polluted":1},"x":{"__proto__":{"polluted":1}}},"__proto__":{"polluted":1}}',
    );
    const { send } = await attacked({ data: { file: data } });
    expect((await send('/key/list', admin)).status).toBe(200);
    const config = join(folder, 'config.json');
    await writeFile(
      config,
      '{"provider":"openai","__proto__":{"polluted":1},"override_params":{"__proto__":{"polluted":1}}}',
    );
    await finished(['validate', config]);
  });
});

it.each(['validate', 'explain', 'serve --port 0 --config', 'import', 'simulate --port 0 --script'])(
  'YAML whose aliases multiply is refused by %s, at once',
  async (command) => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `a${level + 1}: &a${level + 1} [${Array(10).fill(`*a${level}`).join(',')}]`,
    );
    const file = join(await temporary(), 'bomb.yaml');
    await writeFile(file, ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]', ...levels, 'provider: *a12'].join('\n'));
    const { code, err, out } = await finished([...command.split(' '), file]);
    expect([code, `${err}${out}`]).toEqual([1, expect.stringMatching(/alias/i)]);
  },
);

it.each([
  [
    'a condition',
    {
      strategy: { mode: 'conditional', conditions: [{ query: { 'metadata.a': { $regex: '(a+)+$' } }, then: 'x' }] },
      targets: [{ name: 'x', provider: 'openai', api_key: 'k' }],
    },
  ],
  [
    'a guardrail',
    { provider: 'openai', api_key: 'k', input_guardrails: [{ 'default.regexMatch': { rule: '(a+)+$' }, deny: true }] },
  ],
])('a pattern that would run for ever is not run for a request: in %s', async (_what, config) => {
  const { send } = await attacked({ trust: { customHosts: 'any' } });
  const { status } = await send(
    '/v1/chat/completions',
    'a-clients-key',
    { ...hello, messages: [{ role: 'user', content: `${'a'.repeat(60)}!` }] },
    {
      'x-portkey-config': JSON.stringify(config),
      'x-portkey-metadata': JSON.stringify({ a: `${'a'.repeat(60)}!` }),
    },
  );
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
});

it.each([
  ['headers', 'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n', 'x-slow: 1\r\n'],
  [
    'a body',
    'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer a-clients-key\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n',
    ' ',
  ],
])('who sends %s a byte now and then holds no connection', async (_what, start, drip) => {
  const { url } = await attacked({ headMs: 400, receiveMs: 800 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  const received: string[] = [];
  socket.on('data', (data) => received.push(String(data)));
  socket.write(start);
  const timer = setInterval(() => socket.writable && socket.write(drip), 50);
  onTestFinished(() => clearInterval(timer));
  await once(socket, 'close');
  expect(received.join('')).toMatch(/^(HTTP\/1\.1 408|$)/);
});

it('the data file is its owner’s alone, also where it was not before, and no copy of it is left', async () => {
  const folder = await temporary();
  const file = join(folder, 'data.json');
  await writeFile(file, '{}');
  await chmod(file, 0o644);
  const { keyFor } = await attacked({ data: { file } });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await keyFor({});
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['data.json']);
});

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-attack-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
