import { expect, it } from 'vitest';
import { framings } from '../../../src/providers/transport/framings.ts';
import { eventsOf } from './framing-cases.ts';

it.each([
  ['sse', 'data: {"a":1}\n\n'],
  ['ndjson', '{"a":1}\n'],
  ['json-array', '[{"a":1}]'],
] as const)('reads %s by its name', async (name, text) => {
  expect(eventsOf(await framings[name].get(), [text])).toEqual([{ data: '{"a":1}' }]);
});

it('reads aws-event-stream by its name', async () => {
  const bytes = Uint8Array.from(Buffer.from('000000100000000005c248eb7d98c8ff', 'hex'));
  expect(eventsOf(await framings['aws-event-stream'].get(), [bytes])).toEqual([{ data: '' }]);
});
