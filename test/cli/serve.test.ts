import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { requestLine } from '../../src/cli/request-line.ts';
import { providerDirectory } from '../../src/config/vaults.ts';
import { openVaultFile } from '../../src/vault/file.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-serve-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: object | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** Starts the program in this process; it is stopped with the test. */
function start(argv: readonly string[], env: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const io = {
    stdout: (text: string) => void out.push(text),
    stderr: (text: string) => void err.push(text),
    env,
    isTty: false,
    signal: stop.signal,
    readInput: async () => '',
  };
  const code = run(['serve', ...argv], io);
  onTestFinished(async () => {
    stop.abort();
    await code;
  });
  return { code, out: () => out.join(''), err: () => err.join(''), stop: () => stop.abort() };
}

async function serving(argv: readonly string[], env: Record<string, string> = {}) {
  const program = start(['--port', '0', '--json', ...argv], env);
  await expect.poll(() => program.out() + program.err()).toContain('"url"');
  return { program, url: JSON.parse(program.out().split('\n')[0] ?? '').url as string };
}

function ask(url: string, headers: Record<string, string> = {}, body: object = {}) {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...headers },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }], ...body }),
  });
}

async function status(url: string, headers: Record<string, string> = {}, body: object = {}) {
  const response = await ask(url, headers, body);
  await response.text();
  return response.status;
}

