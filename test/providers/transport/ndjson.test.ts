import { describe, expect, it } from 'vitest';
import { ndjson } from '../../../src/providers/transport/ndjson.ts';
import { eventsOf, expectAnySplit } from './framing-cases.ts';

describe('JSON lines', () => {
  it.each([
    ['one value a line', '{"a":1}\n{"b":2}\n', [{ data: '{"a":1}' }, { data: '{"b":2}' }]],
    ['carriage returns', '{"a":1}\r\n{"b":2}\r\n', [{ data: '{"a":1}' }, { data: '{"b":2}' }]],
    ['blank lines', '\n\n{"a":1}\n \n\n{"b":2}\n\n', [{ data: '{"a":1}' }, { data: '{"b":2}' }]],
    ['no line break at the end', '{"a":1}\n{"b":"ä"}', [{ data: '{"a":1}' }, { data: '{"b":"ä"}' }]],
    ['a byte order mark', '\ufeff{"a":1}\n', [{ data: '{"a":1}' }]],
    ['line separators inside of text', '{"a":"\u2028"}\n', [{ data: '{"a":"\u2028"}' }]],
    ['characters of every length', '"aäの🌱"\n"🌱"\n', [{ data: '"aäの🌱"' }, { data: '"🌱"' }]],
    ['nothing', '', []],
  ])('%s, cut anywhere', (_what, text, expected) => {
    expectAnySplit(ndjson, new TextEncoder().encode(text), expected);
  });

  it('refuses a line that never ends', () => {
    const pieces = Array.from({ length: 20 }, () => '{"a":"xx');
    expect(() => eventsOf(ndjson, pieces, { maxEventSize: 100 })).toThrow(
      'One event of the stream is larger than 100. Received: {"a":"xx{"a":"xx',
    );
  });
});
