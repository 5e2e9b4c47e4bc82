import {
  APICallError,
  embed,
  embedMany,
  generateImage,
  generateObject,
  generateText,
  isStepCount,
  Output,
  streamObject,
  streamText,
  tool,
} from 'ai';
import { createModelmux } from 'modelmux/ai-sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { CallOptions, PortkeyOptions } from '../../src/index.ts';
import { recordingServer } from '../e2e/recording-server.ts';
import { closed, startHttp } from '../providers/transport/servers.ts';
import { errorOf, fallback, simulated } from '../support/simulated.ts';

const lab = simulated();

beforeAll(() => {
  // The SDK writes warnings to the console.
  (globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false;
});

function modelmux(config: PortkeyOptions['config'], options: CallOptions = {}) {
  return createModelmux(lab.client(config), options);
}

interface Block {
  readonly type: string;
  readonly signature?: string;
}

const openai = () => modelmux(lab.target('openai'))('gpt-4o');
const anthropic = () => modelmux(lab.target('anthropic'))('claude-3-5-sonnet-latest');
const tree = () =>
  modelmux(
    fallback([
      lab.target('openai'),
      lab.target('anthropic', { override_params: { model: 'claude-3-5-sonnet-latest' } }),
    ]),
  )('gpt-4o');
const weather = tool({
  description: 'The weather in a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => ({ city, sky: 'clear' }),
});

describe('generateText', () => {
  it('is answered by the tree, and tells how', async () => {
    lab.behave('openai', { outage: true });
    lab.script('anthropic', [{ text: 'From the second.', usage: { inputTokens: 12, outputTokens: 5 } }]);
    const result = await generateText({ model: tree(), system: 'Be brief.', prompt: 'Hi' });
    expect(result.text).toBe('From the second.');
    expect(result.finishReason).toBe('stop');
    expect(result.usage).toMatchObject({ inputTokens: 12, outputTokens: 5, totalTokens: 17 });
    expect(result.response).toMatchObject({ modelId: 'claude-3-5-sonnet-latest' });
    expect(result.response.headers).toMatchObject({ 'x-portkey-provider': 'anthropic' });
    expect(result.providerMetadata?.['modelmux']).toMatchObject({
      provider: 'anthropic',
      target: 'config.targets[1]',
      cacheStatus: 'DISABLED',
      attempts: [
        { path: 'config.targets[0]', provider: 'openai', outcome: 'failure', errorKind: 'overloaded' },
        { path: 'config.targets[1]', provider: 'anthropic', outcome: 'success', status: 200 },
      ],
    });
  });

  it('sends every setting under its own name', async () => {
    await generateText({
      model: openai(),
      prompt: 'Hi',
      maxOutputTokens: 50,
      temperature: 0.5,
      topP: 0.9,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      stopSequences: ['END'],
      seed: 7,
      reasoning: 'low',
      providerOptions: { modelmux: { params: { user: 'u-1', parallel_tool_calls: false } } },
    });
    expect(lab.bodies('openai')).toEqual([
      {
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'Hi' }],
        max_completion_tokens: 50,
        temperature: 0.5,
        top_p: 0.9,
        presence_penalty: 0.1,
        frequency_penalty: 0.2,
        stop: ['END'],
        seed: 7,
        reasoning_effort: 'low',
        user: 'u-1',
        parallel_tool_calls: false,
      },
    ]);
  });

  it('warns of what the target cannot honour', async () => {
    const { warnings } = await generateText({ model: anthropic(), prompt: 'Hi', seed: 7, frequencyPenalty: 1 });
    expect(warnings?.map((warning) => ('feature' in warning ? warning.feature : warning.type)).sort()).toEqual([
      'frequency_penalty',
      'seed',
    ]);
  });

  it('counts cached and reasoning tokens', async () => {
    lab.script('openai', [
      { text: 'Hi.', usage: { inputTokens: 100, outputTokens: 30, cachedTokens: 60, reasoningTokens: 20 } },
    ]);
    const { usage } = await generateText({ model: openai(), prompt: 'Hi' });
    expect(usage.inputTokenDetails).toMatchObject({ cacheReadTokens: 60, noCacheTokens: 40 });
    expect(usage.outputTokenDetails).toMatchObject({ reasoningTokens: 20, textTokens: 10 });
  });

  it.each([
    ['length', { finishReason: 'length' }, 'length'],
    ['content_filter', { contentFilter: true }, 'content-filter'],
  ] as const)('%s is a finish reason of its own', async (_, behaviour, unified) => {
    lab.script('openai', [{ text: 'Cut', ...behaviour }]);
    expect((await generateText({ model: openai(), prompt: 'Hi' })).finishReason).toBe(unified);
  });

  it('leaves the model to the config', async () => {
    const model = modelmux(lab.target('openai', { override_params: { model: 'gpt-4o-mini' } }))();
    await generateText({ model, prompt: 'Hi' });
    expect(lab.bodies('openai')[0]).toMatchObject({ model: 'gpt-4o-mini' });
  });

  it('chooses config, trace ID and metadata by call', async () => {
    const portkey = lab.client(lab.target('openai'));
    const seen: unknown[] = [];
    portkey.on('request-end', ({ traceId, metadata }) => seen.push([traceId, metadata]));
    const model = createModelmux(portkey, { traceID: 'standing' })('gpt-4o');
    await generateText({ model, prompt: 'Hi' });
    await generateText({
      model,
      prompt: 'Hi',
      providerOptions: {
        modelmux: { traceId: 'own', metadata: { plan: 'paid' }, config: lab.target('anthropic') as never },
      },
    });
    await generateText({ model, prompt: 'Hi', headers: { 'x-portkey-trace-id': 'by-header' } });
    expect(seen).toEqual([
      ['standing', {}],
      ['own', { plan: 'paid' }],
      ['by-header', {}],
    ]);
    expect(lab.called()).toEqual(['openai', 'anthropic', 'openai']);
  });

  it('refuses options that cannot be meant', async () => {
    const call = generateText({
      model: openai(),
      prompt: 'Hi',
      providerOptions: { modelmux: { traceIDs: 'x' } },
    });
    const error = await errorOf(call, APICallError);
    expect([error.statusCode, error.isRetryable]).toEqual([400, false]);
    expect(error.message).toContain('Did you mean "traceID"?');
    expect(() => createModelmux(lab.client(lab.target('openai')), { tracID: 'x' } as object)).toThrow('Did you mean');
  });
});

