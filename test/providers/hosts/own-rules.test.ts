import { describe, expect, it } from 'vitest';
import { Credentials } from '../../../src/core/credentials.ts';
import type { Dialect } from '../../../src/core/provider.ts';
import { findProvider } from '../../../src/providers/hosts/index.ts';
import { scopeOf } from '../dialects/openai/scope.ts';
import { type Call, requestOf } from './request-of.ts';

const credentials = new Credentials({ provider: 'anthropic' });
const bodyOf = async (name: string, call: Call) => JSON.parse(String((await requestOf(name, call)).body));

describe('openai', () => {
  it('sends organization, project and beta as headers', async () => {
    const settings = { organization: 'org-1', openaiProject: 'proj_1', beta: 'assistants=v2' };
    expect((await requestOf('openai', { settings })).headers).toEqual({
      'content-type': 'application/json',
      'openai-organization': 'org-1',
      'openai-project': 'proj_1',
      'openai-beta': 'assistants=v2',
      authorization: 'Bearer key',
    });
  });

  it('refuses a setting that no header can carry', async () => {
    await expect(requestOf('openai', { settings: { organization: 'a\nb' } })).rejects.toMatchObject({
      param: 'organization',
    });
  });

  it('sends a form without a content type of its own', async () => {
    const body = { model: 'whisper-1', file: new File(['x'], 'a.mp3') };
    const request = await requestOf('openai', { endpoint: 'audio/transcriptions', body });
    expect(request).toMatchObject({
      url: 'https://api.openai.com/v1/audio/transcriptions',
      headers: { authorization: 'Bearer key' },
    });
    expect(request.headers).not.toHaveProperty('content-type');
    expect(request.body).toBeInstanceOf(FormData);
  });

  it('lists models without a body', async () => {
    expect(await requestOf('openai', { endpoint: 'models', body: {} })).toEqual({
      method: 'GET',
      url: 'https://api.openai.com/v1/models',
      headers: { authorization: 'Bearer key' },
    });
  });
});

describe('anthropic', () => {
  it('sends key and version in headers of its own', async () => {
    expect(await requestOf('anthropic')).toMatchObject({
      method: 'POST',
      url: 'https://api.anthropic.com/v1/messages',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'key' },
    });
  });

  it('sends another version and betas, joined with those that the dialect needs', async () => {
    const settings = { version: '2024-01-01', anthropicBeta: 'a, b' };
    const { headers } = await requestOf('anthropic', { settings });
    expect(headers).toMatchObject({ 'anthropic-version': '2024-01-01', 'anthropic-beta': 'a,b' });
    const { address } = findProvider('anthropic')!;
    const target = { endpoint: 'chat/completions', model: 'm', stream: false, settings, credentials } as const;
    const wire = { path: '/messages', headers: { 'anthropic-beta': 'b,c' } };
    expect(address!(wire, target).headers).toEqual({ 'anthropic-version': '2024-01-01', 'anthropic-beta': 'b,c,a' });
  });

  it.each(['http://127.0.0.1:9', 'http://127.0.0.1:9/v1/'])('at %s', async (customHost) => {
    expect((await requestOf('anthropic', { settings: { customHost } })).url).toBe('http://127.0.0.1:9/v1/messages');
  });
});

describe('openai-compatible', () => {
  it.each([
    ['http://localhost:8080', 'http://localhost:8080/v1/chat/completions'],
    ['http://localhost:8080/', 'http://localhost:8080/v1/chat/completions'],
    ['http://localhost:8080/v1/', 'http://localhost:8080/v1/chat/completions'],
    ['https://corp/llm', 'https://corp/llm/chat/completions'],
    ['https://corp/api/v3', 'https://corp/api/v3/chat/completions'],
  ])('%s', async (customHost, url) => {
    const request = await requestOf('openai-compatible', { settings: { customHost }, apiKey: undefined });
    expect(request).toMatchObject({ url, headers: { 'content-type': 'application/json' } });
  });

  it('needs a custom host, and a real one', async () => {
    await expect(requestOf('openai-compatible')).rejects.toMatchObject({ kind: 'translation', param: 'custom_host' });
    await expect(requestOf('openai-compatible', { settings: { customHost: 'localhost' } })).rejects.toMatchObject({
      param: 'custom_host',
    });
  });
});

