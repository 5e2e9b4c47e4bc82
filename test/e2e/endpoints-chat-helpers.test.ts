import { Portkey, zodFunction, zodResponseFormat } from 'modelmux';
import { type Simulator, startSimulator } from 'modelmux/simulator';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';

let simulator: Simulator;
let portkey: Portkey;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 7 });
  const target = (provider: string) => ({ provider, api_key: 'sk', custom_host: simulator.baseUrl(provider) });
  portkey = new Portkey({
    config: {
      strategy: { mode: 'fallback' },
      targets: [target('groq'), { ...target('openai'), override_params: { model: 'gpt-4o-mini' } }],
    },
  });
});
beforeEach(() => {
  simulator.reset();
  simulator.behave('groq', { status: 503 });
});
afterAll(() => simulator.stop());

const base = { model: 'any', messages: [{ role: 'user' as const, content: 'Weather in Oslo?' }] };
const Weather = z.object({ degrees: z.number() });

it('parse() goes through the tree and tells about its reply', async () => {
  simulator.script('openai', [{ text: '{"degrees":4}' }]);
  const body = { ...base, response_format: zodResponseFormat(Weather, 'weather') };
  const completion = await portkey.chat.completions.parse(body, { traceID: 't-1' });
  expect(completion.choices[0]?.message.parsed).toEqual({ degrees: 4 });
  expect(completion.getHeaders()).toMatchObject({ provider: 'openai', 'trace-id': 't-1' });
  expect(completion.attempts.length).toBe(2);
});

it('stream() goes through the tree and reports by events', async () => {
  simulator.script('openai', [{ text: 'Four degrees.' }]);
  const stream = portkey.chat.completions.stream(base, { traceID: 't-1' });
  let text = '';
  stream.on('content', (delta) => {
    text += delta;
  });
  expect(await stream.finalContent()).toBe('Four degrees.');
  expect(text).toBe('Four degrees.');
});

it('stream() stops the call when it is aborted', async () => {
  simulator.script('openai', [{ text: 'one two three four five six', tokensPerSecond: 20 }]);
  const stream = portkey.chat.completions.stream(base);
  stream.on('content', () => stream.abort());
  await expect(stream.done()).rejects.toThrow('aborted');
  expect(stream.aborted).toBe(true);
});

it('runTools() sends each of its calls through the tree', async () => {
  simulator.script('openai', [
    { toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] },
    { text: 'Four degrees.' },
  ]);
  const cities: string[] = [];
  const weather = zodFunction({
    name: 'weather',
    parameters: z.object({ city: z.string() }),
    function: ({ city }) => {
      cities.push(city);
      return { degrees: 4 };
    },
  });
  const ended: string[] = [];
  portkey.on('request-end', ({ traceId }) => ended.push(traceId));
  const runner = portkey.chat.completions.runTools({ ...base, tools: [weather] }, { traceID: 't-2' });
  expect(await runner.finalContent()).toBe('Four degrees.');
  expect([cities, ended]).toEqual([['Oslo'], ['t-2', 't-2']]);
});
