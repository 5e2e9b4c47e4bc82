import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Portkey } from 'modelmux';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type ServerOptions, serve } from '../../src/server/index.ts';
import { startPostgres } from '../support/postgres.ts';
import { served } from '../support/served.ts';
import { hello, simulated } from '../support/simulated.ts';

const simulator = simulated();
const adminKey = 'admin-of-the-test';

const patience = { timeout: 20_000, interval: 100 };

it('a config at a server answers 304 to who has it, until it changes', async () => {
  const { url } = await served({ adminKey, configs: { main: simulator.target('openai') } });
  const admin = new Portkey({ baseURL: `${url}/v1`, apiKey: adminKey });
  const get = (tag?: string) =>
    fetch(`${url}/v1/configs/main`, {
      headers: { 'x-portkey-api-key': adminKey, ...(tag === undefined ? {} : { 'if-none-match': tag }) },
    });
  const first = await get();
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[^"]+"$/);
  const again = await get(`"other", W/${etag}`);
  expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
  await admin.configs.update({ slug: 'main', config: simulator.target('anthropic') });
  const changed = await get(etag);
  expect(changed.status).toBe(200);
  expect(changed.headers.get('etag')).not.toBe(etag);
  expect((await fetch(`${url}/v1/configs/none`, { headers: { 'x-portkey-api-key': adminKey } })).status).toBe(404);
});

it('a client sees a changed config of a server without being asked, survives its outage, and tells of that once', async () => {
  const options: ServerOptions = { adminKey, environment: {}, configs: { main: simulator.target('openai') } };
  let server = await serve({ ...options, port: 0 });
  onTestFinished(() => server.close());
  const { url } = server;
  const portkey = simulator.client('main', { configs: { baseURL: `${url}/v1`, apiKey: adminKey } });
  onTestFinished(() => portkey.close());
  const warnings: string[] = [];
  portkey.on('warning', ({ code, message }) => code === 'config_reload' && warnings.push(message));
  const who = async () => (await portkey.chat.completions.create(hello)).getHeaders().provider;
  expect(await who()).toBe('openai');
  const admin = new Portkey({ baseURL: `${url}/v1`, apiKey: adminKey });
  await admin.configs.update({ slug: 'main', config: simulator.target('anthropic') });
  await vi.waitFor(async () => expect(await who()).toBe('anthropic'), patience);
  await server.close();
  await vi.waitFor(() => expect(warnings).toHaveLength(1), patience);
  expect(await who()).toBe('anthropic');
  server = await serve({ ...options, configs: { main: simulator.target('groq') }, port: Number(new URL(url).port) });
  await vi.waitFor(async () => expect(await who()).toBe('groq'), patience);
  expect(warnings).toEqual([
    expect.stringMatching(/^Config "main" could not be fetched .* The last good one is kept\.$/),
  ]);
}, 90_000);

/** Runs a script that uses the package, and resolves with its exit code. */
async function ended(script: string, env: Record<string, string>): Promise<number | null> {
  const cwd = join(import.meta.dirname, '../..');
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const late = setTimeout(() => child.kill('SIGKILL'), 40_000);
  const [code] = await once(child, 'exit');
  clearTimeout(late);
  return code as number | null;
}

const script = `
import { Portkey } from './dist/index.js';
const portkey = new Portkey({ environment: {}, configs: JSON.parse(process.env.CONFIGS), prompts: process.env.PROMPTS && JSON.parse(process.env.PROMPTS) });
await portkey.chat.completions.create(JSON.parse(process.env.BODY), { config: 'main' });
if (process.env.PROMPTS) await portkey.prompts.completions.create({ promptID: process.env.PROMPT, variables: {} }, { config: 'main' });
`;

it('a client that looks for changes lets its process end', async () => {
  const { url } = await served({ adminKey, configs: { main: simulator.target('openai') } });
  const configs = JSON.stringify({ baseURL: `${url}/v1`, apiKey: adminKey });
  expect(await ended(script, { CONFIGS: configs, BODY: JSON.stringify(hello) })).toBe(0);
}, 60_000);

it('so does one whose configs and prompts lie in PostgreSQL, which sees changes and tells once of an outage', async () => {
  const database = await startPostgres();
  onTestFinished(() => database.stop());
  const place = { postgres: database.freshUrl() };
  const portkey = simulator.client(undefined, { configs: place, prompts: place });
  onTestFinished(() => portkey.close());
  await portkey.configs.create({ name: 'main', slug: 'main', config: simulator.target('openai') });
  const { slug } = await portkey.prompts.create({
    name: 'p',
    string: [{ role: 'user', content: 'Hi' }],
    model: 'gpt-4o',
  });
  const CONFIGS = JSON.stringify(place);
  expect(await ended(script, { CONFIGS, PROMPTS: CONFIGS, PROMPT: slug, BODY: JSON.stringify(hello) })).toBe(0);
  const warnings: string[] = [];
  portkey.on('warning', ({ code, message }) => code === 'config_reload' && warnings.push(message));
  const who = async () => (await portkey.chat.completions.create(hello, { config: 'main' })).getHeaders().provider;
  expect(await who()).toBe('openai');
  database.pause();
  await vi.waitFor(() => expect(warnings).toHaveLength(1), { timeout: 30_000 });
  expect(await who()).toBe('openai');
  database.resume();
  await portkey.configs.update({ slug: 'main', config: simulator.target('anthropic') });
  await vi.waitFor(async () => expect(await who()).toBe('anthropic'), patience);
  expect(warnings).toEqual([expect.stringMatching(/^The store of configs does not answer|could not be looked up/)]);
}, 200_000);
