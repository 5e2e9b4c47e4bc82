import { expect, it } from 'vitest';
import { type Attempt, PortkeyError, type PortkeyEvents } from '../../src/index.ts';
import { errorOf, fallback, hello, helloStream, simulated, textOf } from '../support/simulated.ts';

const simulator = simulated();

/** Ten kinds of faults over four targets; the tree answers most calls and fails some. */
function faultyTree() {
  simulator.behave('a', { errorRate: 0.5, text: 'from a' });
  simulator.behave('b', [{ text: 'from b' }, { when: { model: 'gpt-b' }, status: 429 }]);
  simulator.behave('anthropic', { errorRate: 0.3, cutAfterChunks: 2 });
  simulator.behave('c', { errorRate: 0.2 });
  const a = simulator.target('a', { provider: 'openai' });
  const b = simulator.target('b', { provider: 'openai' });
  const c = simulator.target('c', { provider: 'openai' });
  return {
    strategy: { mode: 'loadbalance' as const },
    targets: [
      fallback([a, { ...b, override_params: { model: 'gpt-b' } }, c]),
      fallback([simulator.target('anthropic', { override_params: { max_tokens: 9 } }), b]),
      c,
    ],
  };
}

interface Call {
  readonly traceID: string;
  readonly metadata: { readonly n: string; readonly name: string };
}

function callOf(n: number): Call {
  return { traceID: `trace-${n}`, metadata: { n: String(n), name: `Zoë 東京 🙂 ${n}` } };
}

it('keeps a thousand calls at once apart', async () => {
  const portkey = simulator.client(faultyTree(), { traceID: 'the-client’s', metadata: { n: 'client' } });
  const events: [keyof PortkeyEvents, PortkeyEvents['attempt-start' | 'request-end' | 'fallback']][] = [];
  for (const name of ['request-start', 'attempt-start', 'attempt-end', 'retry', 'fallback', 'request-end'] as const)
    portkey.on(name, (event) => events.push([name, event as PortkeyEvents['fallback']]));

  const calls = Array.from({ length: 1000 }, (_, n) => callOf(n));
  const attemptsOf = new Map<string, readonly Readonly<Attempt>[]>();
  const tell = async (call: Call, n: number) => {
    if (n % 3 === 0) {
      const stream = await portkey.chat.completions.create(helloStream, call);
      expect(stream.getHeaders()['trace-id']).toBe(call.traceID);
      return textOf(stream).then(() => stream.attempts);
    }
    const { trace_id, attempts, data } = await portkey.chat.completions.create(hello, call).withResponse();
    expect([trace_id, data.getHeaders()['trace-id']]).toEqual([call.traceID, call.traceID]);
    return attempts;
  };
  await Promise.all(
    calls.map(async (call, n) => {
      const attempts = await tell(call, n).catch((error: PortkeyError) => {
        expect(error).toBeInstanceOf(PortkeyError);
        expect(error.traceId).toBe(call.traceID);
        return error.attempts;
      });
      attemptsOf.set(call.traceID, attempts);
    }),
  );

  const requestIds = new Map(events.map(([, { requestId, traceId }]) => [requestId, traceId]));
  expect([requestIds.size, new Set(requestIds.values()).size]).toEqual([1000, 1000]);
  const strangers = events.filter(([, { traceId, requestId, metadata }]) => {
    const own = calls[Number(traceId.slice('trace-'.length))]?.metadata;
    return requestIds.get(requestId) !== traceId || JSON.stringify(metadata) !== JSON.stringify(own);
  });
  expect(strangers).toEqual([]);
  const count = (wanted: string) => events.filter(([name]) => name === wanted).length;
  const total = [...attemptsOf.values()].reduce((sum, attempts) => sum + attempts.length, 0);
  expect([count('request-start'), count('request-end')]).toEqual([1000, 1000]);
  expect([count('attempt-start'), count('attempt-end')]).toEqual([total, total]);
  expect(total).toBeGreaterThan(1000);
  const ends = events
    .filter(([name]) => name === 'request-end')
    .map(([, event]) => event as PortkeyEvents['request-end']);
  const foreign = ends.filter(
    ({ traceId, attempts }) => JSON.stringify(attempts) !== JSON.stringify(attemptsOf.get(traceId)),
  );
  expect(foreign).toEqual([]);
});

it('makes a trace ID of 32 hex digits where none is given, another for each call', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  const ids = await Promise.all(
    Array.from({ length: 20 }, async () => (await portkey.chat.completions.create(hello)).getHeaders()['trace-id']),
  );
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(ids).size).toBe(20);
});

it('never lets the options of one call stick to the client', async () => {
  const other = simulator.target('other', { provider: 'openai' });
  const portkey = simulator.client(simulator.target('openai'), { traceID: 'client', metadata: { who: 'client' } });
  const seen: unknown[] = [];
  portkey.on('request-end', ({ traceId, metadata, target }) => seen.push([traceId, metadata, target?.path]));
  const call = { traceID: 'call', metadata: { who: 'call' }, config: fallback([other]), requestTimeout: 9999 };
  const given = structuredClone(call);
  await Promise.all([
    portkey.chat.completions.create(hello, call, { headers: { 'x-own': '1' } }),
    portkey.chat.completions.create(hello),
  ]);
  await portkey.chat.completions.create(hello);
  expect(call).toEqual(given);
  expect(simulator.called().toSorted()).toEqual(['openai', 'openai', 'other']);
  expect(seen).toHaveLength(3);
  expect(seen.filter((facts) => JSON.stringify(facts) === '["call",{"who":"call"},"config.targets[0]"]')).toHaveLength(
    1,
  );
  expect(seen.filter((facts) => JSON.stringify(facts) === '["client",{"who":"client"},"config"]')).toHaveLength(2);
});

it('tells of listeners that throw or reject, and harms neither calls nor other listeners', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  const heard: string[] = [];
  const warnings: string[] = [];
  portkey
    .on('attempt-end', () => {
      throw new Error('thrown');
    })
    .on('attempt-end', (async () => {
      throw new Error('rejected');
    }) as () => void)
    .on('attempt-end', () => heard.push('attempt-end'))
    .on('warning', () => {
      throw new Error('and again');
    })
    .on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
  await portkey.chat.completions.create(hello);
  await textOf(await portkey.chat.completions.create(helloStream));
  expect(heard).toEqual(['attempt-end', 'attempt-end']);
  await new Promise((resolve) => setImmediate(resolve));
  const [thrown, rejected] = ['thrown', 'rejected'].map(
    (why) => `listener: A listener of "attempt-end" failed: ${why}`,
  );
  expect(warnings.toSorted()).toEqual([rejected, rejected, thrown, thrown]);
});

it('hears nothing any more after off', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  let heard = 0;
  const listener = () => {
    heard++;
  };
  portkey.on('request-end', listener).on('request-start', listener);
  await portkey.chat.completions.create(hello);
  portkey.off('request-end', listener);
  await portkey.chat.completions.create(hello);
  expect(heard).toBe(3);
});

it('gives each of many callers of one failing lookup an error of its own', async () => {
  const portkey = simulator.client({ virtual_key: 'gone' }, { vault: async () => undefined });
  const errors = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      errorOf(portkey.chat.completions.create(hello, { traceID: `t${n}` }), PortkeyError),
    ),
  );
  expect(errors.map((error) => error.traceId)).toEqual(Array.from({ length: 20 }, (_, n) => `t${n}`));
});