describe('streamText', () => {
  it('streams text, usage and metadata', async () => {
    lab.script('openai', [{ text: 'One two three.', usage: { inputTokens: 3, outputTokens: 4 } }]);
    const result = streamText({ model: openai(), prompt: 'Hi' });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe('One two three.');
    expect(await result.usage).toMatchObject({ inputTokens: 3, outputTokens: 4 });
    expect(await result.finishReason).toBe('stop');
    expect((await result.providerMetadata)?.['modelmux']).toMatchObject({
      provider: 'openai',
      attempts: [{ outcome: 'success' }],
    });
  });

  it('goes on to the next target before the first content', async () => {
    lab.script('openai', [{ errorEventAt: 1, error: 'overloaded' }]);
    lab.script('anthropic', [{ text: 'From the second.' }]);
    expect(await streamText({ model: tree(), prompt: 'Hi' }).text).toBe('From the second.');
  });

  it('tells of a failure after it', async () => {
    lab.script('openai', [{ text: 'One two three four five six.', cutAfterChunks: 4 }]);
    const errors: unknown[] = [];
    const result = streamText({ model: openai(), prompt: 'Hi', onError: ({ error }) => void errors.push(error) });
    await result.consumeStream();
    expect(errors).toHaveLength(1);
    expect(APICallError.isInstance(errors[0]) && errors[0].data).toMatchObject({ error: { code: 'truncated_stream' } });
    expect(await result.finishReason).toBe('error');
  });

  it('closes the socket of the provider when it is aborted', async () => {
    const server = await startHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"one"}}]}\n\n');
    });
    const model = modelmux({ provider: 'openai', api_key: 'k', custom_host: `${server.base}/v1` })('gpt-4o');
    const controller = new AbortController();
    let aborted = false;
    const result = streamText({
      model,
      prompt: 'Hi',
      abortSignal: controller.signal,
      onAbort: () => {
        aborted = true;
      },
    });
    for await (const piece of result.textStream) {
      expect(piece).toBe('one');
      controller.abort();
    }
    await closed(server.sockets[0]);
    expect(aborted).toBe(true);
  });

  it('hands out raw chunks when asked', async () => {
    lab.script('openai', [{ text: 'Hi.' }]);
    const result = streamText({ model: openai(), prompt: 'Hi', includeRawChunks: true });
    const raw: unknown[] = [];
    for await (const part of result.fullStream) if (part.type === 'raw') raw.push(part.rawValue);
    expect(raw[0]).toMatchObject({ object: 'chat.completion.chunk' });
  });
});

