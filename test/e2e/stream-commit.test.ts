import { expect, it } from 'vitest';
import { APIConnectionTimeoutError, APIError, type Portkey, TruncatedStreamError } from '../../src/index.ts';
import { pause, until } from '../providers/transport/servers.ts';
import { manualClock } from '../support/manual-clock.ts';
import { errorOf, fallback, helloStream, inShort, simulated, textOf } from '../support/simulated.ts';

const simulator = simulated();

/** What a client tells of its calls, in short. */
function told(portkey: Portkey): string[] {
  const log: string[] = [];
  portkey
    .on('attempt-start', ({ attempt }) => log.push(`start ${attempt.path}`))
    .on('attempt-end', ({ attempt }) => log.push(`end ${attempt.path} ${attempt.outcome}`))
    .on('fallback', ({ from, to }) => log.push(`${from} -> ${to}`))
    .on('request-end', ({ outcome }) => log.push(`request ${outcome.result}`));
  return log;
}

/** A fallback from `first`, which speaks the format of `provider`, to a sound OpenAI. */
function fromFirst(provider: string, node: object = {}) {
  const { custom_host } = simulator.target('openai');
  const first = simulator.target(provider, { override_params: { model: 'm', max_tokens: 100 } });
  const second = { provider: 'openai', api_key: 'k', custom_host: String(custom_host).replace('/openai', '/second') };
  return fallback([first, second], {}, node);
}

// Events before the first content: OpenAI sends the role, Anthropic message_start and content_block_start.
it.each<[string, number, object, string]>([
  ['openai', 0, { errorEventAt: 0 }, '200 overloaded'],
  ['openai', 1, { errorEventAt: 1 }, '200 overloaded'],
  ['openai', 1, { reset: 'in-stream', cutAfterChunks: 1 }, '200 network'],
  ['openai', 1, { cutAfterChunks: 1 }, '200 truncated'],
  ['openai', 0, { malformedChunkAt: 0 }, '200 unreadable'],
  ['anthropic', 2, { errorEventAt: 2 }, '200 overloaded'],
  ['anthropic', 2, { reset: 'in-stream', cutAfterChunks: 2 }, '200 network'],
  ['anthropic', 2, { cutAfterChunks: 2 }, '200 truncated'],
  ['google', 0, { errorEventAt: 0 }, '200 overloaded'],
  ['cohere', 1, { cutAfterChunks: 1 }, '200 truncated'],
])('goes on unseen when %s breaks after %i events without content: %j', async (...[provider, , behaviour, failure]) => {
  simulator.behave(provider, behaviour);
  simulator.behave('second', { text: 'One clean stream.' });
  const portkey = simulator.client(fromFirst(provider));
  const log = told(portkey);
  const stream = await portkey.chat.completions.create(helloStream);
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('One clean stream.');
  expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  expect(chunks.filter((chunk) => chunk.choices[0]?.delta.role !== undefined)).toHaveLength(1);
  expect(inShort(stream.attempts)).toEqual([
    `targets[0] ${provider} failure ${failure}`,
    'targets[1] openai success 200',
  ]);
  expect(log).toEqual([
    'start config.targets[0]',
    'end config.targets[0] failure',
    'config.targets[0] -> config.targets[1]',
    'start config.targets[1]',
    'end config.targets[1] success',
    'request success',
  ]);
});

it('tries a target again whose stream broke before its first content', async () => {
  simulator.script('openai', [{ errorEventAt: 1, error: 'overloaded' }]);
  const clock = manualClock();
  const portkey = simulator.client(simulator.target('openai', { retry: { attempts: 1 } }), { clock });
  const opening = portkey.chat.completions.create(helloStream);
  await until(() => clock.pending === 1);
  clock.advance(1000);
  const stream = await opening;
  expect(await textOf(stream)).toMatch(/simulated/);
  expect(stream.getHeaders()['retry-attempt-count']).toBe('1');
});

