import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Behaviour, type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { anthropicHeaders, bearer, chatBody, messageBody, send } from './client.ts';
import { manualClock } from './clock.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

interface Ask {
  readonly key?: string;
  readonly model?: string;
  readonly provider?: string;
}

async function ask({ key = 'key-1', model = 'gpt-4o', provider = 'openai' }: Ask = {}, from = simulator) {
  const headers = { authorization: `Bearer ${key}` };
  return send(`${from.baseUrl(provider)}/chat/completions`, { headers, body: { ...chatBody, model } });
}
const said = async (...asked: Parameters<typeof ask>) =>
  JSON.parse((await ask(...asked)).text).choices[0].message.content;
const statuses = async (count: number, asked: Ask = {}, from = simulator) => {
  const result: number[] = [];
  for (let time = 0; time < count; time += 1) result.push((await ask(asked, from)).status);
  return result;
};

describe('scripts', () => {
  it('are used up one reply a request, then the standing behaviour holds', async () => {
    simulator.behave('openai', { status: 500 });
    simulator.script('openai', [{ status: 429 }, {}]);
    simulator.script('openai', [{ status: 503 }]);
    expect(await statuses(5)).toEqual([429, 200, 503, 500, 500]);
  });

  it('belong to one provider', async () => {
    simulator.script('openai', [{ status: 429 }]);
    expect(await statuses(1, { provider: 'groq' })).toEqual([200]);
    expect(await statuses(2)).toEqual([429, 200]);
  });

  it('keep a reply for the request it is meant for', async () => {
    simulator.script('openai', [
      { when: { key: 'a' }, status: 429 },
      { when: { model: 'm' }, status: 503 },
      { text: 'first' },
    ]);
    expect(await said({ key: 'b' })).toBe('first');
    expect((await ask({ key: 'a' })).status).toBe(429);
    expect((await ask({ model: 'm' })).status).toBe(503);
    expect((await ask({ key: 'a', model: 'm' })).status).toBe(200);
  });

  it('are used up by requests that are refused, too', async () => {
    simulator.script('openai', [{ text: 'lost' }, { text: 'found' }]);
    await send(`${simulator.baseUrl('openai')}/chat/completions`, { body: chatBody });
    expect(await said()).toBe('found');
  });

  it('keep the standing keys, models and pace, and nothing else', async () => {
    const clock = manualClock();
    await using paced = await startSimulator({
      clock,
      providers: { openai: { keys: ['key-1'], models: ['gpt-4o'], text: 'standing', headers: { 'x-a': '1' } } },
    });
    paced.script('openai', [{ text: 'scripted' }, { text: 'scripted' }, { text: 'scripted' }]);
    const { headers, text } = await ask({}, paced);
    expect(JSON.parse(text).choices[0].message.content).toBe('scripted');
    expect(headers).not.toHaveProperty('x-a');
    expect(await statuses(1, { key: 'no' }, paced)).toEqual([401]);
    expect(await statuses(1, { model: 'no' }, paced)).toEqual([404]);
  });

  it('can be given at the start', async () => {
    await using scripted = await startSimulator({ scripts: { openai: [{ status: 418 }] } });
    expect(await statuses(2, {}, scripted)).toEqual([418, 200]);
    scripted.reset();
    expect(await statuses(2, {}, scripted)).toEqual([418, 200]);
  });
});

describe('standing behaviour', () => {
  it('is replaced as a whole', async () => {
    simulator.behave('openai', { text: 'one', headers: { 'x-a': '1' } });
    expect((await ask()).headers['x-a']).toBe('1');
    simulator.behave('openai', { text: 'two' });
    const { headers } = await ask();
    expect(headers).not.toHaveProperty('x-a');
    expect(await said()).toBe('two');
  });

  it('merges the behaviours of a list that apply, later ones over earlier ones', async () => {
    simulator.behave('openai', [
      { text: 'any', finishReason: 'length' },
      { when: { model: 'm' }, text: 'm' },
      { when: { key: 'bad', model: 'm' }, status: 403 },
      { match: (request) => (request.body as { user?: string }).user === 'x', text: 'x' },
    ]);
    expect(await said()).toBe('any');
    expect(JSON.parse((await ask({ model: 'm' })).text).choices[0]).toMatchObject({
      message: { content: 'm' },
      finish_reason: 'length',
    });
    expect((await ask({ model: 'm', key: 'bad' })).status).toBe(403);
    const url = `${simulator.baseUrl('openai')}/chat/completions`;
    const matched = await send(url, { headers: bearer, body: { ...chatBody, user: 'x' } });
    expect(JSON.parse(matched.text).choices[0].message.content).toBe('x');
  });

  it('stands on the defaults', async () => {
    await using scripted = await startSimulator({
      defaults: { text: 'default', finishReason: 'length' },
      providers: { groq: { text: 'groq' } },
    });
    expect(await said({}, scripted)).toBe('default');
    expect(JSON.parse((await ask({ provider: 'groq' }, scripted)).text).choices[0]).toMatchObject({
      message: { content: 'groq' },
      finish_reason: 'length',
    });
    scripted.behave('groq', {});
    expect(await said({ provider: 'groq' }, scripted)).toBe('default');
  });

  it('an outage hides keys; other errors do not', async () => {
    const keyless = () => send(`${simulator.baseUrl('openai')}/chat/completions`, { body: chatBody });
    simulator.behave('openai', { outage: true });
    expect((await keyless()).status).toBe(503);
    simulator.behave('openai', { status: 500 });
    expect((await keyless()).status).toBe(401);
  });

  it('fails a share of requests, the same ones for the same seed', async () => {
    await using scripted = await startSimulator({ seed: 7, providers: { openai: { errorRate: 0.3 } } });
    const first = await statuses(100, {}, scripted);
    const failed = first.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(15);
    expect(failed).toBeLessThan(45);
    expect(first.every((status) => status === 500 || status === 200)).toBe(true);
    scripted.reset();
    expect(await statuses(100, {}, scripted)).toEqual(first);
  });
});