describe('tools', () => {
  const calls = [{ name: 'weather', arguments: { city: 'Oslo' }, id: 'call_1' }];

  it.each([
    ['openai', openai],
    ['anthropic', anthropic],
  ] as const)('of %s are called, and their results sent back', async (provider, model) => {
    lab.script(provider, [{ toolCalls: calls }, { text: 'Clear in Oslo.' }]);
    const result = await generateText({
      model: model(),
      prompt: 'Weather in Oslo?',
      tools: { weather },
      stopWhen: isStepCount(3),
    });
    expect(result.text).toBe('Clear in Oslo.');
    expect(result.steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop']);
    expect(result.steps[0]?.toolResults[0]?.output).toEqual({ city: 'Oslo', sky: 'clear' });
    const second = JSON.stringify(lab.bodies(provider)[1]);
    expect(second).toContain('clear');
  });

  it('are written as OpenAI writes them', async () => {
    lab.script('openai', [{ toolCalls: calls }, { text: 'Clear.' }]);
    await generateText({
      model: openai(),
      prompt: 'Weather?',
      tools: { weather },
      prepareStep: ({ stepNumber }) =>
        stepNumber === 0 ? { toolChoice: { type: 'tool', toolName: 'weather' } } : { toolChoice: 'auto' },
      stopWhen: isStepCount(2),
    });
    const [first = {}, second = {}] = lab.bodies('openai') as { messages?: object[] }[];
    expect(first).toMatchObject({
      tools: [{ type: 'function', function: { name: 'weather', description: 'The weather in a city' } }],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    });
    expect(second.messages?.slice(1)).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '{"city":"Oslo","sky":"clear"}' },
    ]);
  });

  it('stream their input', async () => {
    lab.script('openai', [
      { toolCalls: [...calls, { name: 'weather', arguments: { city: 'Rome' } }] },
      { text: 'Done.' },
    ]);
    const result = streamText({ model: openai(), prompt: 'Weather?', tools: { weather }, stopWhen: isStepCount(2) });
    const inputs: Record<string, string> = {};
    const types = new Set<string>();
    for await (const part of result.fullStream) {
      types.add(part.type);
      if (part.type === 'tool-input-delta') inputs[part.id] = (inputs[part.id] ?? '') + part.delta;
    }
    expect(Object.values(inputs).map((text) => JSON.parse(text))).toEqual([{ city: 'Oslo' }, { city: 'Rome' }]);
    expect([...types]).toEqual(
      expect.arrayContaining(['tool-input-start', 'tool-input-end', 'tool-call', 'tool-result']),
    );
    expect(await result.text).toBe('Done.');
    expect((await result.steps)[0]?.toolResults.map(({ output }) => output)).toEqual([
      { city: 'Oslo', sky: 'clear' },
      { city: 'Rome', sky: 'clear' },
    ]);
  });
});

describe('structured output', () => {
  const schema = z.object({ name: z.string(), age: z.number() });

  it('is asked for by schema', async () => {
    lab.script('openai', [{ jsonObject: { name: 'Ada', age: 36 } }, { jsonObject: { name: 'Bob', age: 1 } }]);
    const { object } = await generateObject({ model: openai(), schema, prompt: 'Who?' });
    expect(object).toEqual({ name: 'Ada', age: 36 });
    const { output } = await generateText({ model: openai(), output: Output.object({ schema }), prompt: 'Who?' });
    expect(output).toEqual({ name: 'Bob', age: 1 });
    expect(lab.bodies('openai')[0]?.['response_format']).toMatchObject({
      type: 'json_schema',
      json_schema: { name: 'response', strict: true, schema: { type: 'object', required: ['name', 'age'] } },
    });
  });

  it('streams', async () => {
    lab.script('openai', [{ jsonObject: { name: 'Ada', age: 36 } }]);
    const result = streamObject({ model: openai(), schema, prompt: 'Who?' });
    const partial: unknown[] = [];
    for await (const object of result.partialObjectStream) partial.push(object);
    expect(partial.length).toBeGreaterThan(1);
    expect(await result.object).toEqual({ name: 'Ada', age: 36 });
  });

  it('works over a provider of another kind', async () => {
    lab.script('anthropic', [{ jsonObject: { name: 'Ada', age: 36 } }]);
    const { object } = await generateObject({ model: anthropic(), schema, prompt: 'Who?' });
    expect(object).toEqual({ name: 'Ada', age: 36 });
  });
});

