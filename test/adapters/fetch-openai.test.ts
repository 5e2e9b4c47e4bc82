import { createFetch } from 'modelmux/fetch';
import OpenAI, { AzureOpenAI, toFile } from 'openai';
import { describe, expect, it } from 'vitest';
import { Portkey, type PortkeyOptions } from '../../src/index.ts';
import { recordingServer } from '../e2e/recording-server.ts';
import { closed, pause, startHttp, startTcp, until } from '../providers/transport/servers.ts';
import { errorOf, fallback, simulated, textOf } from '../support/simulated.ts';

const lab = simulated();

const hello = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const helloStream = { ...hello, stream: true as const };

/** OpenAI's own client over a tree; its key and address are of no use. */
function openai(config: PortkeyOptions['config'], options: ConstructorParameters<typeof OpenAI>[0] = {}) {
  return new OpenAI({ apiKey: 'unused', fetch: createFetch(lab.client(config)), ...options });
}

const flat = () => openai(lab.target('openai'));
const outage = () => {
  lab.behave('openai', { outage: true });
  lab.behave('anthropic', { outage: true });
};

describe('the whole tree stands behind the client', () => {
  it('a fallback to another wire format', async () => {
    lab.behave('openai', { outage: true });
    lab.script('anthropic', [{ text: 'Hello from the second.' }]);
    const client = openai(
      fallback([lab.target('openai'), lab.target('anthropic', { override_params: { model: 'c' } })]),
    );
    const { data, response, request_id } = await client.chat.completions.create(hello).withResponse();
    expect(data.choices[0]?.message.content).toBe('Hello from the second.');
    expect(response.headers.get('x-portkey-last-used-option-index')).toBe('config.targets[1]');
    expect(response.headers.get('x-portkey-provider')).toBe('anthropic');
    expect(request_id).toBe(response.headers.get('request-id'));
    expect(request_id).not.toBeNull();
    expect(lab.called()).toEqual(['openai', 'anthropic']);
  });

  it("never sends the client's own key", async () => {
    await flat().chat.completions.create(hello);
    expect(lab.requests('openai')[0]?.key).toBe('key-of-openai');
  });

  it.each([
    'https://api.openai.com/v1',
    'http://gateway.test/some/prefix',
    'http://localhost:8787/v1/',
    'https://x.test/v1beta/openai',
  ])('whatever the base URL: %s', async (baseURL) => {
    const client = openai(lab.target('openai'), { baseURL });
    expect((await client.chat.completions.create(hello)).object).toBe('chat.completion');
    expect(lab.requests('openai')[0]?.path).toBe('/v1/chat/completions');
  });

  it('headers of the call choose config, trace ID and metadata', async () => {
    const conditional = {
      strategy: { mode: 'conditional', conditions: [{ query: { 'metadata.plan': 'paid' }, then: 'a' }] },
      targets: [lab.target('anthropic', { name: 'a', override_params: { model: 'c' } })],
    };
    const { response } = await flat()
      .chat.completions.create(hello, {
        headers: {
          'x-portkey-config': JSON.stringify(conditional),
          'x-portkey-metadata': '{"plan":"paid"}',
          'x-portkey-trace-id': 'trace-7',
        },
      })
      .withResponse();
    expect(lab.called()).toEqual(['anthropic']);
    expect(response.headers.get('x-portkey-trace-id')).toBe('trace-7');
  });

  it('options of createFetch stand for every call, a header of the call beats them', async () => {
    const seen: string[] = [];
    const portkey = lab.client(lab.target('openai'));
    portkey.on('request-end', ({ traceId, metadata }) => seen.push(`${traceId} ${JSON.stringify(metadata)}`));
    const fetch = createFetch(portkey, { traceId: 'standing', metadata: { team: 'red' } });
    const client = new OpenAI({ apiKey: 'unused', fetch });
    await client.chat.completions.create(hello);
    await client.chat.completions.create(hello, { headers: { 'x-portkey-trace-id': 'own' } });
    expect(seen).toEqual(['standing {"team":"red"}', 'own {"team":"red"}']);
    expect(() => createFetch(portkey, { traceid: 't' } as object)).not.toThrow();
    expect(() => createFetch(portkey, { tracID: 't' } as object)).toThrow(
      'params.tracID: Unknown option. Did you mean',
    );
    expect(() => createFetch({} as never)).toThrow('Expected a Portkey client');
  });

  it('hands on the headers that the config names', async () => {
    await using server = await recordingServer(() => ({ json: { choices: [] } }));
    const client = openai({ provider: 'openai', api_key: 'k', custom_host: server.url, forward_headers: ['x-tenant'] });
    await client.chat.completions.create(hello, {
      headers: { 'x-tenant': 't-1', 'x-other': 'o', authorization: 'Bearer mine' },
    });
    const headers = server.received[0]?.headers;
    expect([headers?.['x-tenant'], headers?.['x-other'], headers?.authorization]).toEqual([
      't-1',
      undefined,
      'Bearer k',
    ]);
  });
});

