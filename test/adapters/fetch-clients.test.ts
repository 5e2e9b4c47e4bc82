import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { APICallError, tool as aiTool, embed, generateText, jsonSchema, streamText } from 'ai';
import { createFetch } from 'modelmux/fetch';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { errorOf, fallback, simulated } from '../support/simulated.ts';

const lab = simulated();
const tree = () =>
  createFetch(
    lab.client(fallback([lab.target('openai'), lab.target('anthropic', { override_params: { model: 'claude' } })])),
  );
const down = () => lab.behave('openai', { outage: true });

describe("Anthropic's client", () => {
  const client = (maxRetries = 2) => new Anthropic({ apiKey: 'unused', authToken: null, fetch: tree(), maxRetries });
  const body = { model: 'gpt-4o', max_tokens: 50, messages: [{ role: 'user' as const, content: 'Hi' }] };

  it('is answered by OpenAI, and when that is down by Anthropic', async () => {
    lab.script('openai', [{ text: 'From the first.' }]);
    lab.script('anthropic', [{ text: 'From the second.' }]);
    const first = await client().messages.create(body);
    expect([first.type, first.content]).toMatchObject(['message', [{ type: 'text', text: 'From the first.' }]]);
    down();
    const { data, response } = await client().messages.create(body).withResponse();
    expect(data.content).toMatchObject([{ type: 'text', text: 'From the second.' }]);
    expect(response.headers.get('x-portkey-provider')).toBe('anthropic');
  });

  it('streams', async () => {
    lab.script('openai', [{ text: 'One two three.' }]);
    expect(await client().messages.stream(body).finalText()).toBe('One two three.');
  });

  it('gets its own classes of errors, after one run through the tree', async () => {
    down();
    lab.script('anthropic', [{ status: 429 }]);
    const error = await errorOf(client().messages.create(body), Anthropic.RateLimitError);
    expect([error.status, error.type]).toEqual([429, 'rate_limit_error']);
    expect(lab.called()).toEqual(['openai', 'anthropic']);
    const bad = client().messages.create({ ...body, messages: undefined as never });
    expect((await errorOf(bad, Anthropic.BadRequestError)).type).toBe('invalid_request_error');
  });

  it('is told in its own way when a stream breaks', async () => {
    lab.script('openai', [{ text: 'One two three four five six.', cutAfterChunks: 4 }]);
    const error = await errorOf(client().messages.stream(body).finalText(), Anthropic.APIError);
    expect(error.error).toMatchObject({ type: 'error', error: { code: 'truncated_stream' } });
  });
});

describe("the AI SDK's OpenAI-compatible provider", () => {
  const model = () =>
    createOpenAICompatible({ name: 'tree', baseURL: 'http://tree/v1', fetch: tree(), includeUsage: true })('gpt-4o');

  it('generates and streams', async () => {
    lab.script('openai', [{ text: 'One.' }, { text: 'Two three.' }]);
    expect((await generateText({ model: model(), prompt: 'Hi' })).text).toBe('One.');
    const stream = streamText({ model: model(), prompt: 'Hi' });
    expect(await stream.text).toBe('Two three.');
    expect((await stream.usage).totalTokens).toBeGreaterThan(0);
  });

  it('calls tools', async () => {
    lab.script('openai', [{ toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }, { text: 'Sunny.' }]);
    const weather = aiTool({
      inputSchema: jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } } }),
      execute: async ({ city }) => `Sunny in ${city}`,
    });
    const { steps, text } = await generateText({
      model: model(),
      prompt: 'Weather in Oslo?',
      tools: { weather },
      stopWhen: ({ steps: made }) => made.length === 2,
    });
    expect([steps.length, text]).toEqual([2, 'Sunny.']);
  });

  it('gets failures as APICallError with the status', async () => {
    lab.script('openai', [{ status: 401 }]);
    lab.script('anthropic', [{ status: 401 }]);
    const error = await errorOf(generateText({ model: model(), prompt: 'Hi', maxRetries: 0 }), APICallError);
    expect([error.statusCode, error.isRetryable]).toEqual([401, false]);
  });

  it('embeds', async () => {
    const provider = createOpenAICompatible({ name: 'tree', baseURL: 'http://tree/v1', fetch: tree() });
    const { embedding } = await embed({ model: provider.embeddingModel('text-embedding-3-small'), value: 'one' });
    expect(embedding.length).toBeGreaterThan(0);
  });
});

describe("LangChain's client", () => {
  const model = (more = {}) =>
    new ChatOpenAI({ model: 'gpt-4o', apiKey: 'unused', configuration: { fetch: tree() }, ...more });

  it('invokes and streams', async () => {
    lab.script('openai', [{ text: 'One.' }, { text: 'Two three.' }]);
    expect((await model().invoke('Hi')).text).toBe('One.');
    let text = '';
    for await (const chunk of await model().stream('Hi')) text += chunk.text;
    expect(text).toBe('Two three.');
  });

  it('calls tools', async () => {
    lab.script('openai', [{ toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }]);
    const weather = tool(async () => 'Sunny', { name: 'weather', schema: z.object({ city: z.string() }) });
    const reply = await model().bindTools([weather]).invoke('Weather in Oslo?');
    expect(reply.tool_calls).toMatchObject([{ name: 'weather', args: { city: 'Oslo' } }]);
  });

  it('goes on to the next target by itself', async () => {
    down();
    lab.script('anthropic', [{ text: 'From the second.' }]);
    expect((await model({ maxRetries: 0 }).invoke('Hi')).text).toBe('From the second.');
  });

  it('embeds', async () => {
    const embeddings = new OpenAIEmbeddings({ apiKey: 'unused', configuration: { fetch: tree() } });
    expect((await embeddings.embedQuery('one')).length).toBeGreaterThan(0);
  });
});
