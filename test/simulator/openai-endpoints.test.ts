import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { bearer, dataOf, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { openai: { text: 'Hello wörld.' } } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const url = (path: string) => `${simulator.baseUrl('openai')}${path}`;
const post = (path: string, body: unknown) => send(url(path), { headers: bearer, body });
const json = async (path: string, body: unknown) => JSON.parse((await post(path, body)).text);

describe('other endpoints', () => {
  it('completes text, whole and streamed', async () => {
    expect(await json('/completions', { model: 'm', prompt: 'Once' })).toMatchObject({
      id: expect.stringMatching(/^cmpl-/),
      object: 'text_completion',
      choices: [{ text: 'Hello wörld.', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
    const events = dataOf((await post('/completions', { model: 'm', prompt: 'Once', stream: true })).text);
    expect(
      events.map((event) => (event === '[DONE]' ? event : (event as { choices: [{ text: string }] }).choices[0].text)),
    ).toEqual(['Hello', ' wörld.', '', '[DONE]']);
  });

  it('embeds inputs as unit vectors, as numbers or base64, the same for the same input', async () => {
    const list = await json('/embeddings', { model: 'e', input: ['one', 'two'], dimensions: 4 });
    expect(list).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: expect.any(Array) },
        { object: 'embedding', index: 1, embedding: expect.any(Array) },
      ],
      model: 'e',
      usage: { prompt_tokens: 2, total_tokens: 2 },
    });
    const [one, two] = list.data.map((item: { embedding: number[] }) => item.embedding);
    expect(Math.hypot(...one)).toBeCloseTo(1, 5);
    expect(two).not.toEqual(one);
    const encoded = await json('/embeddings', { model: 'e', input: 'one', dimensions: 4, encoding_format: 'base64' });
    const bytes = Buffer.from(encoded.data[0].embedding, 'base64');
    expect([0, 4, 8, 12].map((offset) => bytes.readFloatLE(offset))).toEqual(one);
  });

  it('takes token numbers as an input', async () => {
    expect((await json('/embeddings', { model: 'e', input: [1, 2, 3] })).data).toHaveLength(1);
    expect((await json('/embeddings', { model: 'e', input: [[1], [2]] })).data).toHaveLength(2);
  });

  it('moderates, and flags when told', async () => {
    simulator.script('openai', [{}, { contentFilter: true }]);
    expect(await json('/moderations', { input: ['a', 'b'] })).toMatchObject({
      id: expect.stringMatching(/^modr-/),
      results: [{ flagged: false }, { flagged: false }],
    });
    expect(await json('/moderations', { input: 'a' })).toMatchObject({
      results: [{ flagged: true, categories: { violence: true, hate: false } }],
    });
  });

  it('lists models, its own or those configured', async () => {
    const list = async () => JSON.parse((await send(url('/models'), { method: 'GET', headers: bearer })).text);
    expect(await list()).toMatchObject({ object: 'list', data: [{ id: 'simulated-model', object: 'model' }] });
    simulator.behave('openai', { models: ['a/b'] });
    expect((await list()).data).toEqual([
      { id: 'a/b', object: 'model', created: 1_735_689_600, owned_by: 'modelmux-simulator' },
    ]);
    const one = (id: string) => send(url(`/models/${id}`), { method: 'GET', headers: bearer });
    expect((await one('a%2Fb')).status).toBe(200);
    expect((await one('c')).status).toBe(404);
  });

  it('draws images of one pixel', async () => {
    const { data } = await json('/images/generations', { prompt: 'A cat', n: 2 });
    expect(Buffer.from(data[1].b64_json, 'base64').subarray(1, 4).toString()).toBe('PNG');
    const urls = await json('/images/generations', { prompt: 'A cat', response_format: 'url' });
    expect(urls.data).toEqual([
      { url: 'https://simulator.invalid/image.png', revised_prompt: expect.stringContaining('simulated') },
    ]);
  });

  it('speaks silence', async () => {
    const { headers, chunks } = await post('/audio/speech', { model: 's', input: 'Hi', voice: 'alloy' });
    const wav = Buffer.concat(chunks);
    expect(headers['content-type']).toBe('audio/wav');
    expect([wav.toString('latin1', 0, 4), wav.toString('latin1', 8, 12), wav.readUInt32LE(4) + 8]).toEqual([
      'RIFF',
      'WAVE',
      wav.length,
    ]);
  });

  it('transcribes a form with a file', async () => {
    const form = new FormData();
    form.set('model', 'whisper-1');
    form.set('file', new Blob([new Uint8Array(3)], { type: 'audio/wav' }), 'a.wav');
    const response = await fetch(url('/audio/transcriptions'), { method: 'POST', headers: bearer, body: form });
    expect(await response.json()).toEqual({ text: 'Hello wörld.' });
    expect(simulator.requests('openai').at(-1)?.body).toEqual({
      model: 'whisper-1',
      file: { filename: 'a.wav', type: 'audio/wav', size: 3 },
    });
  });

  it.each([
    ['/completions', {}, 'model'],
    ['/embeddings', { model: 'e' }, 'input'],
    ['/moderations', {}, 'input'],
    ['/images/generations', {}, 'prompt'],
    ['/audio/speech', { model: 's', input: 'x' }, 'voice'],
    ['/audio/transcriptions', { model: 's' }, 'file'],
    ['/responses', { model: 'm' }, 'input'],
  ])('%s refuses %j for want of %s', async (path, body, param) => {
    const { status, text } = await post(path, body);
    expect(status).toBe(400);
    expect(JSON.parse(text).error).toMatchObject({ param, code: 'missing_required_parameter' });
  });
});
