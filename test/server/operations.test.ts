import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { counter, histogram } from '../../src/server/metrics/series.ts';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();
const json = { 'content-type': 'application/json' };
const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] };

function post(url: string, body: object = chat, signal?: AbortSignal) {
  const init = { method: 'POST', headers: json, body: JSON.stringify(body) };
  return fetch(`${url}/v1/chat/completions`, signal === undefined ? init : { ...init, signal });
}

async function get(url: string) {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

it('health says that the process answers, and asks nobody', async () => {
  const { url } = await served({ config: simulator.target('openai') });
  expect(await get(`${url}/health`)).toEqual({ status: 200, body: { status: 'ok' } });
  expect(simulator.requests()).toEqual([]);
});

it('ready says whether the default config can be had and the vault is open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-ready-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'pc-main.json'), JSON.stringify(simulator.target('openai')));
  const configs = { folder };
  const good = await served({ configs, config: 'pc-main' });
  const missing = await served({ configs, config: 'pc-other' });
  const closed = await served({
    vault: { file: join(folder, 'none.vault'), passphrase: 'x' },
    config: simulator.target('openai'),
  });
  expect(await get(`${good.url}/ready`)).toEqual({
    status: 200,
    body: { status: 'ready', checks: { config: 'ok', vault: 'ok' } },
  });
  expect(await get(`${missing.url}/ready`)).toEqual({
    status: 503,
    body: { status: 'not ready', checks: { config: 'failed', vault: 'ok' } },
  });
  expect(await get(`${closed.url}/ready`)).toEqual({
    status: 503,
    body: { status: 'not ready', checks: { config: 'ok', vault: 'failed' } },
  });
  expect(simulator.requests()).toEqual([]);
});

/** Lines of the metrics that begin with `name`. */
async function lines(url: string, name: string): Promise<readonly string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(name));
}

it('metrics count requests, attempts, retries, fallbacks and tokens', async () => {
  const retry = { attempts: 1, use_retry_after_header: true };
  const targets = [simulator.target('openai', { retry }), simulator.target('groq')];
  const { url } = await served({ config: { strategy: { mode: 'fallback' }, targets } });
  const failing = { status: 500, headers: { 'retry-after-ms': '1' } };
  simulator.script('openai', [failing, failing]);
  await (await post(url)).text();
  await (await post(url, { ...chat, stream: true, stream_options: { include_usage: true } })).text();
  await (await fetch(`${url}/v1/embeddings`)).text();
  expect(await lines(url, 'modelmux_requests_total')).toEqual([
    'modelmux_requests_total{endpoint="chat/completions",status="200",provider="groq"} 1',
    'modelmux_requests_total{endpoint="chat/completions",status="200",provider="openai"} 1',
    'modelmux_requests_total{endpoint="other",status="405",provider=""} 1',
  ]);
  expect(await lines(url, 'modelmux_attempts_total')).toEqual([
    'modelmux_attempts_total{provider="openai",outcome="failure",error="server"} 2',
    'modelmux_attempts_total{provider="groq",outcome="success",error=""} 1',
    'modelmux_attempts_total{provider="openai",outcome="success",error=""} 1',
  ]);
  expect(await lines(url, 'modelmux_retries_total')).toEqual(['modelmux_retries_total{provider="openai"} 1']);
  expect(await lines(url, 'modelmux_fallbacks_total')).toEqual(['modelmux_fallbacks_total{error="server"} 1']);
  expect(await lines(url, 'modelmux_cache_requests_total')).toEqual([
    'modelmux_cache_requests_total{status="DISABLED"} 2',
  ]);
  expect(await lines(url, 'modelmux_tokens_total{provider="openai"')).toHaveLength(2);
  expect(await lines(url, 'modelmux_request_duration_seconds_count{endpoint="chat')).toEqual([
    'modelmux_request_duration_seconds_count{endpoint="chat/completions"} 2',
  ]);
  expect(await lines(url, 'modelmux_first_token_seconds_count')).toEqual([
    'modelmux_first_token_seconds_count{provider="openai"} 1',
  ]);
  // The request that asks is one.
  expect(await lines(url, 'modelmux_requests_in_flight')).toEqual(['modelmux_requests_in_flight 1']);
});

it('metrics tell of targets that cool', async () => {
  const cooldown = { allowed_fails: 0, exempt_single: false };
  const { url } = await served({ config: simulator.target('openai', { cooldown }) });
  expect(await lines(url, 'modelmux_targets_cooling')).toEqual(['modelmux_targets_cooling 0']);
  simulator.script('openai', [{ status: 500 }]);
  await (await post(url)).text();
  expect(await lines(url, 'modelmux_targets_cooling')).toEqual(['modelmux_targets_cooling 1']);
  expect(await lines(url, 'modelmux_cooldowns_total')).toEqual(['modelmux_cooldowns_total{provider="openai"} 1']);
});

