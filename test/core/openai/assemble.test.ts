import fc from 'fast-check';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { describe, expect, it } from 'vitest';
import { TruncatedStreamError } from '../../../src/core/errors/index.ts';
import { assembleChunks, chatAssembler } from '../../../src/core/openai/assemble.ts';
import type { ChatCompletionChunk } from '../../../src/core/openai/index.ts';
import { call, chunk, chunkOf, finish, usageChunk } from './chunks.ts';

const text = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Hel' }),
  chunk({ content: 'lo' }),
  finish('stop'),
];

describe('an answer of text', () => {
  it('is joined, with the usage of the last chunk', () => {
    expect(assembleChunks([...text, usageChunk])).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 7,
      model: 'm',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null },
          finish_reason: 'stop',
          logprobs: null,
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    });
  });

  it('keeps the last non-empty ID, model and usage, and other facts, whichever chunk has them', () => {
    const filters = chunkOf([], { id: '', model: '', created: 0, system_fingerprint: 'fp' });
    const citing = Object.assign(finish('stop'), { citations: ['https://a'], usage: null, obfuscation: 'xx' });
    expect(assembleChunks([filters, usageChunk, ...text, citing])).toMatchObject({
      id: 'chatcmpl-1',
      model: 'm',
      system_fingerprint: 'fp',
      usage: { total_tokens: 5 },
      citations: ['https://a'],
    });
    expect(assembleChunks([citing])).not.toHaveProperty('obfuscation');
  });

  it('joins reasoning, refusal and logprobs, each by itself', () => {
    const prob = (token: string) => ({ token, bytes: null, logprob: -1, top_logprobs: [] });
    const { choices } = assembleChunks([
      chunk({ reasoning_content: 'Let me ' }),
      chunk({ reasoning_content: 'think.' }),
      chunk({ refusal: 'I ' }, { logprobs: { content: null, refusal: [prob('I')] } }),
      chunk({ refusal: 'cannot' }, { logprobs: { content: [prob('x')], refusal: [prob('cannot')] } }),
      finish('stop'),
    ]);
    expect(choices[0]).toEqual({
      index: 0,
      message: { role: 'assistant', content: null, refusal: 'I cannot', reasoning_content: 'Let me think.' },
      finish_reason: 'stop',
      logprobs: { content: [prob('x')], refusal: [prob('I'), prob('cannot')] },
    });
  });

  it('joins content blocks by index, of kinds it does not know, too', () => {
    const blocks = (index: number, delta: Record<string, unknown>) => chunk({ content_blocks: [{ index, delta }] });
    const { choices } = assembleChunks([
      blocks(0, { type: 'thinking', thinking: '', signature: '' }),
      blocks(0, { thinking: 'a' }),
      blocks(0, { thinking: 'b' }),
      blocks(0, { signature: 'sig' }),
      blocks(2, { text: 'Hi' }),
      blocks(1, { data: 'xyz' }),
      blocks(2, { citation: { url: 'https://a' } }),
      blocks(2, { citation: { url: 'https://b' } }),
      blocks(3, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      blocks(3, { partial_json: '{"query":' }),
      blocks(3, { partial_json: '"x"}' }),
      blocks(4, { type: 'server_tool_use', id: 't', input: { a: 1 } }),
      blocks(4, { partial_json: '{"cut' }),
      blocks(5, { type: 'web_search_tool_result', content: [1], note: null }),
      finish('stop'),
    ]);
    expect(choices[0]?.message.content_blocks).toEqual([
      { type: 'thinking', thinking: 'ab', signature: 'sig' },
      { type: 'redacted_thinking', data: 'xyz' },
      { type: 'text', text: 'Hi', citations: [{ url: 'https://a' }, { url: 'https://b' }] },
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
      { type: 'server_tool_use', id: 't', input: { a: 1 } },
      { type: 'web_search_tool_result', content: [1] },
    ]);
  });

  it('joins lists: annotations, citations, whole blocks of thinking', () => {
    const thought = (thinking: string) => ({ type: 'thinking' as const, thinking, signature: 's' });
    const { choices } = assembleChunks([
      chunk({ thinking_blocks: [thought('a')] }),
      chunk({ thinking_blocks: [thought('b')], content: 'x' }),
      finish('stop'),
    ]);
    expect(choices[0]?.message.thinking_blocks).toEqual([thought('a'), thought('b')]);
  });

  it('joins sound, which ends without a finish reason', () => {
    const { choices } = assembleChunks([
      chunk({ audio: { id: 'a1', transcript: 'Hel' } }),
      chunk({ audio: { data: 'AA', transcript: 'lo' } }),
      chunk({ audio: { data: 'BB' } }),
      chunk({ audio: { expires_at: 9 } }),
    ]);
    expect(choices[0]?.finish_reason).toBe('stop');
    expect(choices[0]?.message.audio).toEqual({ id: 'a1', data: 'AABB', transcript: 'Hello', expires_at: 9 });
  });

  it('does not let a provider set a prototype', () => {
    const evil = JSON.parse(
      '{"__proto__":{"polluted":1},"choices":[{"index":0,"delta":{"__proto__":{"polluted":1}}}]}',
    );
    const { snapshot } = chatAssembler();
    expect(snapshot).toBeUndefined();
    const made = chatAssembler().add(evil);
    expect(made).not.toHaveProperty('polluted');
    expect(made.choices[0]?.message).not.toHaveProperty('polluted');
  });
});

