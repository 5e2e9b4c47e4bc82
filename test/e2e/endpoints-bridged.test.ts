import { Portkey } from 'modelmux';
import { type Simulator, startSimulator } from 'modelmux/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../resources/fakes.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 7 });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const models: Readonly<Record<string, string>> = {
  openai: 'gpt-4o-mini',
  anthropic: 'claude-sonnet-4-5',
  google: 'gemini-2.5-flash',
  deepseek: 'deepseek-chat',
};

function target(provider: string, more: object = {}) {
  const override_params = models[provider] === undefined ? {} : { override_params: { model: models[provider] } };
  return { provider, api_key: 'sk-test', custom_host: simulator.baseUrl(provider), ...override_params, ...more };
}

function fallback(...providers: string[]): Portkey {
  return new Portkey({
    config: { strategy: { mode: 'fallback' }, targets: providers.map((provider) => target(provider)) },
  });
}

const last = (provider: string) => simulator.requests(provider).at(-1)!;

describe('responses over targets of different wire formats', () => {
  const body = { model: 'any', instructions: 'Be brief.', input: 'Say hello', max_output_tokens: 40 };

  it.each([
    ['anthropic', 'openai', '/v1/responses'],
    ['openai', 'anthropic', '/v1/messages'],
    ['openai', 'google', '/v1beta/models/gemini-2.5-flash:generateContent'],
    ['openai', 'deepseek', '/v1/chat/completions'],
  ])('fall back from %s to %s', async (failing, answering, path) => {
    simulator.script(failing, [{ status: 503 }]);
    simulator.script(answering, [{ text: 'Hello there.' }]);
    const response = await fallback(failing, answering).responses.create(body);
    expect(response).toMatchObject({ object: 'response', status: 'completed', output_text: 'Hello there.' });
    expect(response.getHeaders()['last-used-option-index']).toBe('config.targets[1]');
    expect(last(answering).path).toBe(path);
  });

  it.each([
    ['anthropic', 'openai'],
    ['openai', 'anthropic'],
  ])('fall back from %s to %s when streamed', async (failing, answering) => {
    simulator.script(failing, [{ status: 529 }]);
    simulator.script(answering, [{ text: 'Hello there.' }]);
    const events = await collect(await fallback(failing, answering).responses.create({ ...body, stream: true }));
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['response.created', 'response.completed']);
    const text = events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
    expect(text).toBe('Hello there.');
  });

  it("become chat completions as the host wants them, the host's own changes included", async () => {
    simulator.script('deepseek', [{ text: 'Hello there.' }]);
    await new Portkey({ config: target('deepseek') }).responses.create(body);
    expect(last('deepseek')).toMatchObject({
      path: '/v1/chat/completions',
      body: {
        model: 'deepseek-chat',
        max_tokens: 40,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Say hello' },
        ],
      },
    });
    expect(last('deepseek').body).not.toHaveProperty('max_completion_tokens');
  });

  it('cannot be retrieved from a provider that keeps none: the next target is asked', async () => {
    const keeping = fallback('anthropic', 'openai').responses.retrieve('resp_1');
    await expect(keeping).rejects.toMatchObject({
      status: 404,
      attempts: [{ errorMessage: expect.stringContaining('Anthropic does not serve responses/resp_1') }, {}],
    });
    expect(last('openai')).toMatchObject({ method: 'GET', path: '/v1/responses/resp_1' });
  });
});

