import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Portkey } from 'modelmux';
import { describe, expect, it } from 'vitest';
import { collect } from '../resources/fakes.ts';
import { type Answer, type Received, recordingServer } from './recording-server.ts';

const license = fileURLToPath(new URL('../../LICENSE', import.meta.url));

/** A client of one OpenAI target whose overrides must not leak into calls that have no parameters. */
async function setUp(answer: (request: Received) => Answer) {
  const server = await recordingServer(answer);
  const portkey = new Portkey({
    config: { provider: 'openai', api_key: 'sk', custom_host: server.url, override_params: { model: 'other' } },
  });
  return { portkey, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const sent = ({ method, url, body }: Received) => [method, url, body];
const file = (id: string) => ({ id, object: 'file', filename: `${id}.jsonl` });

describe('files', () => {
  it('are uploaded as forms, told about, and deleted', async () => {
    await using at = await setUp(({ method }) => ({
      json: method === 'DELETE' ? { id: 'file-1', object: 'file', deleted: true } : file('file-1'),
    }));
    const { files } = at.portkey;
    const upload = new File(['{}\n'], 'in.jsonl');
    const created = await files.create({
      file: upload,
      purpose: 'batch',
      expires_after: { anchor: 'created_at', seconds: 60 },
    });
    expect(created).toEqual(file('file-1'));
    expect(created.getHeaders().provider).toBe('openai');
    expect(await files.retrieve('file-1')).toEqual(file('file-1'));
    expect(await files.delete('file/1')).toMatchObject({ deleted: true });
    expect(at.server.received.map(sent)).toEqual([
      [
        'POST',
        '/v1/files',
        [
          ['file', 'in.jsonl (3)'],
          ['purpose', 'batch'],
          ['expires_after[anchor]', 'created_at'],
          ['expires_after[seconds]', '60'],
        ],
      ],
      ['GET', '/v1/files/file-1', undefined],
      ['DELETE', '/v1/files/file%2F1', undefined],
    ]);
  });

  it('are uploaded from a file stream under its name', async () => {
    await using at = await setUp(() => ({ json: file('file-1') }));
    await at.portkey.files.create({ file: createReadStream(license), purpose: 'user_data' });
    expect(at.server.received[0]?.body).toMatchObject([['file', expect.stringMatching(/^LICENSE \(\d{3,}\)$/)], {}]);
  });

  it('come back as a web response, whatever is in them', async () => {
    await using at = await setUp(() => ({ bytes: '{"a":1}\n{"a":2}\n', type: 'application/jsonl' }));
    const content = await at.portkey.files.content('file-1');
    expect([content.headers.get('content-type'), await content.text()]).toEqual([
      'application/jsonl',
      '{"a":1}\n{"a":2}\n',
    ]);
    expect(at.server.received.map(sent)).toEqual([['GET', '/v1/files/file-1/content', undefined]]);
  });

  it('hold JSON of any shape: it is not taken for a reply of the API', async () => {
    await using at = await setUp(() => ({ json: [{ error: { message: 'a recorded one' } }] }));
    expect(await (await at.portkey.files.content('file-1')).json()).toEqual([{ error: { message: 'a recorded one' } }]);
  });

  it('are listed page by page', async () => {
    await using at = await setUp(({ url }) => ({
      json: url.includes('after=file-2')
        ? { object: 'list', data: [file('file-3')], has_more: false }
        : { object: 'list', data: [file('file-1'), file('file-2')], has_more: true },
    }));
    const ids: string[] = [];
    for await (const { id } of at.portkey.files.list({ limit: 2, purpose: 'batch' })) ids.push(id);
    expect(ids).toEqual(['file-1', 'file-2', 'file-3']);
    expect(at.server.received.map(sent)).toEqual([
      ['GET', '/v1/files?limit=2&purpose=batch', undefined],
      ['GET', '/v1/files?limit=2&purpose=batch&after=file-2', undefined],
    ]);
    const first = await at.portkey.files.list();
    expect([first.data.length, first.hasNextPage()]).toEqual([2, true]);
    expect(first).toEqual({ object: 'list', data: [file('file-1'), file('file-2')], has_more: true });
    const second = await first.getNextPage();
    expect([second.data[0]?.id, second.hasNextPage()]).toEqual(['file-3', false]);
    await expect(second.getNextPage()).rejects.toThrow('This is the last page');
    expect((await collect(first.iterPages())).map(({ data }) => data.length)).toEqual([2, 1]);
  });
});

describe('batches', () => {
  const batch = { id: 'batch_1', object: 'batch', status: 'validating' };

  it('are created, told about, listed and cancelled', async () => {
    await using at = await setUp(({ url }) => ({
      json: url.startsWith('/v1/batches?') ? { object: 'list', data: [batch], has_more: false } : batch,
    }));
    const { batches } = at.portkey;
    const body = { input_file_id: 'file-1', endpoint: '/v1/embeddings', completion_window: '24h' } as const;
    expect(await batches.create(body)).toEqual(batch);
    expect(await batches.retrieve('batch_1')).toEqual(batch);
    expect((await batches.list({ limit: 1 })).data).toEqual([batch]);
    expect(await batches.cancel('batch_1')).toEqual(batch);
    expect(at.server.received.map(sent)).toEqual([
      ['POST', '/v1/batches', body],
      ['GET', '/v1/batches/batch_1', undefined],
      ['GET', '/v1/batches?limit=1', undefined],
      ['POST', '/v1/batches/batch_1/cancel', {}],
    ]);
  });
});

describe('responses that OpenAI keeps', () => {
  it('are retrieved, streamed on, cancelled and deleted', async () => {
    const output = [
      {
        type: 'message',
        content: [
          { type: 'output_text', text: 'Hi' },
          { type: 'refusal', refusal: 'no' },
        ],
      },
    ];
    const response = { id: 'resp_1', object: 'response', status: 'completed', output };
    await using at = await setUp(({ method, url }) => {
      if (method === 'DELETE') return { json: { id: 'resp_1', object: 'response', deleted: true } };
      const completed = { type: 'response.completed', sequence_number: 4, response };
      return url.includes('stream=true') ? { events: [`data: ${JSON.stringify(completed)}`] } : { json: response };
    });
    const { responses } = at.portkey;
    expect(await responses.retrieve('resp_1', { include: ['reasoning.encrypted_content'] })).toEqual({
      ...response,
      output_text: 'Hi',
    });
    const stream = await responses.retrieve('resp_1', { stream: true, starting_after: 3 });
    expect((await collect(stream)).map(({ type }) => type)).toEqual(['response.completed']);
    expect(await responses.cancel('resp_1')).toMatchObject({ status: 'completed' });
    expect(await responses.delete('resp_1')).toMatchObject({ deleted: true });
    expect(at.server.received.map(({ method, url }) => [method, url])).toEqual([
      ['GET', '/v1/responses/resp_1?include%5B%5D=reasoning.encrypted_content'],
      ['GET', '/v1/responses/resp_1?stream=true&starting_after=3'],
      ['POST', '/v1/responses/resp_1/cancel'],
      ['DELETE', '/v1/responses/resp_1'],
    ]);
  });
});

describe('images from images, and streams of media', () => {
  const png = (name: string) => new File(['png'], name, { type: 'image/png' });
  const images = { created: 1, data: [{ url: 'https://images.invalid/1.png' }] };

  it('edit and vary', async () => {
    await using at = await setUp(() => ({ json: images }));
    const edit = {
      image: [png('a.png'), new Blob(['png'], { type: 'image/png' })],
      mask: png('m.png'),
      prompt: 'Add a boat',
    };
    expect(await at.portkey.images.edit(edit)).toEqual(images);
    expect(await at.portkey.images.createVariation({ image: png('a.png'), n: 2 })).toEqual(images);
    expect(at.server.received.map(({ url, body }) => [url, body])).toEqual([
      [
        '/v1/images/edits',
        [
          ['image[]', 'a.png (3)'],
          ['image[]', 'file.png (3)'],
          ['mask', 'm.png (3)'],
          ['prompt', 'Add a boat'],
          ['model', 'other'],
        ],
      ],
      [
        '/v1/images/variations',
        [
          ['image', 'a.png (3)'],
          ['n', '2'],
          ['model', 'other'],
        ],
      ],
    ]);
  });

  it.each([
    ['an image that is not done yet', 'image_generation.partial_image', false],
    ['whatever a raw call streams', 'content_block_delta', true],
  ])('hand out %s as soon as it comes', async (_, type, isRaw) => {
    const event = { type, b64_json: 'AA==' };
    await using at = await setUp(() => ({ events: [`data: ${JSON.stringify(event)}`], hang: true }));
    const { images, post } = at.portkey;
    const stream: AsyncIterable<object> = isRaw
      ? await post('/things', { stream: true })
      : await images.generate({ prompt: 'A boat', stream: true, partial_images: 1 });
    for await (const first of stream) {
      expect(first).toEqual(event);
      break;
    }
  });

  it('transcribe as a stream of events', async () => {
    const events = [
      { type: 'transcript.text.delta', delta: 'Hel' },
      { type: 'transcript.text.done', text: 'Hello' },
    ];
    await using at = await setUp(() => ({ events: events.map((event) => `data: ${JSON.stringify(event)}`) }));
    const stream = await at.portkey.audio.transcriptions.create({ file: png('a.mp3'), model: 'm', stream: true });
    expect(await collect(stream)).toEqual(events);
  });
});

describe('raw calls', () => {
  it('send method, path and body as given', async () => {
    await using at = await setUp(({ method }) => ({ json: { method } }));
    expect(await at.portkey.post('/fine_tuning/jobs', { training_file: 'file-1' })).toEqual({ method: 'POST' });
    expect(await at.portkey.put('/things/1', { name: 'x' })).toEqual({ method: 'PUT' });
    expect(await at.portkey.get('/things?limit=2', { traceID: 't-1' })).toEqual({ method: 'GET' });
    expect(await at.portkey.delete('/things/1')).toEqual({ method: 'DELETE' });
    expect(at.server.received.map(sent)).toEqual([
      ['POST', '/v1/fine_tuning/jobs', { training_file: 'file-1', model: 'other' }],
      ['PUT', '/v1/things/1', { name: 'x' }],
      ['GET', '/v1/things?limit=2', undefined],
      ['DELETE', '/v1/things/1', undefined],
    ]);
  });

  it('give text where the reply is none of JSON, null where it is empty, and its bytes as a response', async () => {
    await using at = await setUp(({ url }) =>
      url === '/v1/empty' ? { bytes: '', type: 'text/plain', status: 204 } : { bytes: 'plain', type: 'text/plain' },
    );
    expect(await at.portkey.get<string>('/text')).toBe('plain');
    expect(await at.portkey.delete<null>('/empty')).toBeNull();
    expect((await (await at.portkey.get('/text').asResponse()).arrayBuffer()).byteLength).toBe(5);
  });

  it("tell conditions and errors the call's own path", async () => {
    await using at = await setUp(() => ({ json: { error: { message: 'No such job' } }, status: 404 }));
    const { url } = at.server;
    const config = {
      strategy: {
        mode: 'conditional' as const,
        conditions: [{ query: { 'url.pathname': '/v1/fine_tuning/jobs' }, then: 'jobs' }],
      },
      targets: [{ name: 'jobs', provider: 'openai', api_key: 'sk', custom_host: url }],
    };
    await expect(at.portkey.get('/fine_tuning/jobs?limit=1', { config })).rejects.toThrow('404 No such job');
    await expect(at.portkey.get('/other', { config })).rejects.toThrow('No condition of config matches');
  });
});
