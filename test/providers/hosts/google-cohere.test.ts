import { describe, expect, it } from 'vitest';
import { Credentials, type Settings } from '../../../src/core/credentials.ts';
import { loadedDialect } from '../../../src/core/dialect-parts.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Provider } from '../../../src/core/provider.ts';
import type { HttpRequest } from '../../../src/core/transport.ts';
import { cohere } from '../../../src/providers/hosts/cohere.ts';
import { google } from '../../../src/providers/hosts/google.ts';
import { toHttpRequest } from '../../../src/providers/hosts/to-http-request.ts';
import { vertexAi } from '../../../src/providers/hosts/vertex-ai.ts';
import { scopeOf } from '../dialects/support/codec.ts';

interface Call {
  readonly model?: string;
  readonly stream?: boolean;
  readonly settings?: Settings;
  readonly apiKey?: string | undefined;
  readonly endpoint?: 'chat/completions' | 'embeddings';
  readonly body?: JsonObject;
}

const messages = [{ role: 'user', content: 'hi' }];
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];

const vertexDialect = await loadedDialect(vertexAi.dialect);

async function requestOf(provider: Provider, call: Call = {}): Promise<HttpRequest> {
  const { model = 'gemini-2.5-flash', stream = false, settings = {}, endpoint = 'chat/completions' } = call;
  const body = { model, ...(call.body ?? { messages }) };
  const scope = scopeOf({ request: { endpoint, body }, model, stream, settings });
  const wire = (await loadedDialect(provider.dialect)).codecs[endpoint]!.encode(body, scope);
  const credentials = new Credentials({
    provider: provider.name,
    apiKey: 'apiKey' in call ? call.apiKey : 'key',
    settings,
  });
  const request = toHttpRequest(provider, wire, { endpoint, model, stream, settings, credentials });
  const transport = { send: () => Promise.reject(new Error('no network here')) };
  return provider.authenticate(request, credentials, { transport, now: () => 0, signal: new AbortController().signal });
}

const json = { 'content-type': 'application/json' };

describe('google', () => {
  const base = 'https://generativelanguage.googleapis.com/v1beta/models';

  it('bears the key in a header and not in the address', async () => {
    expect(await requestOf(google)).toEqual({
      method: 'POST',
      url: `${base}/gemini-2.5-flash:generateContent`,
      headers: { ...json, 'x-goog-api-key': 'key' },
      body: JSON.stringify({ contents }),
    });
  });

  it('streams as server-sent events', async () => {
    const { url } = await requestOf(google, { stream: true });
    expect(url).toBe(`${base}/gemini-2.5-flash:streamGenerateContent?alt=sse`);
  });

  it.each(['http://127.0.0.1:9', 'http://127.0.0.1:9/v1beta'])('at the custom host %s', async (customHost) => {
    const { url } = await requestOf(google, { settings: { customHost } });
    expect(url).toBe('http://127.0.0.1:9/v1beta/models/gemini-2.5-flash:generateContent');
  });

  it('without a key is a 401', async () => {
    await expect(requestOf(google, { apiKey: undefined })).rejects.toThrow('GEMINI_API_KEY or GOOGLE_API_KEY');
  });
});

describe('cohere', () => {
  it('is asked with a bearer token', async () => {
    expect(await requestOf(cohere, { model: 'command-a-03-2025' })).toEqual({
      method: 'POST',
      url: 'https://api.cohere.com/v2/chat',
      headers: { ...json, authorization: 'Bearer key' },
      body: JSON.stringify({ model: 'command-a-03-2025', messages }),
    });
  });

  it('without a key is a 401', async () => {
    await expect(requestOf(cohere, { apiKey: undefined })).rejects.toThrow('COHERE_API_KEY or CO_API_KEY');
  });
});