describe('messages over targets of different wire formats', () => {
  const body = {
    model: 'any',
    max_tokens: 40,
    system: 'Be brief.',
    messages: [{ role: 'user' as const, content: 'Say hello' }],
  };

  it.each([
    ['anthropic', 'openai', '/v1/chat/completions'],
    ['openai', 'anthropic', '/v1/messages'],
    ['anthropic', 'google', '/v1beta/models/gemini-2.5-flash:generateContent'],
  ])('fall back from %s to %s', async (failing, answering, path) => {
    simulator.script(failing, [{ status: 503 }]);
    simulator.script(answering, [{ text: 'Hello there.' }]);
    const message = await fallback(failing, answering).messages.create(body);
    expect(message).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
    expect(message.content).toMatchObject([{ type: 'text', text: 'Hello there.' }]);
    expect(message.attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      [failing, 'failure'],
      [answering, 'success'],
    ]);
    expect(last(answering).path).toBe(path);
  });

  it('stream from OpenAI as from Anthropic', async () => {
    simulator.script('anthropic', [{ status: 529 }]);
    simulator.script('openai', [{ text: 'Hello there.' }]);
    const events = await collect(await fallback('anthropic', 'openai').messages.create({ ...body, stream: true }));
    expect([events[0]?.type, events[1]?.type, events.at(-2)?.type, events.at(-1)?.type]).toEqual([
      'message_start',
      'content_block_start',
      'message_delta',
      'message_stop',
    ]);
    const text = events.map((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '',
    );
    expect(text.join('')).toBe('Hello there.');
    expect(last('openai').body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it("meet the host's own changes of chat bodies below the bridge", async () => {
    await new Portkey({ config: target('deepseek') }).messages.create(body);
    expect(last('deepseek').body).toMatchObject({ max_tokens: 40 });
    expect(last('deepseek').body).not.toHaveProperty('max_completion_tokens');
  });

  it("keep Anthropic's members for providers whose translation knows them, and leave them out elsewhere", async () => {
    const thinking = { ...body, max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 2048 } };
    await new Portkey({ config: target('google') }).messages.create(thinking);
    expect(last('google').body).toMatchObject({ generationConfig: { thinkingConfig: { thinkingBudget: 2048 } } });
    await new Portkey({ config: target('deepseek') }).messages.create(thinking);
    expect(last('deepseek').body).toMatchObject({ reasoning_effort: 'low' });
    expect(last('deepseek').body).not.toHaveProperty('thinking');
  });

  it('are addressed on Azure like the chat completions they become', async () => {
    simulator.script('azure-openai', [{ text: 'Hello there.' }]);
    const azure = new Portkey({ config: target('azure-openai', { azure_deployment_id: 'my-gpt' }) });
    expect((await azure.messages.create(body)).content).toMatchObject([{ text: 'Hello there.' }]);
    expect(last('azure-openai').path).toBe('/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21');
    await azure.responses.create({ model: 'any', input: 'Say hello' });
    expect(last('azure-openai')).toMatchObject({ path: '/openai/v1/responses', body: { model: 'my-gpt' } });
  });
});

describe('other endpoints over several targets', () => {
  it('embed with the next target', async () => {
    simulator.script('openai', [{ status: 500 }]);
    const client = new Portkey({
      config: {
        strategy: { mode: 'fallback' },
        targets: [
          target('openai', { override_params: { model: 'text-embedding-3-small' } }),
          target('mistral-ai', { override_params: { model: 'mistral-embed' } }),
        ],
      },
    });
    const embedding = await client.embeddings.create({ model: 'any', input: 'one' });
    expect(embedding.getHeaders().provider).toBe('mistral-ai');
    expect(last('mistral-ai').body).toEqual({ model: 'mistral-embed', input: 'one' });
  });

  it('pass over a target that does not serve the endpoint', async () => {
    const client = fallback('anthropic', 'openai');
    const moderation = await client.moderations.create({ input: 'How nice' });
    expect(moderation.attempts.map(({ provider, status }) => [provider, status])).toEqual([
      ['anthropic', 404],
      ['openai', 200],
    ]);
  });

  it('send a file again to the next target', async () => {
    simulator.script('groq', [{ status: 500 }]);
    async function* parts() {
      yield 'one ';
      yield 'two';
    }
    await fallback('groq', 'openai').audio.transcriptions.create({
      model: 'whisper-1',
      file: { name: 'a.mp3', data: parts() },
    });
    for (const provider of ['groq', 'openai'])
      expect(last(provider).body).toMatchObject({ file: { filename: 'a.mp3', size: 7 } });
  });
});
