import { expect, it } from 'vitest';
import { type Endpoint, endpoints } from '../../../../src/core/endpoint.ts';
import type { ModelRequest } from '../../../../src/core/handler.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { Codec, WireRequest } from '../../../../src/core/provider.ts';
import { openai } from '../../../../src/providers/dialects/openai/index.ts';
import { scopeOf } from './scope.ts';

const codec = (endpoint: Endpoint): Codec => openai.codecs[endpoint]!;
const at = (endpoint: Endpoint, more: Partial<ModelRequest> = {}) =>
  scopeOf({ request: { endpoint, body: {}, ...more } });
const encode = (endpoint: Endpoint, body: JsonObject, more: Partial<ModelRequest> = {}): WireRequest =>
  codec(endpoint).encode(body, at(endpoint, more));
const fields = (wire: WireRequest) =>
  [...(wire.body as FormData)].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]);

it('serves every endpoint but Anthropic’s', () => {
  expect(endpoints.filter((endpoint) => openai.codecs[endpoint] === undefined)).toEqual(['messages']);
});

it.each<[Endpoint, JsonObject]>([
  ['completions', { model: 'm', prompt: 'x' }],
  ['embeddings', { model: 'm', input: ['x'], dimensions: 3 }],
  ['responses', { model: 'm', input: 'x' }],
  ['images/generations', { model: 'm', prompt: 'x' }],
  ['images/edits', { model: 'm', images: [{ image_url: 'https://x/y.png' }], prompt: 'x' }],
  ['audio/speech', { model: 'm', input: 'x', voice: 'alloy' }],
  ['moderations', { input: 'x' }],
  ['batches', { input_file_id: 'file-1' }],
])('%s goes out as JSON', (endpoint, body) => {
  expect(encode(endpoint, body)).toEqual({ method: 'POST', path: `/${endpoint}`, body });
});

it('sends a transcription as a form', () => {
  const file = new File(['x'], 'a.mp3', { type: 'audio/mpeg' });
  const body = {
    model: 'whisper-1',
    file,
    temperature: 0.5,
    timestamp_granularities: ['word', 'segment'],
    left: undefined,
  };
  const wire = encode('audio/transcriptions', body);
  expect(wire).toMatchObject({ method: 'POST', path: '/audio/transcriptions' });
  expect(fields(wire)).toEqual([
    ['model', 'whisper-1'],
    ['file', 'a.mp3'],
    ['temperature', '0.5'],
    ['timestamp_granularities[]', 'word'],
    ['timestamp_granularities[]', 'segment'],
  ]);
});

it('sends a form even where the file is given by URL', () => {
  expect(fields(encode('audio/translations', { model: 'whisper-1', url: 'https://x/a.mp3' }))).toEqual([
    ['model', 'whisper-1'],
    ['url', 'https://x/a.mp3'],
  ]);
});

it('sends several images as image[]', () => {
  const images = [new File(['x'], 'a.png'), new File(['y'], 'b.png')];
  expect(fields(encode('images/edits', { image: images, prompt: 'x' }))).toEqual([
    ['image[]', 'a.png'],
    ['image[]', 'b.png'],
    ['prompt', 'x'],
  ]);
});

it.each([
  [new Blob(['x'], { type: 'audio/mpeg' }), 'file.mpeg'],
  [new Blob(['x'], { type: 'audio/x-wav' }), 'file.wav'],
  [new Blob(['x'], { type: 'audio/webm;codecs=opus' }), 'file.webm'],
  [new Blob(['x']), 'file'],
])('names a nameless blob after its type', (file, name) => {
  expect(fields(encode('audio/translations', { file }))).toEqual([['file', name]]);
});

it('sends members of an object as name[key]', () => {
  const body = {
    purpose: 'batch',
    file: new File(['{}'], 'b.jsonl'),
    expires_after: { anchor: 'created_at', seconds: 3600 },
  };
  expect(fields(encode('files', body))).toEqual([
    ['purpose', 'batch'],
    ['file', 'b.jsonl'],
    ['expires_after[anchor]', 'created_at'],
    ['expires_after[seconds]', '3600'],
  ]);
});

it('refuses null in a form, naming the field', () => {
  expect(() => encode('audio/transcriptions', { model: 'm', language: null })).toThrow(
    expect.objectContaining({ kind: 'translation', param: 'language' }),
  );
});

