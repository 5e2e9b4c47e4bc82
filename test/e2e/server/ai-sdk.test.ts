import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embed, generateText, jsonSchema, Output, streamText, tool } from 'ai';
import { expect, it } from 'vitest';
import { collect } from '../../resources/fakes.ts';
import { served } from '../../support/served.ts';
import { simulated } from '../../support/simulated.ts';

const simulator = simulated();

async function provider() {
  const server = await served({ config: simulator.target('openai') });
  return createOpenAICompatible({
    name: 'modelmux',
    baseURL: `${server.url}/v1`,
    apiKey: 'unused',
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
}

const prompt = 'Hello';
const city = jsonSchema<{ city: string }>({
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
});

it('generates text', async () => {
  const model = (await provider())('gpt-4o');
  simulator.script('openai', [{ text: 'Hello there' }]);
  const { text, finishReason, usage } = await generateText({ model, prompt, maxRetries: 0 });
  expect([text, finishReason, usage.outputTokens]).toEqual(['Hello there', 'stop', 2]);
});

it('streams text', async () => {
  const model = (await provider())('gpt-4o');
  simulator.script('openai', [{ text: 'Hello there, twice' }]);
  const result = streamText({ model, prompt, maxRetries: 0 });
  expect((await collect(result.textStream)).join('')).toBe('Hello there, twice');
  expect((await result.usage).outputTokens).toBe(3);
});

it('calls tools and goes on with what they gave', async () => {
  const model = (await provider())('gpt-4o');
  simulator.script('openai', [{ toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }]);
  const asked: unknown[] = [];
  const weather = tool({
    inputSchema: city,
    execute: async (input) => {
      asked.push(input);
      return 'rain';
    },
  });
  const { toolCalls } = await generateText({ model, prompt, tools: { weather }, maxRetries: 0 });
  expect(asked).toEqual([{ city: 'Oslo' }]);
  expect(toolCalls).toMatchObject([{ toolName: 'weather', input: { city: 'Oslo' } }]);
});

it('answers in a JSON schema', async () => {
  const model = (await provider())('gpt-4o');
  simulator.script('openai', [{ jsonObject: { city: 'Oslo' } }]);
  const { output } = await generateText({ model, prompt, output: Output.object({ schema: city }), maxRetries: 0 });
  expect(output).toEqual({ city: 'Oslo' });
  expect(simulator.bodies('openai')[0]).toMatchObject({ response_format: { type: 'json_schema' } });
});

it('embeds', async () => {
  const { embedding } = await embed({ model: (await provider()).embeddingModel('e'), value: 'x', maxRetries: 0 });
  expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
});

it.each([400, 401, 404, 408, 429, 500])('status %i is an APICallError with our facts', async (status) => {
  const model = (await provider())('gpt-4o');
  simulator.script('openai', [{ status }]);
  const error = await generateText({ model, prompt, maxRetries: 0 }).catch((reason: unknown) => reason);
  expect(APICallError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ statusCode: status, data: { error: { message: expect.stringMatching(/./) } } });
});

it('an abort in the middle of a stream closes the provider’s socket', async () => {
  const model = (await provider())('gpt-4o');
  simulator.script('openai', [{ text: 'one two three four five', stallAfterChunks: 3 }]);
  const controller = new AbortController();
  const result = streamText({ model, prompt, maxRetries: 0, abortSignal: controller.signal, onError: () => undefined });
  for await (const _text of result.textStream) {
    controller.abort();
    break;
  }
  await expect.poll(() => simulator.requests('openai')[0]?.aborted).toBe(true);
});
