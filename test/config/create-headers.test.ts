import { createHeaders as theirs } from 'portkey-ai';
import { expect, it } from 'vitest';
import { createHeaders } from '../../src/config/create-headers.ts';

it.each<[string, Record<string, unknown>]>([
  ['key, provider and trace', { apiKey: 'pk', provider: 'openai', traceID: 't1', virtualKey: 'v' }],
  ['a config as object', { apiKey: 'pk', config: { retry: { attempts: 3 } } }],
  ['a config by ID', { apiKey: 'pk', config: 'pc-1' }],
  ['metadata', { apiKey: 'pk', metadata: { _user: 'u', tier: 'paid' } }],
  [
    'provider fields',
    { apiKey: 'pk', awsAccessKeyId: 'a', awsRegion: 'us-east-1', vertexProjectId: 'p', azureResourceName: 'r' },
  ],
  ['switches and numbers', { apiKey: 'pk', strictOpenAiCompliance: true, requestTimeout: 500, debug: false }],
])('makes the headers portkey-ai makes of %s', (_, options) => {
  // Theirs leaves numbers as they are; a header is text either way.
  const expected = Object.fromEntries(Object.entries(theirs(options)).map(([name, value]) => [name, String(value)]));
  expect(createHeaders(options)).toEqual(expected);
});

it.each<[Record<string, unknown>, Record<string, string>]>([
  [{ Authorization: 'Bearer k' }, { authorization: 'Bearer k' }],
  [{ traceID: undefined, provider: null, virtualKey: '' }, {}],
  [{ forwardHeaders: ['x-a', 'x-b'] }, { 'x-portkey-forward-headers': 'x-a,x-b' }],
  // A header carries Latin-1 at most: JSON escapes the rest, other text is percent-encoded.
  [{ metadata: { ü: '東京' } }, { 'x-portkey-metadata': '{"\\u00fc":"\\u6771\\u4eac"}' }],
  [{ traceID: 'Zoë 東' }, { 'x-portkey-trace-id': 'Zoë %E6%9D%B1' }],
])('makes %j to %j', (options, headers) => {
  expect(createHeaders(options)).toEqual(headers);
});