it.each<[string, [Endpoint, JsonObject, Partial<ModelRequest>?], WireRequest]>([
  ['lists models', ['models', {}], { method: 'GET', path: '/models' }],
  ['asks for one model', ['models', {}, { path: '/models/gpt-4o' }], { method: 'GET', path: '/models/gpt-4o' }],
  ['lists files', ['files', {}], { method: 'GET', path: '/files' }],
  [
    'lists files with a filter',
    ['files', { purpose: 'batch', limit: 2, after: undefined }, { method: 'GET', path: '/files?order=asc' }],
    { method: 'GET', path: '/files?order=asc&purpose=batch&limit=2' },
  ],
  [
    'deletes a file',
    ['files', {}, { method: 'DELETE', path: '/files/file-1' }],
    { method: 'DELETE', path: '/files/file-1' },
  ],
  ['lists batches', ['batches', {}], { method: 'GET', path: '/batches' }],
  [
    'cancels a batch',
    ['batches', {}, { method: 'POST', path: '/batches/b1/cancel' }],
    { method: 'POST', path: '/batches/b1/cancel', body: {} },
  ],
  [
    'retrieves a response with what to include',
    ['responses', { include: ['a.b', 'c'] }, { method: 'GET', path: '/responses/r1' }],
    { method: 'GET', path: '/responses/r1?include%5B%5D=a.b&include%5B%5D=c' },
  ],
])('%s', (_what, call, wire) => {
  expect(encode(...call)).toEqual(wire);
});

it.each<[Endpoint, JsonObject]>([
  ['embeddings', { object: 'list', data: [] }],
  ['images/generations', { created: 1, data: [] }],
  ['moderations', { id: 'm', results: [] }],
  ['responses', { id: 'r', object: 'response', status: 'completed', error: null, output: [] }],
  ['audio/transcriptions', { text: 'hi' }],
  ['files', { id: 'file-1' }],
  ['models', { object: 'list', data: [] }],
])('hands a reply of %s on as it is', (endpoint, reply) => {
  expect(codec(endpoint).decode(reply, at(endpoint))).toBe(reply);
});

it.each<[Endpoint, JsonObject]>([
  ['embeddings', {}],
  ['images/generations', { created: 1 }],
  ['moderations', { id: 'm' }],
  ['responses', { id: 'r' }],
])('calls a reply of %s without its list unreadable', (endpoint, reply) => {
  expect(() => codec(endpoint).decode(reply, at(endpoint))).toThrow(expect.objectContaining({ kind: 'unreadable' }));
});

it('wraps a bare list of models', () => {
  expect(codec('models').decode([{ id: 'm' }], at('models'))).toEqual({ object: 'list', data: [{ id: 'm' }] });
});

it('throws for a response that failed, and hands it on when it was retrieved', () => {
  const failed = {
    id: 'r',
    object: 'response',
    status: 'failed',
    error: { code: 'rate_limit_exceeded', message: 'slow' },
  };
  expect(() => codec('responses').decode(failed, at('responses'))).toThrow(
    expect.objectContaining({ status: 429, kind: 'rate_limit', code: 'rate_limit_exceeded' }),
  );
  expect(codec('responses').decode(failed, at('responses', { method: 'GET', path: '/responses/r' }))).toBe(failed);
});

it.each<[Endpoint, string | undefined]>([
  ['chat/completions', undefined],
  ['audio/speech', 'bytes'],
  ['audio/transcriptions', 'auto'],
  ['proxy', 'auto'],
])('a reply of %s is %s', (endpoint, reply) => {
  expect(codec(endpoint).reply).toBe(reply);
});

it('the content of a file is bytes, even where it is JSON; what is told about files is JSON', () => {
  const { reply } = codec('files');
  const kindAt = (path?: string) =>
    typeof reply === 'function' && reply(at('files', path === undefined ? {} : { path }));
  expect([kindAt('/files/file-1/content'), kindAt('/files/file-1'), kindAt()]).toEqual(['bytes', 'json', 'json']);
});

it('passes a proxy call through', () => {
  const body = { model: '@key/gpt-4o', training_file: 'f', anything: null };
  const path = '/fine_tuning/jobs';
  expect(encode('proxy', body, { path, method: 'POST' })).toEqual({
    method: 'POST',
    path,
    body: { model: 'gpt-4o', training_file: 'f', anything: null },
  });
  expect(encode('proxy', {}, { path: '/x?a=1', method: 'DELETE' })).toEqual({ method: 'DELETE', path: '/x?a=1' });
  const job = { id: 'ftjob-1', error: { code: 'x', message: 'y' } };
  expect(codec('proxy').decode(job, at('proxy', { path }))).toBe(job);
  expect(() => encode('proxy', {})).toThrow(expect.objectContaining({ param: 'path' }));
});