describe('serve', () => {
  it.each([
    ['JSON', 'config.json', JSON.stringify],
    [
      'YAML',
      'config.yaml',
      (config: object) =>
        Object.entries(config)
          .map(([key, value]) => `${key}: ${value}`)
          .join('\n'),
    ],
  ])('serves a config file in %s, and a line for each request', async (_format, name, write) => {
    const { program, url } = await serving(['--config', await file(name, write(simulator.target('openai')))]);
    expect(await status(url, { 'x-portkey-trace-id': 'trace-1' })).toBe(200);
    await expect.poll(() => program.out().split('\n')).toHaveLength(3);
    expect(JSON.parse(program.out().split('\n')[1] ?? '')).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      status: 200,
      outcome: 'success',
      provider: 'openai',
      traceId: 'trace-1',
    });
    program.stop();
    expect(await program.code).toBe(0);
    await expect(ask(url)).rejects.toThrow();
  });

  it('serves a folder of configs by ID, one of them as default', async () => {
    const configs = join(folder, 'configs');
    await mkdir(configs);
    await writeFile(join(configs, 'pc-main.json'), JSON.stringify(simulator.target('openai')));
    await writeFile(join(configs, 'pc-groq.json'), JSON.stringify(simulator.target('groq')));
    const { url } = await serving(['--configs', configs, '--config', 'pc-main']);
    expect([await status(url), await status(url, { 'x-portkey-config': 'pc-groq' })]).toEqual([200, 200]);
    expect(simulator.called()).toEqual(['openai', 'groq']);
  });

  it('serves a vault of virtual keys, and the keys of the environment', async () => {
    const path = join(folder, 'keys.vault');
    const cost = { log2N: 4, r: 1, p: 1 };
    const vault = await openVaultFile({ path, passphrase: 'secret', providers: providerDirectory, create: true, cost });
    await vault.add('openai-prod', { provider: 'openai', api_key: 'vk', custom_host: simulator.baseUrl('openai') });
    const { url } = await serving(['--vault', path], { MODELMUX_VAULT_PASSPHRASE: 'secret' });
    expect(await status(url, {}, { model: '@openai-prod/gpt-4o' })).toBe(200);
    expect(simulator.requests('openai')[0]?.key).toBe('vk');
    const closed = await serving(['--vault', path, '--trust-virtual-keys', 'none'], {
      MODELMUX_VAULT_PASSPHRASE: 'secret',
    });
    expect(await status(closed.url, { 'x-portkey-virtual-key': 'openai-prod' })).toBe(400);
  });

  it('takes keys from the environment and a file, and warns of those on the command line', async () => {
    const config = await file('keyed.json', simulator.target('openai'));
    const keyFile = await file('keys.txt', '# ours\nkey-in-file\n\n');
    const env = { MODELMUX_KEYS: 'key-in-env, other-key', MODELMUX_ADMIN_KEY: 'admin-in-env' };
    const { program, url } = await serving(['--config', config, '--key-file', keyFile, '--key', 'key-in-argv'], env);
    const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
    for (const key of ['key-in-env', 'other-key', 'key-in-file', 'key-in-argv', 'admin-in-env']) {
      expect([key, await status(url, bearer(key))]).toEqual([key, 200]);
    }
    expect([await status(url), await status(url, bearer('# ours'))]).toEqual([401, 401]);
    expect(program.err()).toMatch(/^warning: a key on the command line is seen by every user/);
    expect((await fetch(`${url}/metrics`, { headers: bearer('key-in-env') })).status).toBe(403);
    const quietly = await serving(['--config', config], { MODELMUX_KEYS: 'key-in-env' });
    expect(quietly.program.err()).toBe('');
  });

  it('lets requests under way finish before it stops', async () => {
    const { program, url } = await serving(['--config', await file('slow.json', simulator.target('openai'))]);
    simulator.script('openai', [{ text: 'one two three four five', tokensPerSecond: 20 }]);
    const stream = await ask(url, {}, { stream: true });
    program.stop();
    expect(await stream.text()).toMatch(/\[DONE\]\n\n$/);
    expect(await program.code).toBe(0);
  });

  it('cuts them when their time is over', async () => {
    const config = await file('stalling.json', simulator.target('openai'));
    const { program, url } = await serving(['--config', config, '--drain-timeout', '0.05']);
    simulator.script('openai', [{ text: 'one two three four', stallAfterChunks: 2 }]);
    const stream = await ask(url, {}, { stream: true });
    program.stop();
    expect(await program.code).toBe(0);
    await expect(stream.text()).rejects.toThrow();
  });

  it('for people: the address, lines, and a word at the end', async () => {
    const program = start(['--port', '0', '--config', await file('plain.json', simulator.target('openai'))]);
    await expect.poll(() => program.out()).toContain('\n');
    const [, url = ''] =
      /^modelmux listens on (http:\/\/127\.0\.0\.1:\d+)\nThe console is at \1\/console\n$/.exec(program.out()) ?? [];
    await status(url, { 'x-portkey-trace-id': 'trace-1' });
    program.stop();
    expect(await program.code).toBe(0);
    expect(program.out()).toMatch(
      /\n\d{4}-\S+Z POST \/v1\/chat\/completions 200 \d+ms openai gpt-4o tokens=2\+\d+ trace=trace-1\nStopped\.\n$/,
    );
  });

  it('says nothing of requests when it is to be quiet', async () => {
    const { program, url } = await serving([
      '--quiet',
      '--config',
      await file('quiet.json', simulator.target('openai')),
    ]);
    await status(url);
    program.stop();
    await program.code;
    expect(program.out().trimEnd().split('\n')).toHaveLength(1);
  });

  it('passes its other options on', async () => {
    const config = await file('options.json', simulator.target('openai'));
    const argv = [
      '--config',
      config,
      '--max-body',
      '50',
      '--cors',
      'https://a.example.com',
      '--compat',
      'litellm',
      '--allow-host',
      'gateway',
    ];
    const { url } = await serving(argv);
    expect(await status(url)).toBe(413);
    const page = await fetch(`${url}/health`, { headers: { origin: 'https://a.example.com' } });
    expect(page.headers.get('access-control-allow-origin')).toBe('https://a.example.com');
    const small = await fetch(`${url}/v1/models`);
    expect(small.headers.get('x-litellm-call-id')).toMatch(/./);
  });
});