it.each<[string, object, new (...given: never[]) => APIError, object]>([
  ['an error event', { errorEventAt: 4, error: 'rate_limit' }, APIError, { kind: 'rate_limit' }],
  ['a reset', { reset: 'in-stream', cutAfterChunks: 4 }, APIError, { kind: 'network', code: 'UND_ERR_SOCKET' }],
  ['a cut', { cutAfterChunks: 4 }, TruncatedStreamError, { kind: 'truncated' }],
  ['broken JSON', { malformedChunkAt: 4 }, APIError, { kind: 'unreadable' }],
])(
  'throws %s after the first content to the reader, and asks nobody else',
  async (...[, behaviour, Class, expected]) => {
    simulator.behave('openai', behaviour);
    const portkey = simulator.client(fromFirst('openai'));
    const log = told(portkey);
    const stream = await portkey.chat.completions.create(helloStream, { traceID: 'trace-1' });
    const received: string[] = [];
    const error = await errorOf(
      (async () => {
        for await (const chunk of stream) received.push(chunk.choices[0]?.delta.content ?? '');
      })(),
      Class,
    );
    expect(received.join('')).not.toBe('');
    expect(error).toMatchObject({
      ...expected,
      received: { content: received.join(''), chunkCount: 4 },
      traceId: 'trace-1',
      target: { path: 'config.targets[0]', provider: 'openai' },
    });
    expect(inShort(error.attempts)).toEqual([`targets[0] openai failure 200 ${error.kind}`]);
    await pause(20);
    expect(simulator.called()).toEqual(['openai']);
    expect(log).toEqual(['start config.targets[0]', 'end config.targets[0] failure', 'request failure']);
  },
);

it('goes on at first_token_timeout, whose socket it closes', async () => {
  simulator.behave('openai', { stallAfterChunks: 1 });
  const clock = manualClock();
  const portkey = simulator.client(fromFirst('openai', { first_token_timeout: 2000 }), { clock });
  const opening = portkey.chat.completions.create(helloStream);
  await until(() => simulator.requests('openai')[0]?.status === 200 && clock.pending === 1);
  clock.advance(1999);
  await pause(10);
  expect(simulator.called()).toEqual(['openai']);
  clock.advance(1);
  const stream = await opening;
  expect(await textOf(stream)).toMatch(/simulated/);
  expect(inShort(stream.attempts)[0]).toBe('targets[0] openai failure 200 timeout');
  await until(() => simulator.requests('openai')[0]?.aborted === true);
});

/** Reads a stream, and tells how many chunks have come. */
function counted(stream: AsyncIterable<unknown>) {
  let chunks = 0;
  const read = async () => {
    for await (const _ of stream) chunks++;
  };
  return { over: read(), chunks: () => chunks };
}

it('fails at idle_timeout after the first content', async () => {
  simulator.behave('openai', { stallAfterChunks: 5 });
  const clock = manualClock();
  const portkey = simulator.client(fromFirst('openai', { idle_timeout: 3000 }), { clock });
  const log = told(portkey);
  const stream = await portkey.chat.completions.create(helloStream);
  const { over, chunks } = counted(stream);
  const reading = errorOf(over, APIConnectionTimeoutError);
  await until(() => chunks() === 5);
  clock.advance(3000);
  expect(await reading).toMatchObject({
    status: 408,
    type: 'timeout_error',
    limit: 'idle_timeout',
    received: { chunkCount: 5 },
  });
  expect(log.slice(1)).toEqual(['end config.targets[0] failure', 'request failure']);
  await until(() => simulator.requests('openai')[0]?.aborted === true);
  expect([simulator.called(), clock.pending]).toEqual([['openai'], 0]);
});

it('ends a stream at total_timeout', async () => {
  simulator.behave('openai', { stallAfterChunks: 5 });
  const clock = manualClock();
  const portkey = simulator.client(fromFirst('openai', { total_timeout: 5000 }), { clock });
  const stream = await portkey.chat.completions.create(helloStream);
  const { over, chunks } = counted(stream);
  const reading = errorOf(over, APIConnectionTimeoutError);
  await until(() => chunks() === 5);
  clock.advance(5000);
  expect(await reading).toMatchObject({ status: 408, limit: 'total_timeout', received: { chunkCount: 5 } });
  await until(() => simulator.requests('openai')[0]?.aborted === true);
  expect(clock.pending).toBe(0);
});

it('goes on from a silent target at request_timeout, whose socket it closes', async () => {
  simulator.behave('openai', { silent: true });
  const clock = manualClock();
  const portkey = simulator.client(fromFirst('openai', { request_timeout: 1000 }), { clock });
  const opening = portkey.chat.completions.create(helloStream);
  await until(() => simulator.requests('openai').length === 1);
  clock.advance(1000);
  const stream = await opening;
  await textOf(stream);
  expect(inShort(stream.attempts)).toEqual(['targets[0] openai failure 408 timeout', 'targets[1] openai success 200']);
  await until(() => simulator.requests('openai')[0]?.aborted === true);
});
