import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { type RedisServer, redisCli, startRedis } from '../support/redis.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();
let folder: string;
let server: RedisServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-serve-redis-'));
  server = await startRedis();
  redisCli(server.port, 'config', 'set', 'requirepass', 'p@ss:word/1');
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Starts the program in this process; it is stopped with the test. */
async function serving(argv: readonly string[], env: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const code = run(['serve', '--port', '0', '--json', ...argv], {
    stdout: (text: string) => void out.push(text),
    stderr: (text: string) => void err.push(text),
    env,
    isTty: false,
    signal: stop.signal,
    readInput: async () => '',
  });
  const end = async () => {
    stop.abort();
    await code;
  };
  onTestFinished(end);
  await expect.poll(() => out.concat(err).join('')).toContain('"url"');
  const url: string = JSON.parse(out.find((line) => line.includes('"url"')) ?? '').url;
  const status = async (body: object = {}) => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }], ...body }),
    });
    await response.text();
    return response.status;
  };
  return { status, end, err: () => err.join('') };
}

it('a LiteLLM document that names a Redis: two servers share its limits and its cache through it', async () => {
  const path = join(folder, 'litellm.yaml');
  await writeFile(
    path,
    `model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_key: k
      api_base: ${simulator.baseUrl('openai')}
      rpm: 1000
router_settings:
  optional_pre_call_checks: [enforce_model_rate_limits]
  redis_host: 127.0.0.1
  redis_port: ${server.port}
  redis_password: os.environ/REDIS_SECRET
  num_retries: 0
litellm_settings:
  cache: true
`,
  );
  const env = { REDIS_SECRET: 'p@ss:word/1' };
  // On a busy machine an answer of Redis may take longer than the 5 ms of the default.
  const argv = ['--config', path, '--redis-timeout', '5000'];
  const [one, two] = [await serving(argv, env), await serving(argv, env)];
  const cli = (...args: string[]) =>
    redisCli(server.port, '--no-auth-warning', '-a', env.REDIS_SECRET, '--raw', ...args);
  const ask = (which: typeof one, content: string) => which.status({ messages: [{ role: 'user', content }] });
  // The first calls may come before the connection stands.
  await expect
    .poll(async () => {
      await ask(one, `warm ${Math.random()}`);
      return cli('keys', '*:window:*');
    })
    .toContain('window');
  cli('flushall');
  await ask(one, 'hello');
  await expect.poll(() => cli('keys', 'modelmux:cache:*')).toContain('modelmux:cache:');
  const before = simulator.requests('openai').length;
  expect(await ask(two, 'hello')).toBe(200);
  expect(simulator.requests('openai').length).toBe(before);
  expect(one.err() + two.err()).not.toContain('does not open');
  expect(one.err() + two.err()).not.toContain(env.REDIS_SECRET);
});

it('what is refused of a Redis is said with its line', async () => {
  const path = join(folder, 'wrong.yaml');
  const entry = 'model_list: [{model_name: m, litellm_params: {model: openai/m, api_key: k}}]';
  await writeFile(path, `${entry}\nrouter_settings:\n  redis_url: localhost:6379\n`);
  const err: string[] = [];
  const io = {
    stdout: () => undefined,
    env: {},
    isTty: false,
    readInput: async () => '',
    signal: new AbortController().signal,
  };
  const code = await run(['serve', '--config', path], { ...io, stderr: (text: string) => void err.push(text) });
  expect([code, err.join('')]).toEqual([1, expect.stringContaining('3:3 $.router_settings.redis_url')]);
  expect(err.join('')).toContain('The address of a Redis begins with "redis://" or "rediss://".');
});

it('with --data, what budgets spent counts after a restart', async () => {
  const path = join(folder, 'config.json');
  const target = simulator.target('openai', {
    pricing: { input: 0, output: 0, request: 1 },
    budget: { amount: 2, period: 'month' },
    on_exhausted: 'reject',
  });
  await writeFile(path, JSON.stringify(target));
  const argv = ['--config', path, '--data', join(folder, 'data.json')];
  const first = await serving(argv);
  expect([await first.status(), await first.status(), await first.status()]).toEqual([200, 200, 429]);
  await first.end();
  const second = await serving(argv);
  expect(await second.status()).toBe(429);
});
