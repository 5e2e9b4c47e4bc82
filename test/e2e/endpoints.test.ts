import { Portkey } from 'modelmux';
import { type RecordedRequest, type Simulator, startSimulator } from 'modelmux/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../resources/fakes.ts';

let simulator: Simulator;
let openai: Portkey;
let anthropic: Portkey;
const target = (provider: string) => ({ provider, api_key: 'sk-test', custom_host: simulator.baseUrl(provider) });
const clientOf = (provider: string) => new Portkey({ config: target(provider) });

beforeAll(async () => {
  simulator = await startSimulator({ seed: 7 });
  openai = clientOf('openai');
  anthropic = clientOf('anthropic');
});
beforeEach(() => {
  simulator.reset();
  simulator.script('openai', [{ text: 'Hello there.' }]);
  simulator.script('anthropic', [{ text: 'Hello there.' }]);
});
afterAll(() => simulator.stop());

function last(): RecordedRequest {
  return simulator.requests().at(-1)!;
}

describe('completions', () => {
  const body = { model: 'gpt-3.5-turbo-instruct', prompt: 'Say hello' };

  it('go on with a text', async () => {
    const completion = await openai.completions.create(body);
    expect(completion.choices[0]?.text).toBe('Hello there.');
    expect(completion.getHeaders().provider).toBe('openai');
    expect(last()).toMatchObject({ method: 'POST', path: '/v1/completions', body, key: 'sk-test' });
  });

  it('stream their text', async () => {
    const chunks = await collect(await openai.completions.create({ ...body, stream: true }));
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe('Hello there.');
  });

  it('are refused clearly by a provider that has none', async () => {
    await expect(anthropic.completions.create(body)).rejects.toThrow(
      '404 Anthropic does not serve completions. It serves: chat/completions, messages, proxy, responses.',
    );
  });
});

describe('embeddings, moderations and images', () => {
  it('embed each text', async () => {
    const body = { model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 4 };
    const { data, response, trace_id } = await openai.embeddings.create(body, { traceID: 't-9' }).withResponse();
    expect(data.data.map(({ embedding }) => embedding.length)).toEqual([4, 4]);
    expect([trace_id, response.status, response.headers.get('x-portkey-trace-id')]).toEqual(['t-9', 200, 't-9']);
    expect(last()).toMatchObject({ path: '/v1/embeddings', body });
  });

  it('judge a text', async () => {
    const moderation = await openai.moderations.create({ input: 'How nice' });
    expect(moderation.results[0]?.flagged).toBe(false);
    expect(last().path).toBe('/v1/moderations');
  });

  it('draw', async () => {
    const images = await openai.images.generate({ prompt: 'A lighthouse', n: 2 });
    expect(images.data?.map(({ b64_json }) => b64_json?.slice(0, 8))).toEqual(['iVBORw0K', 'iVBORw0K']);
    expect(last().path).toBe('/v1/images/generations');
  });
});

describe('audio', () => {
  const file = () => new File([new Uint8Array([1, 2, 3])], 'speech.mp3', { type: 'audio/mpeg' });

  it('speaks: a web response with the audio', async () => {
    const speech = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello' });
    expect(speech).toBeInstanceOf(Response);
    expect(speech.headers.get('content-type')).toBe('audio/wav');
    expect(speech.getHeaders().provider).toBe('openai');
    const bytes = new Uint8Array(await speech.arrayBuffer());
    expect([bytes.length, new TextDecoder().decode(bytes.slice(0, 4))]).toEqual([844, 'RIFF']);
  });

  it('is transcribed as an object, or as a text where the format is one', async () => {
    const whole = await openai.audio.transcriptions.create({ file: file(), model: 'whisper-1' });
    expect(whole.text).toBe('Hello there.');
    expect(last()).toMatchObject({
      path: '/v1/audio/transcriptions',
      body: { model: 'whisper-1', file: { filename: 'speech.mp3', type: 'audio/mpeg', size: 3 } },
    });
    simulator.script('openai', [{ text: 'Hello again.' }]);
    const text = await openai.audio.transcriptions.create({
      file: file(),
      model: 'whisper-1',
      response_format: 'text',
    });
    expect(text).toBe('Hello again.\n');
  });

  it('is translated in the same forms', async () => {
    const text = await openai.audio.translations.create({ file: file(), model: 'whisper-1', response_format: 'text' });
    expect(text).toBe('Hello there.\n');
    expect(last().path).toBe('/v1/audio/translations');
  });
});

describe('responses', () => {
  const body = { model: 'gpt-4o-mini', input: 'Say hello' };

  it('answer, with all text in output_text', async () => {
    const response = await openai.responses.create(body);
    expect([response.object, response.status, response.output_text]).toEqual(['response', 'completed', 'Hello there.']);
    expect(last()).toMatchObject({ path: '/v1/responses', body });
  });

  it('stream events that name themselves', async () => {
    const events = await collect(await openai.responses.create({ ...body, stream: true }));
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['response.created', 'response.completed']);
    const text = events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
    expect(text).toBe('Hello there.');
  });
});