describe('azure-ai', () => {
  const url = 'https://res.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview';

  it.each([
    ['https://res.services.ai.azure.com', url, 'api-key'],
    ['https://res.services.ai.azure.com/models/', url, 'api-key'],
    [
      'https://m.eastus2.models.ai.azure.com',
      'https://m.eastus2.models.ai.azure.com/chat/completions?api-version=2024-05-01-preview',
      'authorization',
    ],
  ])('%s', async (foundryUrl, expected, header) => {
    const request = await requestOf('azure-ai', { settings: { foundryUrl } });
    expect(request.url).toBe(expected);
    expect(Object.keys(request.headers)).toEqual(['content-type', header]);
  });

  it('sends its own settings', async () => {
    const settings = {
      customHost: 'https://apim.net',
      apiVersion: '2024-08-01',
      extraParameters: 'pass-through',
      deploymentName: 'd1',
      adToken: 'tok',
    };
    expect(await requestOf('azure-ai', { settings })).toMatchObject({
      url: 'https://apim.net/models/chat/completions?api-version=2024-08-01',
      headers: { 'extra-parameters': 'pass-through', 'azureml-model-deployment': 'd1', authorization: 'Bearer tok' },
    });
  });

  it('says how to give its URL', async () => {
    await expect(requestOf('azure-ai')).rejects.toThrow(/azure_foundry_url.*AZURE_AI_API_BASE/);
  });
});

describe('workers-ai', () => {
  it('needs an account, unless a custom host stands in', async () => {
    await expect(requestOf('workers-ai')).rejects.toThrow(/CLOUDFLARE_ACCOUNT_ID/);
    const request = await requestOf('workers-ai', { settings: { customHost: 'http://127.0.0.1:9' } });
    expect(request.url).toBe('http://127.0.0.1:9/v1/chat/completions');
  });

  it('keeps models that begin with @', async () => {
    const body = { model: '@cf/meta/llama-3.1-8b-instruct', messages: [] };
    expect(await bodyOf('workers-ai', { settings: { accountId: 'a' }, body })).toEqual(body);
  });
});

describe('huggingface', () => {
  it.each(['https://x.endpoints.huggingface.cloud', 'https://x.endpoints.huggingface.cloud/v1/'])(
    'at %s',
    async (baseUrl) => {
      const request = await requestOf('huggingface', { settings: { baseUrl } });
      expect(request.url).toBe('https://x.endpoints.huggingface.cloud/v1/chat/completions');
    },
  );
});

describe('predibase', () => {
  const url = 'https://serving.app.predibase.com/ten/deployments/v2/llms/qwen3-8b/v1/chat/completions';

  it('puts tenant and deployment into the path and the adapter into the body', async () => {
    const request = await requestOf('predibase', {
      settings: { tenantId: 'ten' },
      body: { model: 'qwen3-8b:repo/1', messages: [] },
    });
    expect(request).toMatchObject({ url, body: '{"model":"repo/1","messages":[]}' });
  });

  it('takes the tenant from user, as in Portkey', async () => {
    const request = await requestOf('predibase', { body: { model: 'qwen3-8b', user: 'ten' } });
    expect(request).toMatchObject({ url, body: '{"model":"","user":"ten"}' });
  });

  it('says how to give the tenant', async () => {
    await expect(requestOf('predibase')).rejects.toMatchObject({ param: 'tenant_id' });
  });
});

