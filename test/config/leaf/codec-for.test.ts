import { describe, expect, it } from 'vitest';
import { codecFor } from '../../../src/config/leaf/codec-for.ts';
import type { Endpoint } from '../../../src/core/endpoint.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { CodecScope, WireRequest } from '../../../src/core/provider.ts';
import { findProvider } from '../../../src/providers/hosts/index.ts';

async function servedBy(name: string, endpoint: Endpoint, path?: string) {
  return codecFor(findProvider(name)!, { endpoint, body: {}, ...(path === undefined ? {} : { path }) });
}

async function encoded(name: string, endpoint: Endpoint, body: JsonObject): Promise<WireRequest> {
  const scope: CodecScope = {
    request: { endpoint, body },
    model: String(body.model),
    stream: false,
    strict: false,
    settings: {},
    now: () => 0,
    id: () => 'id',
    drop: () => undefined,
  };
  return (await servedBy(name, endpoint)).codec.encode(body, scope);
}

describe('how a provider serves an endpoint', () => {
  it.each<[string, Endpoint, Endpoint]>([
    ['openai', 'responses', 'responses'],
    ['openai', 'messages', 'chat/completions'],
    ['groq', 'responses', 'responses'],
    ['deepseek', 'responses', 'chat/completions'],
    ['anthropic', 'messages', 'messages'],
    ['anthropic', 'responses', 'chat/completions'],
    ['bedrock', 'responses', 'chat/completions'],
    ['google', 'messages', 'chat/completions'],
    ['azure-openai', 'messages', 'chat/completions'],
    ['voyage', 'embeddings', 'embeddings'],
  ])('%s serves %s as %s', async (name, endpoint, wireEndpoint) => {
    expect((await servedBy(name, endpoint)).wireEndpoint).toBe(wireEndpoint);
  });

  it('is worked out once', async () => {
    const [one, another] = await Promise.all([servedBy('deepseek', 'messages'), servedBy('cerebras', 'messages')]);
    expect(await servedBy('deepseek', 'messages')).toBe(one);
    expect(another).not.toBe(one);
  });

  it.each<[string, Endpoint, string | undefined, string]>([
    ['voyage', 'responses', undefined, '404 Voyage AI does not serve responses. It serves: embeddings, models, proxy.'],
    ['voyage', 'messages', undefined, '404 Voyage AI does not serve messages. It serves: embeddings, models, proxy.'],
    [
      'deepseek',
      'responses',
      '/responses/r1',
      '404 DeepSeek does not serve responses/r1: it answers responses over its chat completions alone.',
    ],
  ])('%s refuses %s %s', async (name, endpoint, path, message) => {
    await expect(servedBy(name, endpoint, path)).rejects.toMatchObject({ kind: 'not_found', message });
  });
});

describe("Anthropic's members below the messages bridge", () => {
  const body = { max_tokens: 2000, messages: [{ role: 'user', content: 'Hi' }], top_k: 5 };

  it('reach Claude and Gemini on Vertex AI, and no model behind the format of OpenAI', async () => {
    expect((await encoded('vertex-ai', 'messages', { ...body, model: 'claude-sonnet-4@20250514' })).body).toMatchObject(
      {
        top_k: 5,
      },
    );
    expect((await encoded('vertex-ai', 'messages', { ...body, model: 'gemini-2.5-flash' })).body).toMatchObject({
      generationConfig: { topK: 5 },
    });
    expect((await encoded('vertex-ai', 'messages', { ...body, model: 'meta/llama-4' })).body).not.toHaveProperty(
      'top_k',
    );
  });
});