describe('limits', () => {
  it('admits so many requests of a key in any window, and says when to come back', async () => {
    const clock = manualClock();
    await using limited = await startSimulator({
      clock,
      providers: { openai: { rateLimit: { requests: 2, perMs: 1000 } } },
    });
    expect((await ask({}, limited)).headers).toMatchObject({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': '1s',
    });
    clock.advance(400);
    expect((await ask({}, limited)).status).toBe(200);
    const { status, headers, text } = await ask({}, limited);
    expect(status).toBe(429);
    expect(headers).toMatchObject({
      'retry-after': '1',
      'retry-after-ms': '600',
      'x-ratelimit-remaining-requests': '0',
    });
    expect(JSON.parse(text).error.code).toBe('rate_limit_exceeded');
    expect((await ask({ key: 'other' }, limited)).status).toBe(200);
    clock.advance(599);
    expect((await ask({}, limited)).status).toBe(429);
    clock.advance(1);
    expect(await statuses(2, {}, limited)).toEqual([200, 429]);
    clock.advance(400);
    expect(await statuses(2, {}, limited)).toEqual([200, 429]);
  });

  it("tells of a limit in Anthropic's headers", async () => {
    const clock = manualClock(Date.parse('2025-06-01T12:00:00Z'));
    await using limited = await startSimulator({
      clock,
      providers: { anthropic: { rateLimit: { requests: 1, perMs: 60_000 } } },
    });
    const url = `${limited.baseUrl('anthropic')}/messages`;
    const { headers } = await send(url, { headers: anthropicHeaders, body: messageBody });
    expect(headers).toMatchObject({
      'anthropic-ratelimit-requests-limit': '1',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2025-06-01T12:01:00.000Z',
    });
    expect((await send(url, { headers: anthropicHeaders, body: messageBody })).headers['retry-after']).toBe('60');
  });

  it('admits so many requests at once, streams until they end', async () => {
    const clock = manualClock();
    await using limited = await startSimulator({
      clock,
      providers: { openai: { maxConcurrency: 1, text: 'a b', tokensPerSecond: 10 } },
    });
    const url = `${limited.baseUrl('openai')}/chat/completions`;
    const stream = await fetch(url, {
      method: 'POST',
      headers: bearer,
      body: JSON.stringify({ ...chatBody, stream: true }),
    });
    expect(stream.status).toBe(200);
    expect(await statuses(1, {}, limited)).toEqual([429]);
    clock.advance(100);
    await stream.text();
    expect(await statuses(2, {}, limited)).toEqual([200, 200]);
  });

  it('can be one key’s own', async () => {
    simulator.behave('openai', [{}, { when: { key: 'small' }, rateLimit: { requests: 1, perMs: 60_000 } }]);
    expect(await statuses(2, { key: 'small' })).toEqual([200, 429]);
    expect(await statuses(2, { key: 'big' })).toEqual([200, 200]);
  });
});

describe('what is checked', () => {
  it.each<[unknown, string]>([
    [{ sttaus: 429 }, '$: Unrecognized key: "sttaus"'],
    [{ status: 99 }, '$.status: '],
    [{ status: '429' }, '$.status: '],
    [{ error: 'ratelimit' }, '$.error: '],
    [{ errorRate: 2 }, '$.errorRate: '],
    [{ latencyMs: [5, 1] }, '$.latencyMs: must be milliseconds, or [minimum, maximum]'],
    [{ usage: true }, '$.usage: must be false, or token counts by inputTokens'],
    [{ retryAfter: true }, '$.retryAfter: must be seconds, a date as HTTP writes it, or {ms}'],
    [{ headers: { Server: 'x' } }, '$.headers.Server: '],
    [{ headers: { 'X-Modelmux-Simulator': 'false' } }, '$.headers["X-Modelmux-Simulator"]: '],
    [{ toolCalls: [{ name: 'f', arguments: 3 }] }, '$.toolCalls[0].arguments: must be a string or an object'],
    [{ rateLimit: { requests: 0, perMs: 1 } }, '$.rateLimit.requests: '],
    [{ match: 'x' }, '$.match: must be a function'],
    [[{}, { splitBytes: 0 }], '$[1].splitBytes: '],
    [null, '$: '],
  ])('%j is refused', (behaviour, message) => {
    expect(() => simulator.behave('openai', behaviour as Behaviour)).toThrow(message);
  });

  it('a script may not set what belongs to the provider', () => {
    expect(() => simulator.script('openai', [{ keys: ['x'] } as object])).toThrow('$[0]: Unrecognized key: "keys"');
  });

  it('options are checked, all problems at once', async () => {
    const options = { prot: 1, providers: { openai: { outage: 'yes' } }, scripts: { openai: {} } } as object;
    const error = await startSimulator(options).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'ConfigError',
      issues: [
        { path: '$.providers.openai.outage' },
        { path: '$.scripts.openai' },
        { path: '$', message: 'Unrecognized key: "prot"' },
      ],
    });
  });
});