describe('whatever a client hands over', () => {
  const body = JSON.stringify(hello);
  const fetch = () => createFetch(lab.client(lab.target('openai')));

  it.each([
    ['a Request', () => fetch()(new Request('http://any/v1/chat/completions', { method: 'POST', body }))],
    ['a URL', () => fetch()(new URL('http://any/v1/chat/completions'), { method: 'post', body })],
    [
      'bytes',
      () => fetch()('http://any/v1/chat/completions', { method: 'POST', body: new TextEncoder().encode(body) }),
    ],
    ['a stream', () => fetch()('http://any/v1/chat/completions', { method: 'POST', body: new Blob([body]).stream() })],
    ['a relative address', () => fetch()('/v1/chat/completions', { method: 'POST', body })],
  ])('%s is understood', async (_, call) => {
    const response = await call();
    expect([response.status, lab.bodies('openai')]).toEqual([200, [hello]]);
  });

  it('is refused where it cannot be sent on', async () => {
    const headers = { 'content-type': 'application/octet-stream' };
    const response = await fetch()('/v1/chat/completions', { method: 'POST', body: 'x', headers });
    expect([response.status, (await response.json()).error.message]).toEqual([
      400,
      'A body of type "application/octet-stream" cannot be sent on. Send JSON or multipart/form-data.',
    ]);
  });

  it("an Azure address names the model, which the client's body repeats", async () => {
    const client = new AzureOpenAI({
      apiKey: 'unused',
      endpoint: 'https://x.test',
      apiVersion: '2024-10-21',
      fetch: fetch(),
    });
    await client.chat.completions.create(hello);
    await fetch()('https://x.test/openai/deployments/from-the-path/chat/completions?api-version=1', {
      method: 'POST',
      body: JSON.stringify({ messages: hello.messages }),
    });
    expect(lab.requests('openai').map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/chat/completions']);
    expect(lab.bodies('openai').map(({ model }) => model)).toEqual(['gpt-4o', 'from-the-path']);
  });

  it('the list of models is that of the config', async () => {
    const client = openai(fallback([lab.target('openai', { override_params: { model: 'gpt-4o' } })]));
    expect((await client.models.list()).data).toEqual([
      { id: 'gpt-4o', object: 'model', created: 0, owned_by: 'openai' },
    ]);
  });

  it('goes through a gateway where the client has one, with its headers and without foreign credentials', async () => {
    await using gateway = await recordingServer(() => ({ json: { choices: [] } }));
    const portkey = new Portkey({ baseURL: gateway.url, apiKey: 'pk', virtualKey: 'vk' });
    const client = new OpenAI({ apiKey: 'sk-foreign', fetch: createFetch(portkey, { traceID: 't-1' }) });
    await client.chat.completions.create(hello, { headers: { 'x-portkey-metadata': '{"a":"b"}' } });
    expect(gateway.received[0]?.headers).toMatchObject({
      'x-portkey-api-key': 'pk',
      'x-portkey-virtual-key': 'vk',
      'x-portkey-trace-id': 't-1',
      'x-portkey-metadata': '{"a":"b"}',
    });
    expect(JSON.stringify(gateway.received)).not.toContain('sk-foreign');
  });
});

describe('streams', () => {
  it('arrive chunk by chunk', async () => {
    lab.script('openai', [{ text: 'One two three four.' }]);
    const stream = await flat().chat.completions.create(helloStream);
    expect(await textOf(stream)).toBe('One two three four.');
  });

  it('of the Responses API name their events', async () => {
    lab.script('openai', [{ text: 'Named.' }]);
    const stream = await flat().responses.create({ model: 'gpt-4o', input: 'Hi', stream: true });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect([types[0], types.at(-1)]).toEqual(['response.created', 'response.completed']);
  });

  it('close the socket of the provider when the reader leaves', async () => {
    const server = await startHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"one"}}]}\n\n');
    });
    const client = openai({ provider: 'openai', api_key: 'k', custom_host: `${server.base}/v1` });
    for await (const chunk of await client.chat.completions.create(helloStream)) {
      expect(chunk.choices[0]?.delta.content).toBe('one');
      break;
    }
    await closed(server.sockets[0]);
  });

  it('hold the provider back when nobody reads', async () => {
    let written = 0;
    const piece = `data: {"choices":[{"index":0,"delta":{"content":"${'x'.repeat(60_000)}"}}]}\n\n`;
    const server = await startHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = () => {
        while (written < 2000 && response.write(piece)) written++;
      };
      response.on('drain', more);
      more();
    });
    const fetch = createFetch(lab.client({ provider: 'openai', api_key: 'k', custom_host: `${server.base}/v1` }));
    const response = await fetch('http://any/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify(helloStream),
    });
    for (let before = -1; before !== written; await pause(100)) before = written;
    expect(written).toBeLessThan(2000);
    await response.body?.cancel();
  });

  it("that break after content end with OpenAI's error", async () => {
    lab.script('openai', [{ text: 'One two three four five six.', errorEventAt: 3 }]);
    const read = async () => textOf(await flat().chat.completions.create(helloStream));
    const error = await errorOf(read(), OpenAI.APIError);
    expect(error.error).toMatchObject({ provider: 'openai', target: 'config' });
    lab.script('openai', [{ text: 'One two three four five six.', cutAfterChunks: 3 }]);
    expect((await errorOf(read(), OpenAI.APIError)).code).toBe('truncated_stream');
  });
});

