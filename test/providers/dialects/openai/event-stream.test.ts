import { expect, it } from 'vitest';
import type { Endpoint } from '../../../../src/core/endpoint.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { WireEvent } from '../../../../src/core/provider.ts';
import { openai } from '../../../../src/providers/dialects/openai/index.ts';
import { scopeOf } from './scope.ts';

function decode(endpoint: Endpoint, events: readonly WireEvent[]): { chunks: JsonObject[]; complete: boolean } {
  const decoder = openai.codecs[endpoint]!.decodeStream!(scopeOf({ stream: true }));
  const chunks: JsonObject[] = [];
  const emit = (chunk: JsonObject) => void chunks.push(chunk);
  for (const event of events) decoder.push(event, emit);
  return { chunks, complete: decoder.end(emit) };
}

const event = (type: string, more: JsonObject = {}): WireEvent => ({
  event: type,
  data: JSON.stringify({ type, ...more }),
});

it.each<[Endpoint, readonly WireEvent[], boolean]>([
  ['responses', [event('response.created'), event('response.output_text.done'), event('response.completed')], true],
  ['responses', [event('response.created'), event('response.incomplete')], true],
  ['responses', [event('response.created'), { data: '[DONE]' }], true],
  ['responses', [event('response.created'), event('response.output_text.done')], false],
  ['images/generations', [event('image_generation.partial_image'), event('image_generation.completed')], true],
  ['images/edits', [event('image_edit.partial_image')], false],
  ['audio/transcriptions', [event('transcript.text.delta'), event('transcript.text.done')], true],
  ['proxy', [{ data: '{"a":1}' }], true],
])('%s: %j is complete: %s', (endpoint, events, complete) => {
  const result = decode(endpoint, events);
  expect(result.complete).toBe(complete);
  expect(result.chunks).toEqual(events.filter(({ data }) => data !== '[DONE]').map(({ data }) => JSON.parse(data)));
});

it('takes the type from the event where the data has none', () => {
  expect(decode('responses', [{ event: 'response.completed', data: '{"a":1}' }])).toEqual({
    chunks: [{ a: 1, type: 'response.completed' }],
    complete: true,
  });
});

it.each<[string, WireEvent, JsonObject]>([
  [
    'a flat error',
    event('error', { code: 'rate_limit_exceeded', message: 'slow', param: null }),
    { status: 429, code: 'rate_limit_exceeded' },
  ],
  ['a nested error', event('error', { error: { type: 'overloaded_error', message: 'x' } }), { status: 529 }],
  [
    'a failed response',
    event('response.failed', {
      response: { status: 'failed', error: { code: 'context_length_exceeded', message: 'too long' } },
    }),
    { status: 400, kind: 'context_window' },
  ],
  ['a failed response without reason', event('response.failed'), { status: 502, kind: 'server' }],
  ['an error without type', { data: '{"error":{"message":"x","code":503}}' }, { status: 503 }],
  ['broken JSON', { event: 'response.created', data: '{' }, { kind: 'unreadable' }],
])('throws for %s', (_what, one, error) => {
  expect(() => decode('responses', [event('response.created'), one])).toThrow(expect.objectContaining(error));
});
