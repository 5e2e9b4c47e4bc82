import { Portkey } from 'modelmux';
import { describe, expect, it } from 'vitest';
import { collect } from '../resources/fakes.ts';
import { type Answer, type Received, recordingServer } from './recording-server.ts';

async function setUp(answer: (request: Received) => Answer) {
  const server = await recordingServer(answer);
  const portkey = new Portkey({ baseURL: server.url, apiKey: 'pk', config: 'pc-main' });
  return { portkey, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [{ type: 'text', text: 'Hi' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

describe('behind a gateway', () => {
  it("messages go through in Anthropic's shape, untouched", async () => {
    await using at = await setUp(() => ({ json: message }));
    const body = {
      model: '@google/gemini-2.5-flash',
      max_tokens: 9,
      messages: [
        { role: 'user' as const, content: 'Hi' },
        { role: 'assistant' as const, content: [{ type: 'thinking', thinking: 'unsigned', signature: '' }] },
      ],
    };
    const reply = await at.portkey.messages.create(body, { traceID: 't-1' });
    expect(reply).toEqual(message);
    expect(at.server.received).toMatchObject([
      {
        method: 'POST',
        url: '/v1/messages',
        body,
        headers: { 'x-portkey-api-key': 'pk', 'x-portkey-config': 'pc-main', 'x-portkey-trace-id': 't-1' },
      },
    ]);
  });

  it("messages stream Anthropic's events, and their errors are typed", async () => {
    const events = [
      { type: 'message_start', message: { ...message, content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ];
    const failure = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    await using at = await setUp(({ body }) =>
      (body as { stream?: boolean }).stream
        ? { events: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}`) }
        : { json: failure, status: 529 },
    );
    const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user' as const, content: 'Hi' }] };
    expect(await collect(await at.portkey.messages.create({ ...body, stream: true }))).toEqual(events);
    await expect(at.portkey.messages.create(body)).rejects.toMatchObject({ status: 529, message: '529 Overloaded' });
  });

  it('counting, files and raw paths go through as well', async () => {
    await using at = await setUp(({ url }) => ({
      json: url.endsWith('count_tokens') ? { input_tokens: 3 } : { id: 'x', object: 'file' },
    }));
    const { portkey, server } = at;
    const counted = await portkey.messages.countTokens({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
    expect(counted).toEqual({ input_tokens: 3 });
    await portkey.files.create({ file: new File(['{}'], 'a.jsonl'), purpose: 'batch' });
    await portkey.models.retrieve('gpt-4o');
    await portkey.get('/labels');
    expect(server.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/messages/count_tokens',
      'POST /v1/files',
      'GET /v1/models/gpt-4o',
      'GET /v1/labels',
    ]);
    expect(server.received.every(({ headers }) => headers['x-portkey-config'] === 'pc-main')).toBe(true);
  });

  it('embeddings, responses, speech and moderations go through as OpenAI has them', async () => {
    await using at = await setUp(({ url }) =>
      url === '/v1/audio/speech'
        ? { bytes: 'ID3', type: 'audio/mpeg' }
        : { json: { object: 'list', data: [], output: [], results: [] } },
    );
    const { portkey, server } = at;
    await portkey.embeddings.create({ model: 'm', input: 'x' });
    expect((await portkey.responses.create({ model: 'm', input: 'x' })).output_text).toBe('');
    expect(await (await portkey.audio.speech.create({ model: 'm', voice: 'v', input: 'x' })).text()).toBe('ID3');
    await portkey.moderations.create({ input: 'x' });
    expect(server.received.map(({ url, body }) => [url, body])).toEqual([
      ['/v1/embeddings', { model: 'm', input: 'x' }],
      ['/v1/responses', { model: 'm', input: 'x' }],
      ['/v1/audio/speech', { model: 'm', voice: 'v', input: 'x' }],
      ['/v1/moderations', { input: 'x' }],
    ]);
  });
});