describe('files and bytes', () => {
  const file = () => toFile(new Uint8Array([1, 2, 3]), 'speech.mp3', { type: 'audio/mpeg' });

  it('a recording is transcribed', async () => {
    lab.script('openai', [{ text: 'Good morning.' }]);
    const reply = await flat().audio.transcriptions.create({ file: await file(), model: 'whisper-1' });
    expect(reply.text).toBe('Good morning.');
    expect(lab.bodies('openai')[0]).toMatchObject({ model: 'whisper-1', file: { filename: 'speech.mp3', size: 3 } });
  });

  it('speech comes as bytes', async () => {
    const speech = await flat().audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello' });
    expect(speech.headers.get('content-type')).toBe('audio/wav');
    expect(new TextDecoder().decode((await speech.arrayBuffer()).slice(0, 4))).toBe('RIFF');
  });

  it('files are uploaded, listed, read and deleted', async () => {
    await using server = await recordingServer(({ method, url }) => {
      if (url.endsWith('/content')) return { bytes: '{"a":1}\n', type: 'application/jsonl' };
      return {
        json: method === 'GET' ? { object: 'list', data: [], has_more: false } : { id: 'file-1', deleted: true },
      };
    });
    const client = openai({ provider: 'openai', api_key: 'k', custom_host: server.url });
    expect((await client.files.create({ file: await file(), purpose: 'batch' })).id).toBe('file-1');
    expect((await client.files.list({ limit: 5, purpose: 'batch' })).data).toEqual([]);
    expect(await (await client.files.content('file-1')).text()).toBe('{"a":1}\n');
    expect((await client.files.delete('file-1')).deleted).toBe(true);
    expect(server.received.map(({ method, url, body }) => [method, url, body])).toEqual([
      [
        'POST',
        '/v1/files',
        [
          ['file', 'speech.mp3 (3)'],
          ['purpose', 'batch'],
        ],
      ],
      ['GET', '/v1/files?limit=5&purpose=batch', undefined],
      ['GET', '/v1/files/file-1/content', undefined],
      ['DELETE', '/v1/files/file-1', undefined],
    ]);
  });

  it('lists and objects of a form arrive as such', async () => {
    await using server = await recordingServer(() => ({ json: { created: 1, data: [] } }));
    const client = openai({ provider: 'openai', api_key: 'k', custom_host: server.url });
    await client.images.edit({ image: [await file(), await file()], prompt: 'A hat' });
    const fields = server.received[0]?.body as readonly string[][];
    expect(fields.map((field) => field.join(' ')).sort()).toEqual([
      'image[] speech.mp3 (3)',
      'image[] speech.mp3 (3)',
      'prompt A hat',
    ]);
  });

  it('any other path of the provider is passed on with its query', async () => {
    await using server = await recordingServer(() => ({ json: { object: 'list', data: [] } }));
    const client = openai({ provider: 'openai', api_key: 'k', custom_host: server.url });
    await client.fineTuning.jobs.list({ limit: 2 });
    await client.fineTuning.jobs.create({ model: 'gpt-4o', training_file: 'file-1' });
    expect(server.received.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', '/v1/fine_tuning/jobs?limit=2', undefined],
      ['POST', '/v1/fine_tuning/jobs', { model: 'gpt-4o', training_file: 'file-1' }],
    ]);
  });

  it('embeddings come in the encoding the client asks for', async () => {
    const { data } = await flat().embeddings.create({ model: 'text-embedding-3-small', input: 'one', dimensions: 4 });
    expect(data[0]?.embedding).toHaveLength(4);
  });
});

