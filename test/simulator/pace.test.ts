import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/runtime.ts';
import { type StreamEvent, sse } from '../../src/simulator/framing.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { planStream } from '../../src/simulator/stream.ts';
import { recut } from '../../src/simulator/transmission.ts';
import { bearer, chatBody, dataOf, send } from './client.ts';
import { manualClock } from './clock.ts';

const events: readonly StreamEvent[] = [
  { data: 'role' },
  { data: 'a', token: true },
  { data: 'b', token: true },
  { data: 'c', token: true },
  { data: 'stop' },
  { data: '[DONE]', end: true },
];
const times = (pace: object) => planStream(events, pace, sse, () => ({ data: 'error' })).pieces.map(({ atMs }) => atMs);

describe('the times of a stream', () => {
  it.each([
    [{}, [0, 0, 0, 0, 0, 0]],
    [{ firstTokenMs: 30 }, [0, 30, 30, 30, 30, 30]],
    [{ tokensPerSecond: 100 }, [0, 0, 10, 20, 20, 20]],
    [{ firstTokenMs: 30, tokensPerSecond: 50 }, [0, 30, 50, 70, 70, 70]],
    [{ tokensPerSecond: 0 }, [0, 0, 0, 0, 0, 0]],
  ])('%j', (pace, expected) => expect(times(pace)).toEqual(expected));

  it('bytes that drip keep the time of the event they belong to', () => {
    const pieces = [
      { bytes: 'ab', atMs: 0 },
      { bytes: 'c', atMs: 100 },
    ];
    expect(recut(pieces, { dripBytesMs: 5 }).map(({ bytes, atMs }) => [bytes.toString(), atMs])).toEqual([
      ['a', 0],
      ['b', 5],
      ['c', 100],
    ]);
    expect(recut(pieces, { splitBytes: 2 }).map(({ bytes }) => bytes.toString())).toEqual(['ab', 'c']);
  });
});

/** Reads a stream while the clock is moved by hand. */
async function reading(simulator: Simulator, body: unknown) {
  const abort = new AbortController();
  const response = fetch(`${simulator.baseUrl('openai')}/chat/completions`, {
    method: 'POST',
    headers: bearer,
    body: JSON.stringify(body),
    signal: abort.signal,
  });
  const state = { text: '', headers: false, done: false };
  const finished = (async () => {
    const { body: bytes } = await response;
    state.headers = true;
    for await (const chunk of bytes ?? []) state.text += Buffer.from(chunk as Uint8Array).toString();
    state.done = true;
  })().catch(() => undefined);
  return { state, finished, abort };
}

describe('on the wire', () => {
  it('waits before the headers, before the first token, and between tokens', async () => {
    const clock = manualClock();
    await using simulator = await startSimulator({
      clock,
      providers: { openai: { text: 'a b c', latencyMs: 100, firstTokenMs: 50, tokensPerSecond: 10 } },
    });
    const { state, finished } = await reading(simulator, { ...chatBody, stream: true });
    const count = () => dataOf(state.text).length;
    await expect.poll(() => clock.pending()).toBe(1);
    clock.advance(99);
    expect(state.headers).toBe(false);
    clock.advance(1);
    await expect.poll(() => [state.headers, count()]).toEqual([true, 1]);
    clock.advance(50);
    await expect.poll(() => count()).toBe(2);
    clock.advance(100);
    await expect.poll(() => count()).toBe(3);
    clock.advance(99);
    expect(state.done).toBe(false);
    clock.advance(1);
    await finished;
    expect([state.done, count()]).toEqual([true, 6]);
    expect(clock.pending()).toBe(0);
  });

  it('draws latency from a range, the same for the same seed', async () => {
    const draw = async (seed: number) => {
      const waits: number[] = [];
      const clock: Clock = {
        now: () => 0,
        after(ms, callback) {
          waits.push(ms);
          queueMicrotask(callback);
          return () => undefined;
        },
      };
      await using simulator = await startSimulator({ clock, seed, providers: { openai: { latencyMs: [20, 40] } } });
      for (let time = 0; time < 5; time += 1) {
        await send(`${simulator.baseUrl('openai')}/chat/completions`, { headers: bearer, body: chatBody });
      }
      return waits;
    };
    const waits = await draw(1);
    expect(waits.every((ms) => ms >= 20 && ms < 40)).toBe(true);
    expect(new Set(waits).size).toBe(5);
    expect(await draw(1)).toEqual(waits);
    expect(await draw(2)).not.toEqual(waits);
  });

  it('drops its timers when the client leaves', async () => {
    const clock = manualClock();
    await using simulator = await startSimulator({
      clock,
      scripts: { openai: [{ latencyMs: 1000 }, { text: 'a b c', tokensPerSecond: 1 }] },
    });
    const waiting = await reading(simulator, chatBody);
    await expect.poll(() => clock.pending()).toBe(1);
    waiting.abort.abort();
    await expect.poll(() => clock.pending()).toBe(0);
    const streaming = await reading(simulator, { ...chatBody, stream: true });
    await expect.poll(() => streaming.state.text).not.toBe('');
    expect(clock.pending()).toBe(1);
    streaming.abort.abort();
    await expect.poll(() => clock.pending()).toBe(0);
    expect(simulator.requests().map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});

describe('starting and stopping', () => {
  it('rejects when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(startSimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });

  it('stops at once by default, whatever is under way', async () => {
    const simulator = await startSimulator({ providers: { openai: { silent: true } } });
    const asked = send(`${simulator.baseUrl('openai')}/chat/completions`, { headers: bearer, body: chatBody });
    await expect.poll(() => simulator.requests()).toHaveLength(1);
    await simulator.stop();
    expect(await asked).toMatchObject({ status: 0, error: 'ECONNRESET' });
    await simulator.stop();
  });

  it('lets requests under way finish when told to drain, and takes no new ones', async () => {
    const clock = manualClock();
    const simulator = await startSimulator({ clock, providers: { openai: { latencyMs: 10 } } });
    const url = `${simulator.baseUrl('openai')}/chat/completions`;
    const asked = fetch(url, { method: 'POST', headers: bearer, body: JSON.stringify(chatBody) });
    await expect.poll(() => clock.pending()).toBe(1);
    const stopping = simulator.stop({ drainMs: 10_000 });
    expect(await send(url, { headers: bearer, body: chatBody })).toMatchObject({ status: 0, error: 'ECONNREFUSED' });
    clock.advance(10);
    expect((await asked).status).toBe(200);
    await stopping;
  });

  it('ends draining when told to stop again', async () => {
    const simulator = await startSimulator({ providers: { openai: { silent: true } } });
    const asked = send(`${simulator.baseUrl('openai')}/chat/completions`, { headers: bearer, body: chatBody });
    await expect.poll(() => simulator.requests()).toHaveLength(1);
    const stopping = simulator.stop({ drainMs: 60_000 });
    await simulator.stop();
    await stopping;
    expect((await asked).error).toBe('ECONNRESET');
  });

  it('gives up draining after a while', async () => {
    const simulator = await startSimulator({ providers: { openai: { silent: true } } });
    const asked = send(`${simulator.baseUrl('openai')}/chat/completions`, { headers: bearer, body: chatBody });
    await expect.poll(() => simulator.requests()).toHaveLength(1);
    await simulator.stop({ drainMs: 20 });
    expect((await asked).error).toBe('ECONNRESET');
  });
});