describe('tool calls', () => {
  const paris = { id: 'call_1', name: 'weather' };
  const rome = { id: 'call_2', name: 'time' };
  const both = [
    { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
    { id: 'call_2', type: 'function', function: { name: 'time', arguments: '{"city":"Rome"}' } },
  ];
  const callsOf = (chunks: ChatCompletionChunk[]) =>
    assembleChunks([...chunks, finish('tool_calls')]).choices[0]?.message.tool_calls;

  it.each([
    [
      'one after the other',
      [call(0, '', paris), call(0, '{"city":'), call(0, '"Paris"}'), call(1, '{"city":', rome), call(1, '"Rome"}')],
    ],
    ['interleaved', [call(0, '{"city":', paris), call(1, '{"ci', rome), call(0, '"Paris"}'), call(1, 'ty":"Rome"}')]],
    ['the second first', [call(1, '{"city":"Rome"}', rome), call(0, '{"city":"Paris"}', paris)]],
    ['with gaps between indices', [call(3, '{"city":"Paris"}', paris), call(900_000_000, '{"city":"Rome"}', rome)]],
  ])('are joined by index: %s', (_order, deltas) => {
    expect(callsOf(deltas.map((delta) => chunk(delta)))).toEqual(both);
  });

  it('are told apart by ID where the provider sends no index', () => {
    const bare = (piece: object) => chunk({ tool_calls: [piece] } as ChatCompletionChunk.Choice.Delta);
    expect(
      callsOf([
        bare({ id: 'call_1', function: { name: 'weather', arguments: '{"city":' } }),
        bare({ function: { arguments: '"Paris"}' } }),
        bare({ id: 'call_2', function: { name: 'time', arguments: '{"city":' } }),
        bare({ id: 'call_2', function: { arguments: '"Rome"}' } }),
      ]),
    ).toEqual(both);
  });

  it('may be of custom tools, and may carry what the provider wants back', () => {
    expect(
      callsOf([
        chunk({ tool_calls: [{ index: 0, id: 'c', type: 'custom', custom: { name: 'sql', input: 'select' } }] }),
        chunk({
          tool_calls: [{ index: 0, custom: { input: ' 1' }, extra_content: { google: { thought_signature: 's' } } }],
        }),
      ]),
    ).toEqual([
      {
        id: 'c',
        type: 'custom',
        custom: { name: 'sql', input: 'select 1' },
        extra_content: { google: { thought_signature: 's' } },
      },
    ]);
  });

  it('of the retired kind are joined', () => {
    const { choices } = assembleChunks([
      chunk({ function_call: { name: 'f', arguments: '{' } }),
      chunk({ function_call: { arguments: '}' } }),
      finish('function_call'),
    ]);
    expect(choices[0]?.message.function_call).toEqual({ name: 'f', arguments: '{}' });
  });
});

describe('several choices', () => {
  it('are kept apart and sorted by index', () => {
    const { choices } = assembleChunks([
      chunkOf([
        { index: 1, delta: { content: 'B' }, finish_reason: null },
        { index: 0, delta: { content: 'A' }, finish_reason: null },
      ]),
      chunk({ content: 'a' }),
      finish('stop', 0),
      finish('length', 1),
    ]);
    expect(choices.map(({ index, message, finish_reason }) => [index, message.content, finish_reason])).toEqual([
      [0, 'Aa', 'stop'],
      [1, 'B', 'length'],
    ]);
  });
});

describe('a stream cut short', () => {
  it('has no answer, only what was received', () => {
    const received = [chunk({ content: 'Hel' })];
    try {
      assembleChunks(received);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(TruncatedStreamError);
      expect(error).toMatchObject({
        message: 'Choice 0 has no finish reason',
        received: { content: 'Hel', chunkCount: 1 },
      });
    }
    expect(() => assembleChunks([])).toThrow('The stream ended before its first chunk');
  });

  it('can be looked at as far as it came', () => {
    const assembler = chatAssembler();
    assembler.add(chunk({ content: 'Hel' }));
    expect(assembler.snapshot?.choices[0]).toMatchObject({ message: { content: 'Hel' }, finish_reason: null });
  });
});

describe('however an answer is cut', () => {
  const pieces = (value: string) => fc.array(fc.nat(value.length), { maxLength: 6 }).map((cuts) => cutAt(value, cuts));
  const cutAt = (value: string, cuts: number[]) => {
    const at = [0, ...cuts.toSorted((a, b) => a - b), value.length];
    return at.slice(1).map((end, i) => value.slice(at[i], end));
  };
  const answers = fc
    .array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.json()), { minLength: 1, maxLength: 3 })
    .chain((parts) =>
      fc.tuple(...parts.map(([content, args]) => fc.tuple(pieces(content), pieces(args), fc.constant(content + args)))),
    );

  it('it is put together again, and as the openai package does', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (parts) => {
        const named = (i: number) => ({ id: `call_${i}`, name: `f${i}` });
        const chunks = [
          chunk({ role: 'assistant', content: '' }),
          ...parts.flatMap(([content, args], i) => [
            ...content.map((piece) => chunk({ content: piece })),
            ...args.map((piece, k) => chunk(call(i, piece, k === 0 ? named(i) : undefined))),
          ]),
          finish('tool_calls'),
          usageChunk,
        ];
        const ours = assembleChunks(chunks);
        const message = ours.choices[0]?.message;
        expect(message?.content).toBe(parts.map(([content]) => content.join('')).join(''));
        expect(message?.tool_calls).toEqual(
          parts.map(([, args], i) => ({
            id: `call_${i}`,
            type: 'function',
            function: { name: `f${i}`, arguments: args.join('') },
          })),
        );
        const theirs = await ChatCompletionStream.fromReadableStream(linesOf(chunks)).finalChatCompletion();
        const { parsed: _, ...theirMessage } = theirs.choices[0]!.message;
        expect({ ...theirs, choices: [{ ...theirs.choices[0], message: theirMessage }] }).toEqual(ours);
      }),
      { numRuns: 40 },
    );
  });
});

function linesOf(chunks: readonly ChatCompletionChunk[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(chunks.map((each) => `${JSON.stringify(each)}\n`).join('')));
      controller.close();
    },
  });
}
