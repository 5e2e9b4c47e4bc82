import { expect, it } from 'vitest';
import { APIError, InvalidRequestError } from '../../src/index.ts';
import { errorOf, fallback, hello, helloStream, simulated, textOf } from '../support/simulated.ts';

const simulator = simulated();

it('keeps one record of a call, found by its trace ID, with every attempt and the way to the answer', async () => {
  simulator.behave('openai', { status: 500 });
  const portkey = simulator.client({
    strategy: { mode: 'loadbalance' },
    targets: [fallback([simulator.target('openai', { name: 'first' }), simulator.target('azure-openai')])],
  });
  await portkey.chat.completions.create(hello, { traceID: 't-1', metadata: { customer: 'Zoë' }, spanId: 's-1' });
  await portkey.chat.completions.create(hello, { traceID: 't-2' });

  const { data, has_more, next } = await portkey.logs.list({ traceId: 't-1' });
  expect([has_more, next]).toEqual([false, null]);
  expect(data).toHaveLength(1);
  expect(data[0]).toMatchObject({
    traceId: 't-1',
    spanId: 's-1',
    endpoint: 'chat/completions',
    outcome: 'success',
    status: 200,
    stream: false,
    requestedModel: 'gpt-4o',
    provider: 'azure-openai',
    path: 'config.targets[0].targets[1]',
    route: [
      { path: 'config', mode: 'loadbalance' },
      { path: 'config.targets[0]', mode: 'fallback' },
    ],
    marks: ['fallback', 'loadbalance'],
    cache: 'DISABLED',
    metadata: { customer: 'Zoë' },
    attempts: [
      {
        path: 'config.targets[0].targets[0]',
        name: 'first',
        provider: 'openai',
        retry: 0,
        status: 500,
        errorKind: 'server',
      },
      {
        path: 'config.targets[0].targets[1]',
        provider: 'azure-openai',
        outcome: 'success',
        reason: { kind: 'fallback', after: 'server' },
      },
    ],
    feedback: [],
  });
  expect(data[0]?.usage?.promptTokens).toBeGreaterThan(0);
  expect(await portkey.logs.get(data[0]?.id ?? '')).toEqual(data[0]);
  expect(await portkey.logs.get('unknown')).toBeNull();
});

it('finds by what the cache said', async () => {
  const portkey = simulator.client({ cache: { mode: 'simple' }, ...simulator.target('openai') });
  const ask = (traceID: string, more: object = {}) => portkey.chat.completions.create(hello, { traceID, ...more });
  await ask('first');
  await ask('second');
  await ask('third', { cacheForceRefresh: true });
  const found = async (params: object) => (await portkey.logs.list(params)).data.map(({ traceId }) => traceId);
  expect([
    await found({ cache: 'MISS' }),
    await found({ cache: 'HIT' }),
    await found({ cache: ['REFRESH', 'MISS'] }),
    await found({ cache: 'DISABLED' }),
  ]).toEqual([['first'], ['second'], ['third', 'first'], []]);
  await errorOf(portkey.logs.list({ cache: 'hits' as never }), InvalidRequestError);
});

it('tells chunks, time to the first token and the speed of a stream', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  await textOf(await portkey.chat.completions.create(helloStream, { traceID: 's' }));
  const [record] = (await portkey.logs.list({ traceId: 's' })).data;
  expect(record).toMatchObject({ stream: true, outcome: 'success', marks: [] });
  expect(record?.chunks).toBeGreaterThan(2);
  expect(record?.firstTokenMs).toBeGreaterThan(0);
});

it('lists failures with status, kind and message, the latest first, page by page', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  simulator.behave('openai', { status: 429 });
  for (const traceID of ['a', 'b', 'c']) await errorOf(portkey.chat.completions.create(hello, { traceID }), APIError);
  simulator.behave('openai', {});
  await portkey.chat.completions.create(hello, { traceID: 'd' });
  const seen: string[] = [];
  for await (const { traceId, error } of portkey.logs.list({ status: 429, limit: 2 }))
    seen.push(`${traceId} ${error?.kind}`);
  expect(seen).toEqual(['c rate_limit', 'b rate_limit', 'a rate_limit']);
  expect((await portkey.logs.list({ outcome: 'success' })).data.map(({ traceId }) => traceId)).toEqual(['d']);
});

it('keeps nothing where the option says so, and says so when asked', async () => {
  const portkey = simulator.client(simulator.target('openai'), { logs: false });
  await portkey.chat.completions.create(hello);
  await expect(portkey.logs.list()).rejects.toThrow('This client keeps no logs: its option "logs" is false.');
});