describe('reasoning', () => {
  it('is a part of its own, whole and streamed', async () => {
    lab.script('anthropic', [
      { reasoning: 'Let me think.', text: 'Four.' },
      { reasoning: 'Let me think.', text: 'Four.' },
    ]);
    const whole = await generateText({ model: anthropic(), prompt: '2 + 2?', reasoning: 'low' });
    expect([whole.reasoningText, whole.text]).toEqual(['Let me think.', 'Four.']);
    const streamed = streamText({ model: anthropic(), prompt: '2 + 2?', reasoning: 'low' });
    expect([await streamed.reasoningText, await streamed.text]).toEqual(['Let me think.', 'Four.']);
  });

  it.each(['whole', 'streamed'] as const)('signed by the provider goes back to it unchanged (%s)', async (kind) => {
    lab.script('anthropic', [
      { reasoning: 'I need the weather.', toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] },
      { text: 'Clear.' },
    ]);
    const call = { model: anthropic(), prompt: 'Weather?', tools: { weather }, stopWhen: isStepCount(2) };
    const text = kind === 'whole' ? (await generateText(call)).text : await streamText(call).text;
    expect(text).toBe('Clear.');
    const [, second = {}] = lab.bodies('anthropic') as { messages?: { content: Block[] }[] }[];
    const answer = second.messages?.[1];
    expect(answer?.content[0]).toMatchObject({ type: 'thinking', thinking: 'I need the weather.' });
    expect(answer?.content[0]?.signature).toMatch(/./);
  });
});

describe('files in prompts', () => {
  const png = Uint8Array.from(
    atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
    (letter) => letter.charCodeAt(0),
  );

  it('are images, sound, texts and documents', async () => {
    await using server = await recordingServer(() => ({ json: { choices: [{ message: { content: 'Seen.' } }] } }));
    const model = modelmux({ provider: 'openai', api_key: 'k', custom_host: server.url })('gpt-4o');
    await generateText({
      model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'file', data: png, mediaType: 'image', providerOptions: { openai: { imageDetail: 'low' } } },
            { type: 'file', data: new Uint8Array([1, 2]), mediaType: 'audio/wav' },
            { type: 'file', data: new TextEncoder().encode('a,b'), mediaType: 'text/csv' },
            { type: 'file', data: btoa('%PDF-'), mediaType: 'application/pdf', filename: 'a.pdf' },
          ],
        },
      ],
    });
    const body = server.received[0]?.body as { messages: { content: object[] }[] };
    expect(body.messages[0]?.content).toEqual([
      { type: 'text', text: 'What is this?' },
      {
        type: 'image_url',
        image_url: { url: expect.stringMatching(/^data:image\/png;base64,iVBORw0KGgo/), detail: 'low' },
      },
      { type: 'input_audio', input_audio: { data: 'AQI=', format: 'wav' } },
      { type: 'text', text: 'a,b' },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
    ]);
  });

  it('reach a provider of another kind in its own form', async () => {
    await generateText({
      model: anthropic(),
      messages: [{ role: 'user', content: [{ type: 'file', data: png, mediaType: 'image/png' }] }],
    });
    expect(lab.bodies('anthropic')[0]?.['messages']).toMatchObject([
      { role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png' } }] },
    ]);
  });

  it('and texts may be marked for caching', async () => {
    await generateText({
      model: anthropic(),
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'text',
              text: 'Long text',
              providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
            },
            { type: 'text', text: 'Question' },
          ],
        },
      ],
    });
    expect(lab.bodies('anthropic')[0]?.['messages']).toMatchObject([
      { content: [{ text: 'Long text', cache_control: { type: 'ephemeral' } }, { text: 'Question' }] },
    ]);
  });
});

describe('what else a model gives', () => {
  it('sources and images are parts of the answer', async () => {
    const message = {
      role: 'assistant',
      content: 'See.',
      annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.test/', title: 'A' } }],
      images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
    };
    await using server = await recordingServer(() => ({
      json: { id: 'c', created: 1, model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }] },
    }));
    const model = modelmux({ provider: 'openai', api_key: 'k', custom_host: server.url })('gpt-4o');
    const { sources, files } = await generateText({ model, prompt: 'Hi' });
    expect(sources).toMatchObject([{ sourceType: 'url', url: 'https://a.test/', title: 'A' }]);
    expect(files).toMatchObject([{ mediaType: 'image/png', base64: 'AAAA' }]);
  });

  it('tools that a provider would run are left out with a warning', async () => {
    const search = { type: 'provider', id: 'openai.web_search', name: 'web_search', args: {} } as const;
    const { warnings } = await openai().doGenerate({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      tools: [search],
    });
    expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'provider tools' }]);
    expect(lab.bodies('openai')[0]).not.toHaveProperty('tools');
  });
});