it('metrics are text that Prometheus reads: every line is a comment or a sample', async () => {
  const { url } = await served({ config: simulator.target('openai') });
  await (await post(url)).text();
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect(text.endsWith('\n')).toBe(true);
  const sample = /^[a-z_]+(?:\{[a-z_]+="(?:[^"\\\n]|\\.)*"(?:,[a-z_]+="(?:[^"\\\n]|\\.)*")*\})? [\d.e+-]+$/;
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^# (?:HELP|TYPE) modelmux_/.test(line) ? /./ : sample);
});

it('a metric has a thousand series at most, and escapes what stands in a label', () => {
  const counted = counter({ name: 'c', help: 'h', labels: ['a', 'b'] });
  counted.add(['say "\\"', 'x'], 2);
  for (let index = 0; index < 2000; index++) counted.add([String(index), 'x']);
  const all = counted.text().split('\n');
  expect(all).toHaveLength(2 + 1001);
  expect(all[2]).toBe('c{a="say \\"\\\\\\"",b="x"} 2');
  expect(all.at(-1)).toBe('c{a="other",b="other"} 1001');
});

it('a histogram counts into growing buckets', () => {
  const observed = histogram({ name: 'h', help: 'h', labels: [] }, [1, 2]);
  for (const value of [0.5, 1, 1.5, 9]) observed.observe([], value);
  expect(observed.text().split('\n').slice(2)).toEqual([
    'h_bucket{le="1"} 2',
    'h_bucket{le="2"} 3',
    'h_bucket{le="+Inf"} 4',
    'h_sum 12',
    'h_count 4',
  ]);
});

it('a record tells how each request ended, once', async () => {
  const records: object[] = [];
  const { url } = await served({
    config: simulator.target('openai', { override_params: { model: 'gpt-4o-mini' } }),
    onRequest(record) {
      records.push(record);
      throw new Error('harms nobody');
    },
  });
  await (await post(`${url}`)).text();
  simulator.script('openai', [{ text: 'one two three four', errorEventAt: 3 }]);
  await (await post(url, { ...chat, stream: true })).text();
  simulator.script('openai', [{ text: 'one two three four', stallAfterChunks: 3 }]);
  const controller = new AbortController();
  const left = await post(url, { ...chat, stream: true }, controller.signal);
  await left.body?.getReader().read();
  controller.abort();
  await expect.poll(() => records).toHaveLength(3);
  await fetch(`${url}/nothing?key=secret`);
  await expect.poll(() => records).toHaveLength(4);
  const chatRecord = {
    method: 'POST',
    path: '/v1/chat/completions',
    status: 200,
    provider: 'openai',
    model: 'gpt-4o-mini',
    target: 'config',
  };
  expect(records).toMatchObject([
    { ...chatRecord, outcome: 'success', cache: 'DISABLED', inputTokens: 2 },
    { ...chatRecord, outcome: 'failure', error: expect.stringMatching(/./) },
    { ...chatRecord, outcome: 'aborted' },
    { method: 'GET', path: '/nothing', status: 404, outcome: 'failure', error: 'not_found' },
  ]);
  expect(JSON.stringify(records)).not.toContain('secret');
});

it('closing lets what is under way finish, says that it is not ready, and takes nothing new', async () => {
  const server = await served({ config: simulator.target('openai') });
  simulator.script('openai', [{ text: 'one two three four five', tokensPerSecond: 20 }]);
  const stream = await post(server.url, { ...chat, stream: true });
  const closed = server.close({ drainMs: 10_000 });
  expect(await stream.text()).toMatch(/data: \[DONE\]\n\n$/);
  await closed;
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  expect(server.inFlight).toBe(0);
});

it('a draining server says so to those who still ask', async () => {
  const server = await served({ config: simulator.target('openai') });
  server.drain();
  expect(await get(`${server.url}/ready`)).toMatchObject({ status: 503, body: { status: 'draining' } });
});

it('closing cuts what does not finish in time, and a second close need not wait', async () => {
  const server = await served({ config: simulator.target('openai') });
  simulator.script('openai', [
    { text: 'one two three four', stallAfterChunks: 3 },
    { text: 'one two three four', stallAfterChunks: 3 },
  ]);
  const first = await post(server.url, { ...chat, stream: true });
  await server.close({ drainMs: 50 });
  await expect(first.text()).rejects.toThrow();
  await expect.poll(() => simulator.requests('openai')[0]?.aborted).toBe(true);
  const other = await served({ config: simulator.target('openai') });
  const second = await post(other.url, { ...chat, stream: true });
  const slow = other.close({ drainMs: 60_000 });
  await other.close();
  await slow;
  await expect(second.text()).rejects.toThrow();
});