describe('vertex-ai', () => {
  it.each([
    ['http://127.0.0.1:9', 'http://127.0.0.1:9/v1/projects/p/locations/us-east1'],
    ['http://127.0.0.1:9/v1/', 'http://127.0.0.1:9/v1/projects/p/locations/us-east1'],
    ['http://127.0.0.1:9/vertex/v1beta1', 'http://127.0.0.1:9/vertex/v1beta1/projects/p/locations/us-east1'],
    ['http://127.0.0.1:9/v1/projects/q/locations/eu', 'http://127.0.0.1:9/v1/projects/q/locations/eu'],
  ])('keeps project and location at the custom host %s', async (customHost, base) => {
    const { url } = await requestOf(vertexAi, { settings: { customHost, projectId: 'p', region: 'us-east1' } });
    expect(url).toBe(`${base}/publishers/google/models/gemini-2.5-flash:generateContent`);
  });

  const settings = { projectId: 'p', region: 'us-central1' };
  const base = 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1';
  const claude = { max_tokens: 5, messages };

  it('asks Gemini in its format', async () => {
    expect(await requestOf(vertexAi, { settings })).toEqual({
      method: 'POST',
      url: `${base}/publishers/google/models/gemini-2.5-flash:generateContent`,
      headers: { ...json, authorization: 'Bearer key' },
      body: JSON.stringify({ contents }),
    });
  });

  it.each([
    ['gemini-2.5-flash', `${base}/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse`],
    ['1234', `${base}/endpoints/1234:streamGenerateContent?alt=sse`],
    ['claude-sonnet-4@20250514', `${base}/publishers/anthropic/models/claude-sonnet-4@20250514:streamRawPredict`],
    ['mistral-medium-3', `${base}/publishers/mistralai/models/mistral-medium-3:streamRawPredict`],
    ['meta/llama-3.3-70b-instruct-maas', `${base}/endpoints/openapi/chat/completions`],
    ['endpoints.987', `${base}/endpoints/987/chat/completions`],
  ])('streams %s at %s', async (model, url) => {
    expect((await requestOf(vertexAi, { model, stream: true, settings, body: claude })).url).toBe(url);
  });

  it.each(['claude-sonnet-4@20250514', 'anthropic.claude-sonnet-4@20250514'])(
    'asks %s in Anthropic’s format, the version in the body, the model in the path',
    async (model) => {
      const request = await requestOf(vertexAi, { model, settings, body: claude });
      expect(request.url).toBe(`${base}/publishers/anthropic/models/claude-sonnet-4@20250514:rawPredict`);
      const body = JSON.parse(String(request.body));
      expect(body).toMatchObject({ anthropic_version: 'vertex-2023-10-16', max_tokens: 5 });
      expect(body.messages).toMatchObject([{ role: 'user' }]);
      expect(body).not.toHaveProperty('model');
    },
  );

  it.each([
    [
      'mistralai.mistral-medium-3',
      `${base}/publishers/mistralai/models/mistral-medium-3:rawPredict`,
      'mistral-medium-3',
    ],
    ['meta.llama-4-maas', `${base}/endpoints/openapi/chat/completions`, 'meta/llama-4-maas'],
    ['endpoints/987', `${base}/endpoints/987/chat/completions`, undefined],
  ])('asks %s in OpenAI’s format', async (model, url, bodyModel) => {
    const request = await requestOf(vertexAi, { model, settings });
    expect(request.url).toBe(url);
    expect(JSON.parse(String(request.body))).toEqual({ ...(bodyModel && { model: bodyModel }), messages });
  });

  it('embeds over predict', async () => {
    const call: Call = { model: 'text-embedding-005', endpoint: 'embeddings', body: { input: 'a' }, settings };
    const request = await requestOf(vertexAi, call);
    expect(request.url).toBe(`${base}/publishers/google/models/text-embedding-005:predict`);
    expect(JSON.parse(String(request.body))).toEqual({ instances: [{ content: 'a' }], parameters: {} });
    await expect(requestOf(vertexAi, { ...call, model: 'claude-opus-4-1' })).rejects.toMatchObject({
      kind: 'translation',
      param: 'model',
    });
  });

  it.each([
    [undefined, 'https://aiplatform.googleapis.com/v1/projects/p/locations/global'],
    ['global', 'https://aiplatform.googleapis.com/v1/projects/p/locations/global'],
    ['eu', 'https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu'],
    ['europe-west4', 'https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4'],
  ])('in region %s is at %s', async (region, root) => {
    const { url } = await requestOf(vertexAi, { settings: { projectId: 'p', ...(region && { region }) } });
    expect(url).toBe(`${root}/publishers/google/models/gemini-2.5-flash:generateContent`);
  });

  it('takes the project from the key file where none is named', async () => {
    const serviceAccountJson = JSON.stringify({ project_id: 'from-file' });
    const { url } = await requestOf(vertexAi, { settings: { serviceAccountJson, authType: 'accessToken' } });
    expect(url).toContain('/projects/from-file/locations/global/');
  });

  it('needs no project with an API key of express mode', async () => {
    const { url, headers } = await requestOf(vertexAi, { apiKey: 'AQ.Ab1' });
    expect(url).toBe('https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-flash:generateContent');
    expect(headers).toEqual({ ...json, 'x-goog-api-key': 'AQ.Ab1' });
  });

  it.each([
    [{}, 'vertex_project_id'],
    [{ projectId: 'p', region: 'evil.test/' }, 'vertex_region'],
  ])('with %j is refused at %s', async (given, param) => {
    await expect(requestOf(vertexAi, { settings: given })).rejects.toMatchObject({ kind: 'translation', param });
  });

  it.each([
    ['gemini-2.5-flash', { candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }] }],
    ['claude-opus-4-1', { content: [{ type: 'text', text: 'Hi' }], stop_reason: 'end_turn' }],
    ['meta/llama-4-maas', { choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' } }] }],
  ])('reads a reply of %s', (model, reply) => {
    const scope = scopeOf({ model, settings });
    expect(vertexDialect.codecs['chat/completions']?.decode(reply, scope)).toMatchObject({
      choices: [{ message: { content: 'Hi' } }],
    });
  });

  it('calls a model in the reply by its plain name', () => {
    const reply = { candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }] };
    const scope = scopeOf({ model: 'google/gemini-2.5-flash', settings });
    expect(vertexDialect.codecs['chat/completions']?.decode(reply, scope).model).toBe('gemini-2.5-flash');
  });

  it.each<[string, JsonObject]>([
    ['gemini-2.5-flash', { candidates: [{ content: { parts: [{ text: 'Hi' }] } }] }],
    ['claude-opus-4-1', { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Hi' } }],
    ['meta/llama-4-maas', { choices: [{ index: 0, delta: { content: 'Hi' } }] }],
  ])('reads a stream of %s', (model, event) => {
    const decoder = vertexDialect.codecs['chat/completions']?.decodeStream?.(scopeOf({ model, stream: true }));
    const chunks: JsonObject[] = [];
    decoder?.push({ data: JSON.stringify(event) }, (chunk) => chunks.push(chunk));
    expect(chunks.at(-1)).toMatchObject({ choices: [{ delta: { content: 'Hi' } }] });
  });

  it.each([
    [{ type: 'error', error: { type: 'overloaded_error', message: 'busy' } }, 529, 'overloaded'],
    [[{ error: { code: 429, message: 'quota', status: 'RESOURCE_EXHAUSTED' } }], 429, 'rate_limit'],
  ])('reads the error %j', (body, status, kind) => {
    expect(vertexDialect.decodeError(status, body, {})).toMatchObject({ status, kind });
  });
});
