import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { choiceStream } from '../../../../src/providers/dialects/openai/choice-stream.ts';

const chunk = (finish: string | null, index = 0): string =>
  JSON.stringify({ id: 'c', choices: [{ index, delta: {}, finish_reason: finish }] });

function decode(events: readonly (string | { event: string; data: string })[]): {
  chunks: JsonObject[];
  complete: boolean;
} {
  const decoder = choiceStream();
  const chunks: JsonObject[] = [];
  const emit = (one: JsonObject) => void chunks.push(one);
  for (const event of events) decoder.push(typeof event === 'string' ? { data: event } : event, emit);
  return { chunks, complete: decoder.end(emit) };
}

it('passes chunks on and drops the marker', () => {
  expect(decode([chunk(null), chunk('stop'), '[DONE]'])).toEqual({
    chunks: [JSON.parse(chunk(null)), JSON.parse(chunk('stop'))],
    complete: true,
  });
});

it.each([
  ['the marker alone', ['[DONE]'], true],
  ['the marker with spaces', [' [DONE] '], true],
  ['a finish reason without marker', [chunk(null), chunk('stop')], true],
  ['one of two choices finished', [chunk(null, 0), chunk(null, 1), chunk('stop', 0)], false],
  ['both choices finished', [chunk(null, 0), chunk('length', 1), chunk('stop', 0)], true],
  ['no finish reason', [chunk(null)], false],
  ['an empty finish reason', [chunk('')], false],
  ['usage alone', ['{"choices":[],"usage":{}}'], false],
  ['nothing', [], false],
  ['a chunk of a finished choice', [chunk('stop'), chunk(null)], true],
])('%s: complete is %s', (_what, events, complete) => {
  expect(decode(events).complete).toBe(complete);
});

it('passes a usage chunk on after the finish reason', () => {
  const usage = { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } };
  expect(decode([chunk('stop'), JSON.stringify(usage)]).chunks[1]).toEqual(usage);
});

it('gives a chunk without choices an empty list', () => {
  expect(decode(['{"usage":{"total_tokens":1}}']).chunks).toEqual([{ usage: { total_tokens: 1 }, choices: [] }]);
});

it('ignores empty data and whatever follows the marker', () => {
  expect(decode(['', '[DONE]', 'not json']).chunks).toEqual([]);
});

it.each([
  ['an error chunk', '{"error":{"message":"slow","code":429}}', { status: 429, kind: 'rate_limit' }],
  ['an error beside choices', '{"choices":[],"error":{"message":"gone","code":502}}', { status: 502, kind: 'server' }],
  ['an error event', { event: 'error', data: '{"message":"Overloaded","type":"overloaded_error"}' }, { status: 529 }],
  ['an object named error', '{"object":"error","message":"out of memory","code":500}', { status: 500 }],
  [
    "Google's list",
    '[{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}]',
    { status: 503, kind: 'overloaded' },
  ],
  ['an unknown error', '{"error":{"message":"x"}}', { status: 502, kind: 'server' }],
  ['broken JSON', '{"choices":[', { name: 'UnreadableReplyError' }],
  ['a number', '5', { name: 'UnreadableReplyError' }],
  ['an empty list', '[]', { name: 'UnreadableReplyError' }],
])('throws for %s', (_what, event, error) => {
  expect(() => decode([event])).toThrow(expect.objectContaining(error));
});