describe('mistral-ai', () => {
  it('speaks its own names and reports what it cannot say', async () => {
    const dropped: string[] = [];
    const body = {
      model: 'mistral-large-latest',
      messages: [
        { role: 'developer', content: 'a' },
        { role: 'user', content: 'b' },
      ],
      seed: 7,
      max_completion_tokens: 5,
      tool_choice: 'required',
      stop: ['x'],
      response_format: { type: 'json_object' },
      n: 2,
      presence_penalty: 0.5,
      temperature: 1.5,
      safe_prompt: true,
      logit_bias: { 1: 2 },
      user: 'u',
    };
    const frozen = structuredClone(body);
    expect(await bodyOf('mistral', { body, dropped })).toEqual({
      model: 'mistral-large-latest',
      messages: [
        { role: 'system', content: 'a' },
        { role: 'user', content: 'b' },
      ],
      random_seed: 7,
      max_tokens: 5,
      tool_choice: 'any',
      stop: ['x'],
      response_format: { type: 'json_object' },
      n: 2,
      presence_penalty: 0.5,
      temperature: 1.5,
      safe_prompt: true,
    });
    expect(dropped).toEqual(['logit_bias', 'user']);
    expect(body).toEqual(frozen);
  });

  it('asks the fill-in-the-middle endpoint when told to', async () => {
    const request = await requestOf('mistral-ai', { settings: { fimCompletion: true } });
    expect(request.url).toBe('https://api.mistral.ai/v1/fim/completions');
  });

  it('prefers its own name over OpenAI’s and says so', async () => {
    const dropped: string[] = [];
    expect(await bodyOf('mistral', { body: { model: 'm', seed: 1, random_seed: 2 }, dropped })).toEqual({
      model: 'm',
      random_seed: 2,
    });
    expect(dropped).toEqual(['seed']);
  });
});

it('hands a body without quirks on as it is', () => {
  const adapt = findProvider('mistral-ai')!.adapt!;
  const body = { model: 'm', messages: [{ role: 'user', content: 'x' }], tool_choice: { type: 'function' } };
  expect(adapt(body, scopeOf())).toBe(body);
});

it('leaves endpoints alone that have no quirks', () => {
  const body = { seed: 1, user: 'u' };
  const scope = scopeOf({ request: { endpoint: 'proxy', body } });
  expect(findProvider('mistral-ai')!.adapt!(body, scope)).toBe(body);
});

it('groq refuses a few parameters', async () => {
  const dropped: string[] = [];
  expect(
    await bodyOf('groq', { body: { model: 'm', logprobs: true, seed: 1, max_completion_tokens: 2 }, dropped }),
  ).toEqual({
    model: 'm',
    seed: 1,
    max_completion_tokens: 2,
  });
  expect(dropped).toEqual(['logprobs']);
});

it.each([
  ['voyage', { model: 'm', input: ['a'], dimensions: 8 }, { model: 'm', input: ['a'], output_dimension: 8 }],
  [
    'jina',
    { model: 'm', input: ['a'], dimensions: 8, encoding_format: 'base64' },
    { model: 'm', input: ['a'], dimensions: 8, embedding_type: 'base64' },
  ],
  [
    'nomic',
    { model: 'm', input: 'a', dimensions: 8, task_type: 'clustering' },
    { model: 'm', texts: ['a'], dimensionality: 8, task_type: 'clustering' },
  ],
])('%s has names of its own for embeddings', async (name, body, sent) => {
  expect(await bodyOf(name, { endpoint: 'embeddings', body })).toEqual(sent);
});

describe('nomic', () => {
  const codec = (findProvider('nomic')!.dialect as Dialect).codecs.embeddings!;

  it('reads its reply', () => {
    expect(
      codec.decode(
        { embeddings: [[0.1], [0.2]], usage: { total_tokens: 4 }, model: 'nomic-embed-text-v1.5' },
        scopeOf(),
      ),
    ).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [0.1] },
        { object: 'embedding', index: 1, embedding: [0.2] },
      ],
      model: 'nomic-embed-text-v1.5',
      usage: { total_tokens: 4 },
    });
    expect(() => codec.decode({}, scopeOf())).toThrow(expect.objectContaining({ kind: 'unreadable' }));
  });

  it('reports what it cannot send and refuses tokens', async () => {
    const dropped: string[] = [];
    await requestOf('nomic', {
      endpoint: 'embeddings',
      body: { model: 'm', input: 'a', encoding_format: 'base64', user: 'u' },
      dropped,
    });
    expect(dropped).toEqual(['encoding_format', 'user']);
    await expect(
      requestOf('nomic', { endpoint: 'embeddings', body: { model: 'm', input: [1, 2] } }),
    ).rejects.toMatchObject({ param: 'input' });
  });
});