describe('it ends with code 1 and says why', () => {
  async function failed(argv: readonly string[], env: Record<string, string> = {}) {
    const program = start(['--port', '0', ...argv], env);
    return { code: await program.code, err: program.err() };
  }

  it('for a port in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const { code, err } = await failed(['--port', String(port)]);
    expect([code, err]).toEqual([
      1,
      `Port ${port} on 127.0.0.1 is in use. Choose another with --port, or 0 for any free one.\n`,
    ]);
  });

  it('for a host beyond this machine without keys', async () => {
    const { code, err } = await failed(['--host', '0.0.0.0']);
    expect(code).toBe(1);
    expect(err).toContain('options.host: 0.0.0.0 can be reached from other machines, so the server needs keys');
    expect(err).toContain('MODELMUX_KEYS');
  });

  it('for a config that is not there, cannot be read, or cannot work', async () => {
    expect(await failed(['--config', 'nowhere.json'])).toEqual({ code: 1, err: 'There is no file nowhere.json.\n' });
    expect((await failed(['--config', 'pc-main'])).err).toBe(
      'There is no file pc-main. To name a config by its ID, say with --configs where it is.\n',
    );
    const broken = await file('broken.json', '{"targets": [');
    expect(await failed(['--config', broken])).toMatchObject({
      code: 1,
      err: expect.stringContaining('1:14 $: Not valid JSON: unexpected token.'),
    });
    const wrong = await file('wrong.json', { provider: 'opnai' });
    expect(await failed(['--config', wrong])).toMatchObject({
      code: 1,
      err: expect.stringContaining('$.provider: Unknown provider "opnai". Did you mean "openai"?'),
    });
  });

  it('for keys that are none, as JSON where asked', async () => {
    const { code, err } = await failed(['--json'], { MODELMUX_KEYS: 'sha256:1' });
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ error: { issues: [{ path: 'options.keys.0' }] } });
    expect((await failed(['--key-file', join(folder, 'none.txt')])).err).toContain('there is no such file');
  });
});

it.each([
  [['--prot', '1'], 'Did you mean --port?'],
  [['--port', 'x'], 'It must be a number'],
  [['--port', '70000'], 'whole number from 0 to 65535'],
  [['--trust-virtual-keys', 'all'], 'Allowed choices are none, direct, configs'],
  [['--max-body', '0'], 'above 0'],
])('%j is a wrong call: code 2', async (argv, hint) => {
  const program = start(argv);
  expect(await program.code).toBe(2);
  expect(program.err()).toContain(hint);
});

it('help tells of every option, with examples', async () => {
  const program = start(['--help']);
  expect(await program.code).toBe(0);
  expect(program.out()).toContain('$ modelmux serve --config config.yaml');
});

it('what a caller wrote stays on its line', () => {
  const line = requestLine({
    time: 0,
    method: 'GET',
    path: '/a\nb',
    status: 404,
    durationMs: 1.4,
    traceId: 'x\u001b[31m y\ud800',
    outcome: 'failure',
    error: 'not_found',
    client: '0123456789ab',
  });
  expect(line).toBe(
    '1970-01-01T00:00:00.000Z GET /a%0Ab 404 1ms failure not_found key=0123456789ab trace=x%1B[31m%20y%EF%BF%BD',
  );
});

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

it.each([
  ['SIGTERM', 1, 0],
  ['SIGINT', 1, 0],
  ['SIGTERM', 2, 130],
] as const)('as shipped, %s sent %i times ends the program with code %i', async (signal, times, expected) => {
  const config = await file(`shipped-${signal}-${times}.json`, simulator.target('openai'));
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--json', '--config', config], {
    stdio: 'pipe',
  });
  const [first] = await once(child.stdout, 'data');
  const { url } = JSON.parse(String(first));
  if (times > 1) simulator.script('openai', [{ text: 'one two three four', stallAfterChunks: 2 }]);
  const response = await ask(url, {}, { stream: times > 1 });
  if (times === 1) await response.text();
  const ended = once(child, 'exit');
  child.kill(signal);
  if (times > 1) {
    await expect.poll(() => fetch(`${url}/health`).catch(() => undefined)).toBeUndefined();
    child.kill(signal);
  }
  expect((await ended)[0]).toBe(expected);
});
