import { describe, expect, it } from 'vitest';
import type { ListenOptions, ServerOptions } from '../../../src/server/index.ts';
import { heldProvider } from '../../support/held-provider.ts';
import { served } from '../../support/served.ts';
import { simulated } from '../../support/simulated.ts';

const simulator = simulated();
const admin = 'sk-admin-of-the-limits';
// Four tokens of prompt at most by any estimate, ten of reply.
const hello = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 10 };
const prices = { 'openai/gpt-4o': { input: 1_000_000, output: 1_000_000 } };

interface Answer {
  readonly key: string;
  readonly keys: readonly { readonly key_alias?: string; readonly spend: number }[];
  readonly info: { readonly spend: number; readonly models: readonly string[] };
  readonly error: { readonly code: string };
}

async function hosted(more: ServerOptions & ListenOptions = {}) {
  const { url } = await served({ config: simulator.target('openai'), adminKey: admin, prices, ...more });
  const send = async (path: string, key: string, body?: object) => {
    const response = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  };
  const keyFor = async (wish: object) => (await send('/key/generate', admin, wish)).body.key;
  const many = async (count: number, key: string, body: object = hello) =>
    (await Promise.all(Array.from({ length: count }, () => send('/v1/chat/completions', key, body)))).map(
      ({ status }) => status,
    );
  return { url, send, keyFor, many, spentOf: async (key: string) => (await send('/key/info', key)).body.info.spend };
}

const ok = (statuses: readonly number[]) => statuses.filter((status) => status === 200).length;

describe('100 calls at once on one key', () => {
  it('never cost more than its budget, while replies keep to what was asked for', async () => {
    simulator.behave('openai', { latencyMs: [20, 60], usage: { inputTokens: 3, outputTokens: 10 } });
    const { keyFor, many, spentOf } = await hosted();
    const key = await keyFor({ max_budget: 200 });
    const statuses = await many(100, key);
    expect(ok(statuses)).toBeGreaterThan(3);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(await spentOf(key)).toBe(ok(statuses) * 13);
    expect(await spentOf(key)).toBeLessThanOrEqual(200);
  });

  it('exceed it by no more than replies cost beyond what was put aside for them', async () => {
    simulator.behave('openai', { latencyMs: [20, 60], usage: { inputTokens: 3, outputTokens: 50 } });
    const { keyFor, many, spentOf } = await hosted();
    const key = await keyFor({ max_budget: 200 });
    const [first] = await many(1, key);
    expect(first).toBe(200);
    const before = await spentOf(key);
    const statuses = await many(100, key);
    expect(await spentOf(key)).toBe(before + ok(statuses) * 53);
    // At least 11 are put aside for each: no more of them were under way at once than fit.
    expect(ok(statuses)).toBeLessThanOrEqual(Math.floor((200 - before) / 11));
  });

  it.each([
    ['requests of a minute', { rpm_limit: 30 }],
    ['places', { max_parallel_requests: 30 }],
  ])('never take more than its %s', async (_what, wish) => {
    const provider = await heldProvider();
    const { keyFor, many } = await hosted({ config: { provider: 'openai', api_key: 'k', custom_host: provider.url } });
    const key = await keyFor(wish);
    const statuses: number[] = [];
    const all = Array.from({ length: 100 }, async () => statuses.push(...(await many(1, key))));
    // Whoever gets no place is told so while the others still wait for their answers.
    await expect.poll(() => statuses).toEqual(Array(70).fill(429));
    provider.release();
    await Promise.all(all);
    expect([ok(statuses), provider.calls()]).toEqual([30, 30]);
  });

  it('never use more tokens than it has in a minute', async () => {
    simulator.behave('openai', { latencyMs: [20, 60], usage: { inputTokens: 3, outputTokens: 10 } });
    const { keyFor, many } = await hosted();
    const statuses = await many(100, await keyFor({ tpm_limit: 300 }));
    expect(ok(statuses)).toBeGreaterThan(3);
    expect(ok(statuses) * 13).toBeLessThanOrEqual(300);
  });
});

it('what a failed call put aside is given back', async () => {
  simulator.behave('openai', { status: 500 });
  const { keyFor, many, spentOf } = await hosted();
  const key = await keyFor({ max_budget: 25, tpm_limit: 1000 });
  expect(await many(3, key)).toContain(500);
  simulator.behave('openai', { usage: { inputTokens: 3, outputTokens: 10 } });
  expect(await many(1, key)).toEqual([200]);
  expect(await spentOf(key)).toBe(13);
});

it('a target too dear for what is left is passed over', async () => {
  const config = {
    strategy: { mode: 'fallback' as const },
    targets: [
      simulator.target('openai'),
      simulator.target('anthropic', { override_params: { model: 'claude-haiku' }, pricing: { input: 1, output: 1 } }),
    ],
  };
  const { keyFor, many, spentOf } = await hosted({ config });
  const key = await keyFor({ max_budget: 5 });
  expect(await many(1, key)).toEqual([200]);
  expect(simulator.called()).toEqual(['anthropic']);
  expect(await spentOf(key)).toBeLessThan(0.01);
});

it('a key is changed, blocked and listed as with LiteLLM', async () => {
  const { send, keyFor, many } = await hosted();
  const key = await keyFor({ key_alias: 'zoe', models: ['gpt-4o'], rpm_limit: 1 });
  expect(await many(2, key)).toContain(429);
  const changed = await send('/key/update', admin, { key, rpm_limit: 100, models: null });
  expect(changed.body).toMatchObject({ key_alias: 'zoe', rpm_limit: 100, models: [] });
  expect(JSON.stringify(changed.body)).not.toContain(key);
  expect(await many(3, key)).toEqual([200, 200, 200]);
  expect((await send('/key/block', admin, { key: 'zoe' })).status).toBe(200);
  const refused = await send('/v1/chat/completions', key, hello);
  expect([refused.status, refused.body.error.code]).toEqual([401, 'key_blocked']);
  await send('/key/unblock', admin, { key: 'zoe' });
  expect(await many(1, key)).toEqual([200]);
  expect((await send('/key/list', admin)).body.keys).toEqual([expect.objectContaining({ key_alias: 'zoe' })]);
  expect((await send('/key/update', admin, { key: 'nobody', rpm_limit: 1 })).status).toBe(404);
  expect((await send('/key/update', admin, { rpm_limit: 1 })).status).toBe(400);
  expect((await send('/key/update', admin, { key, rpm: 1 })).status).toBe(400);
  for (const path of ['update', 'block', 'unblock'])
    expect((await send(`/key/${path}`, key, { key })).status).toBe(403);
});

it('money that a key has not got is not lent to what costs nothing', async () => {
  const { keyFor, many } = await hosted();
  expect(await many(1, await keyFor({ max_budget: 0 }), { ...hello, model: 'of-no-known-price' })).toEqual([429]);
});

it('a stream holds its place until it is over', async () => {
  const { keyFor, many, url } = await hosted();
  const key = await keyFor({ max_parallel_requests: 1 });
  simulator.script('openai', [{ text: 'one two three four', stallAfterChunks: 2 }]);
  const leaving = new AbortController();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...hello, stream: true }),
    signal: leaving.signal,
  });
  expect((await response.body?.getReader().read())?.done).toBe(false);
  expect(await many(1, key)).toEqual([429]);
  leaving.abort();
  await expect.poll(() => many(1, key)).toEqual([200]);
});