describe('messages', () => {
  const body = {
    model: 'claude-sonnet-4-5',
    max_tokens: 50,
    system: 'Be brief.',
    messages: [{ role: 'user' as const, content: 'Say hello' }],
  };

  it('pass to Anthropic as they are', async () => {
    const message = await anthropic.messages.create(body);
    expect(message).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
    expect(message.content).toMatchObject([{ type: 'text', text: 'Hello there.' }]);
    expect(message.getHeaders().provider).toBe('anthropic');
    expect(last()).toMatchObject({ path: '/v1/messages', body });
  });

  it("stream Anthropic's events", async () => {
    const events = await collect(await anthropic.messages.create({ ...body, stream: true }));
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['message_start', 'message_stop']);
    const text = events.map((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '',
    );
    expect(text.join('')).toBe('Hello there.');
  });

  it('are counted by Anthropic, and refused where nobody counts', async () => {
    const { max_tokens: _, ...counted } = body;
    expect((await anthropic.messages.countTokens(counted)).input_tokens).toBeGreaterThan(0);
    expect(last()).toMatchObject({ path: '/v1/messages/count_tokens', body: counted });
    await expect(openai.messages.countTokens({ ...counted, model: 'gpt-4o' })).rejects.toThrow(
      '404 OpenAI does not serve messages/count_tokens: it answers messages over its chat completions alone.',
    );
  });
});

describe('models and raw paths', () => {
  it('ask the provider about one model', async () => {
    expect((await openai.models.retrieve('gpt-4o-mini')).id).toBe('gpt-4o-mini');
    expect(last()).toMatchObject({ method: 'GET', path: '/v1/models/gpt-4o-mini', body: undefined });
  });

  it('post to a path of the provider, streamed or not', async () => {
    const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] };
    const reply = await openai.post<{ choices: { message: { content: string } }[] }>('/chat/completions', body);
    expect(reply.choices[0]?.message.content).toBe('Hello there.');
    expect(reply.getHeaders().provider).toBe('openai');
    simulator.script('anthropic', [{ text: 'Hello there.' }]);
    const stream = await anthropic.post<{ type: string }>('/messages', {
      ...body,
      model: 'claude-sonnet-4-5',
      max_tokens: 9,
      stream: true,
    });
    const types = (await collect(stream)).map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['message_start', 'message_stop']);
  });

  it('gets', async () => {
    expect(await openai.get('/models')).toMatchObject({ object: 'list' });
  });
});

describe('every call', () => {
  it('keeps members of the body that are named like options in the body', async () => {
    simulator.script('mistral-ai', [{ text: 'Hi' }]);
    const named = { config: 'pc-other', virtualKey: 'other' };
    const body = { model: 'm', input: 'x', ...named };
    await clientOf('mistral-ai').embeddings.create(body);
    expect(last().body).toEqual(body);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    [
      'input',
      'An embedding needs "input", such as "The quick brown fox".',
      () => openai.embeddings.create({ model: 'm' } as never),
    ],
    [
      'prompt',
      'A completion needs "prompt", such as "Once upon a time".',
      () => openai.completions.create({} as never),
    ],
    [
      'input',
      'A moderation needs "input", such as "Text to judge".',
      () => openai.moderations.create(undefined as never),
    ],
    ['prompt', 'An image needs "prompt", such as "A lighthouse at dusk".', () => openai.images.generate({} as never)],
    [
      'image',
      'An edit needs "image", such as fs.createReadStream("lighthouse.png").',
      () => openai.images.edit({ prompt: 'x' } as never),
    ],
    ['input', 'Speech needs "input", such as "Good morning!".', () => openai.audio.speech.create({} as never)],
    [
      'file',
      'A transcription needs "file", such as fs.createReadStream("speech.mp3").',
      () => openai.audio.transcriptions.create({} as never),
    ],
    [
      'input',
      'A response needs "input", such as "Hello" or [{ "role": "user", "content": "Hello" }].',
      () => openai.responses.create({}),
    ],
    [
      'messages',
      'A message needs "messages", such as [{ "role": "user", "content": "Hello" }].',
      () => openai.messages.create({} as never),
    ],
    [
      'endpoint',
      'A batch needs "endpoint", such as "/v1/chat/completions".',
      () => openai.batches.create({ input_file_id: 'f' } as never),
    ],
    [
      'file',
      '"file" must be a file: a File, a Blob, a Response, a stream such as fs.createReadStream("speech.mp3"), or { name, data }.',
      () => openai.files.create({ file: 'a.txt', purpose: 'batch' } as never),
    ],
    ['id', 'An ID of files must be a text that is not empty, not "".', () => openai.files.retrieve('')],
    ['id', 'An ID of files must be a text that is not empty, not "..".', () => openai.files.content('..')],
  ])('without %s is refused before anything is sent: %s', async (param, message, call) => {
    const before = simulator.requests().length;
    await expect(call()).rejects.toMatchObject({ name: 'InvalidRequestError', param, message: `400 ${message}` });
    expect(simulator.requests().length).toBe(before);
  });
});
