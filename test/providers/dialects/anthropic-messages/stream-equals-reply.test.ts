import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { assemble } from './assemble.ts';
import { chat, deepFreeze, scopeOf } from './support.ts';

const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const id = fc.stringMatching(/^[a-z0-9]{6}$/);
const input = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.oneof(text, fc.integer(), fc.boolean()), {
  maxKeys: 3,
});
const citation = fc.record({
  type: fc.constant('web_search_result_location'),
  url: fc.constantFrom('https://a.example', 'https://b.example'),
  title: text,
  cited_text: text,
});
const block = fc.oneof(
  fc.record({ type: fc.constant('text'), text, citations: fc.array(citation, { maxLength: 2 }) }),
  fc.record({ type: fc.constant('thinking'), thinking: text, signature: id }),
  fc.record({ type: fc.constant('redacted_thinking'), data: id }),
  fc.record({ type: fc.constant('tool_use'), id, name: fc.constantFrom('f', 'g', 'json_answer__'), input }),
  fc.record({ type: fc.constant('server_tool_use'), id, name: fc.constant('web_search'), input }),
  fc.record({ type: fc.constant('web_search_tool_result'), tool_use_id: id, content: fc.constant([]) }),
);
const count = fc.nat(1000);
const message = fc.record({
  id,
  model: fc.constantFrom('claude-opus-4-8', 'claude-haiku-4-5'),
  content: fc.array(block, { maxLength: 6 }),
  stop_reason: fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'refusal', 'pause_turn', 'stop_sequence', 'new'),
  usage: fc.record(
    {
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
      output_tokens_details: fc.record({ thinking_tokens: count }),
      service_tier: fc.constantFrom('standard', 'priority', 'batch'),
    },
    { requiredKeys: ['input_tokens', 'output_tokens'] },
  ),
  container: fc.option(fc.record({ id }), { nil: null }),
});

/** `whole` in pieces of `size` UTF-16 units: also through the middle of a character, as nothing forbids it. */
const pieces = (whole: string, size: number) => whole.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];

function deltasOf(content: JsonObject, size: number): readonly JsonObject[] {
  switch (content['type']) {
    case 'text':
      return [
        ...pieces(content['text'] as string, size).map((piece) => ({ type: 'text_delta', text: piece })),
        ...(content['citations'] as JsonObject[]).map((cited) => ({ type: 'citations_delta', citation: cited })),
      ];
    case 'thinking':
      return [
        ...pieces(content['thinking'] as string, size).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
        { type: 'signature_delta', signature: content['signature'] },
      ];
    case 'tool_use':
    case 'server_tool_use': {
      const json = JSON.stringify(content['input']);
      return pieces(json === '{}' ? '' : json, size).map((piece) => ({
        type: 'input_json_delta',
        partial_json: piece,
      }));
    }
    default:
      return [];
  }
}

const emptied: Readonly<Record<string, JsonObject>> = {
  text: { text: '', citations: [] },
  thinking: { thinking: '', signature: '' },
  tool_use: { input: {} },
  server_tool_use: { input: {} },
};

function eventsOf(whole: JsonObject, size: number): readonly JsonObject[] {
  const { content, stop_reason, usage, container, ...rest } = whole;
  return [
    {
      type: 'message_start',
      message: { ...rest, content: [], stop_reason: null, usage: { ...(usage as object), output_tokens: 1 } },
    },
    ...(content as JsonObject[]).flatMap((part, index) => [
      { type: 'content_block_start', index, content_block: { ...part, ...emptied[part['type'] as string] } },
      ...deltasOf(part, size).map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta',
      delta: { stop_reason, container },
      usage: { output_tokens: (usage as JsonObject)['output_tokens'] },
    },
    { type: 'message_stop' },
  ];
}

describe('a streamed reply', () => {
  it('put together equals the same reply unstreamed', () => {
    fc.assert(
      fc.property(
        message,
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        fc.boolean(),
        (whole, size, strict, isUsageAsked) => {
          const body = { stream_options: { include_usage: isUsageAsked } };
          const scope = scopeOf({ strict, body, stream: true });
          const decoder = chat.decodeStream(scope);
          const chunks: JsonObject[] = [];
          for (const event of eventsOf(whole, size)) {
            decoder.push({ event: event['type'] as string, data: JSON.stringify(event) }, (chunk) =>
              chunks.push(chunk),
            );
          }
          expect(decoder.end((chunk) => chunks.push(chunk))).toBe(true);
          const last = isUsageAsked ? { ...chunks.at(-2), usage: chunks.at(-1)?.['usage'] } : chunks.at(-1);
          const read = isUsageAsked ? [...chunks.slice(0, -2), last as JsonObject] : chunks;
          const expected = chat.decode(deepFreeze(structuredClone(whole)), scope);
          expect(assemble(read)).toEqual(withoutEmptyBlocks(expected));
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** A stream without blocks has nothing to say of them. */
function withoutEmptyBlocks(completion: JsonObject): JsonObject {
  const [choice] = completion['choices'] as { message: JsonObject }[];
  const { content_blocks: blocks, ...message } = choice!.message;
  const isEmpty = !Array.isArray(blocks) || blocks.length === 0;
  return { ...completion, choices: [{ ...choice, message: isEmpty ? message : choice!.message }] };
}