describe('failures are the classes of the client', () => {
  it.each([
    [400, OpenAI.BadRequestError],
    [401, OpenAI.AuthenticationError],
    [403, OpenAI.PermissionDeniedError],
    [404, OpenAI.NotFoundError],
    [422, OpenAI.UnprocessableEntityError],
    [429, OpenAI.RateLimitError],
    [503, OpenAI.InternalServerError],
  ])('%i', async (status, Class) => {
    lab.script('openai', [{ status }]);
    const error = await errorOf(openai(lab.target('openai'), { maxRetries: 0 }).chat.completions.create(hello), Class);
    expect(error).toMatchObject({ status, error: { target: 'config', provider: 'openai' } });
    expect(error.message).not.toMatch(new RegExp(`${status} ${status}`));
  });

  it('a timeout of ours is a 408, a refused connection a 502', async () => {
    lab.behave('openai', { silent: true });
    const slow = openai(lab.target('openai', { request_timeout: 30 }), { maxRetries: 0 });
    expect(await errorOf(slow.chat.completions.create(hello), OpenAI.APIError)).toMatchObject({
      status: 408,
      type: 'timeout_error',
    });
    const gone = openai({ provider: 'openai', api_key: 'k', custom_host: 'http://127.0.0.1:1/v1' }, { maxRetries: 0 });
    expect(await errorOf(gone.chat.completions.create(hello), OpenAI.InternalServerError)).toMatchObject({
      status: 502,
      type: 'connection_error',
      code: 'ECONNREFUSED',
    });
  });

  it('are tried again by one of the two, never by both', async () => {
    outage();
    const tree = fallback([lab.target('openai'), lab.target('anthropic', { override_params: { model: 'c' } })]);
    await errorOf(openai(tree).chat.completions.create(hello), OpenAI.InternalServerError);
    expect(lab.called()).toEqual(['openai', 'anthropic']);
  });

  it('are left to the client where the config tries once', async () => {
    lab.script('openai', [{ status: 503, headers: { 'retry-after-ms': '1' } }, { text: 'Hi.' }]);
    const reply = await flat().chat.completions.create(hello);
    expect(reply.choices[0]?.message.content).toBe('Hi.');
    expect(lab.called()).toEqual(['openai', 'openai']);
  });
});

describe('aborting', () => {
  it('before the reply rejects as with any fetch, and closes the socket', async () => {
    const server = await startTcp((socket) => socket.resume());
    const client = openai({ provider: 'openai', api_key: 'k', custom_host: `${server.base}/v1` });
    const controller = new AbortController();
    const call = errorOf(
      client.chat.completions.create(hello, { signal: controller.signal }),
      OpenAI.APIUserAbortError,
    );
    await until(() => server.sockets.length === 1);
    controller.abort();
    await call;
    await closed(server.sockets[0]);
  });

  it('rejects with the reason given, also before anything is sent', async () => {
    const fetch = createFetch(lab.client(lab.target('openai')));
    const reason = new Error('changed my mind');
    const call = fetch('http://any/v1/chat/completions', {
      method: 'POST',
      body: '{}',
      signal: AbortSignal.abort(reason),
    });
    await expect(call).rejects.toBe(reason);
    expect(lab.called()).toEqual([]);
  });

  it('in the middle of a stream fails the body with the reason', async () => {
    lab.script('openai', [{ text: 'One two three four five.', stallAfterChunks: 3 }]);
    const controller = new AbortController();
    const response = await createFetch(lab.client(lab.target('openai')))('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify(helloStream),
      signal: controller.signal,
    });
    const text = response.text();
    controller.abort(new Error('enough'));
    await expect(text).rejects.toThrow('enough');
  });
});