describe('embeddings', () => {
  it('come in the order of the values, in as many calls as it takes', async () => {
    const model = modelmux(lab.target('openai')).embeddingModel('text-embedding-3-small');
    const { embedding, usage } = await embed({ model, value: 'one' });
    expect([embedding.length > 0, usage.tokens > 0]).toEqual([true, true]);
    const values = Array.from({ length: 100 }, (_, index) => `value ${index}`);
    const { embeddings } = await embedMany({ model, values });
    expect(embeddings).toHaveLength(100);
    expect(
      lab
        .bodies('openai')
        .map(({ input }) => (input as string[]).length)
        .sort(),
    ).toEqual([1, 4, 96]);
    expect(modelmux(lab.target('openai')).textEmbeddingModel('m').specificationVersion).toBe('v4');
  });
});

describe('images', () => {
  it('are made, and edited where one is given', async () => {
    const model = modelmux(lab.target('openai')).imageModel('dall-e-3');
    const { images } = await generateImage({ model, prompt: 'A lighthouse', n: 2, size: '256x256' });
    expect(images.map(({ mediaType }) => mediaType)).toEqual(['image/png', 'image/png']);
    expect(lab.bodies('openai')[0]).toMatchObject({
      prompt: 'A lighthouse',
      size: '256x256',
      response_format: 'b64_json',
    });
    await using server = await recordingServer(() => ({ json: { created: 1, data: [{ b64_json: 'iVBORw0KGgo=' }] } }));
    const editor = modelmux({ provider: 'openai', api_key: 'k', custom_host: server.url }).imageModel('gpt-image-1');
    const { warnings } = await generateImage({
      model: editor,
      prompt: { text: 'A hat', images: [new Uint8Array([137, 80, 78, 71])] },
      seed: 1,
    });
    expect(server.received[0]?.url).toBe('/v1/images/edits');
    expect(server.received[0]?.body).toEqual(
      expect.arrayContaining([
        ['prompt', 'A hat'],
        ['image[]', 'file.png (4)'],
      ]),
    );
    expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'seed' }]);
  });
});

describe('failures', () => {
  it.each([
    [400, false],
    [401, false],
    [408, true],
    [429, true],
    [503, true],
  ])('%i is an APICallError', async (status, isRetryable) => {
    lab.script('openai', [{ status, headers: { 'retry-after': '7' } }]);
    const error = await errorOf(generateText({ model: openai(), prompt: 'Hi', maxRetries: 0 }), APICallError);
    expect(error).toMatchObject({ statusCode: status, isRetryable, responseHeaders: { 'retry-after': '7' } });
    expect(error.data).toMatchObject({ error: { provider: 'openai', target: 'config' } });
  });

  it('of a tree that has tried more than once are not tried again', async () => {
    lab.behave('openai', { outage: true });
    lab.behave('anthropic', { outage: true });
    const error = await errorOf(generateText({ model: tree(), prompt: 'Hi' }), APICallError);
    expect([error.statusCode, error.isRetryable]).toEqual([503, false]);
    expect(lab.called()).toEqual(['openai', 'anthropic']);
  });

  it('without an answer may be tried again', async () => {
    const model = modelmux({ provider: 'openai', api_key: 'k', custom_host: 'http://127.0.0.1:1/v1' })('gpt-4o');
    const error = await errorOf(generateText({ model, prompt: 'Hi', maxRetries: 0 }), APICallError);
    expect([error.statusCode, error.isRetryable]).toEqual([502, true]);
  });

  it('never hold a key', async () => {
    lab.script('openai', [{ status: 401 }]);
    const error = await errorOf(generateText({ model: openai(), prompt: 'Hi', maxRetries: 0 }), APICallError);
    expect(JSON.stringify({ ...error, cause: error.cause })).not.toContain('key-of-openai');
  });

  it('of a caller who left is the reason of the signal', async () => {
    const call = generateText({ model: openai(), prompt: 'Hi', abortSignal: AbortSignal.abort(new Error('left')) });
    await expect(call).rejects.toThrow('left');
  });
});
