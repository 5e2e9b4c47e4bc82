import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { recording } from '../../src/simulator/recording.ts';
import { anthropicHeaders, bearer, chatBody, messageBody, send } from './client.ts';
import { manualClock } from './clock.ts';

let simulator: Simulator;
const clock = manualClock();
beforeAll(async () => {
  simulator = await startSimulator({ clock });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const chat = (provider = 'openai') =>
  send(`${simulator.baseUrl(provider)}/chat/completions?x=1`, {
    headers: { ...bearer, 'X-Mine': 'a' },
    body: chatBody,
  });

describe('records', () => {
  it('say what was asked, by whom, when and what came of it', async () => {
    await chat();
    expect(simulator.requests('openai')).toEqual([
      {
        provider: 'openai',
        method: 'POST',
        path: '/v1/chat/completions?x=1',
        headers: expect.objectContaining({ authorization: 'Bearer key-1', 'x-mine': 'a' }),
        body: chatBody,
        key: 'key-1',
        model: 'gpt-4o',
        stream: false,
        time: 1_000_000,
        status: 200,
        aborted: false,
      },
    ]);
  });

  it('are kept by provider, and given together in order of time', async () => {
    await chat('groq');
    clock.advance(1);
    await send(`${simulator.baseUrl('anthropic')}/messages`, {
      headers: anthropicHeaders,
      body: { ...messageBody, stream: true },
    });
    clock.advance(1);
    await chat('groq');
    expect(simulator.requests('openai')).toEqual([]);
    expect(simulator.requests('groq')).toHaveLength(2);
    expect(simulator.requests().map(({ provider, key, stream }) => [provider, key, stream])).toEqual([
      ['groq', 'key-1', false],
      ['anthropic', 'key-1', true],
      ['groq', 'key-1', false],
    ]);
  });

  it('hold requests that were refused, and bodies that are not JSON', async () => {
    await send(`${simulator.url}/openai/v1/chat/completions`, { body: 'not JSON' });
    expect(simulator.requests('openai')).toMatchObject([
      { status: 401, body: 'not JSON', key: undefined, model: undefined },
    ]);
  });

  it('are gone after a reset', async () => {
    await chat();
    simulator.reset();
    expect(simulator.requests()).toEqual([]);
  });
});

it('keeps the latest requests, up to a limit', () => {
  const kept = recording(3);
  const request = (time: number) => ({ time }) as ReturnType<typeof kept.list>[number];
  for (let time = 0; time < 20; time += 1) {
    kept.add(request(time));
    expect(kept.list().map((one) => one.time)).toEqual([time - 2, time - 1, time].filter((one) => one >= 0));
  }
  const none = recording(0);
  none.add(request(1));
  expect(none.list()).toEqual([]);
});

describe('the same seed', () => {
  const everything = async (seed: number) => {
    await using own = await startSimulator({ seed });
    const replies = [];
    for (const provider of ['openai', 'groq', 'openai']) {
      for (const stream of [false, true]) {
        replies.push(
          await send(`${own.baseUrl(provider)}/chat/completions`, { headers: bearer, body: { ...chatBody, stream } }),
        );
      }
    }
    for (const stream of [false, true]) {
      replies.push(
        await send(`${own.baseUrl('anthropic')}/messages`, {
          headers: anthropicHeaders,
          body: { ...messageBody, stream },
        }),
      );
    }
    return replies.map(({ headers, text }) => ({ headers, text }));
  };

  it('gives the same bytes, headers included; another seed gives others', async () => {
    const first = await everything(1);
    expect(await everything(1)).toEqual(first);
    const other = await everything(2);
    expect(other.map(({ text }) => text).filter((text) => first.some((reply) => reply.text === text))).toEqual([]);
  });

  it('gives each request an ID of its own', async () => {
    const ids = (await everything(1)).map(({ headers }) => headers['x-request-id'] ?? headers['request-id']);
    expect(new Set(ids).size).toBe(8);
  });
});

it('says at its root that it is a simulator', async () => {
  const { status, headers, text } = await send(`${simulator.url}/`, { method: 'GET' });
  expect(status).toBe(200);
  expect(headers['x-modelmux-simulator']).toBe('true');
  expect(JSON.parse(text)).toMatchObject({ simulator: true, message: expect.stringContaining('no model is asked') });
});

it('listens on IPv6 too', async () => {
  const own = await startSimulator({ host: '::1' }).catch(() => undefined);
  // A machine without IPv6 has nothing to test here.
  if (own === undefined) return;
  expect(own.baseUrl('openai')).toMatch(/^http:\/\/\[::1\]:\d+\/openai\/v1$/);
  await own.stop();
});
