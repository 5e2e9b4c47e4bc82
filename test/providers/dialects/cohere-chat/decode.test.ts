import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { CodecScope } from '../../../../src/core/provider.ts';
import { cohereChat } from '../../../../src/providers/dialects/cohere-chat/index.ts';
import { assemble, deepFreeze, scopeOf, splits } from '../support/codec.ts';

const model = 'command-a-03-2025';
const chat = cohereChat.codecs['chat/completions'];
type Options = Partial<CodecScope> & { body?: JsonObject };

function decode(reply: unknown, options: Options = {}) {
  return chat?.decode(deepFreeze(reply), scopeOf({ model, ...options })) as JsonObject;
}

function stream(events: readonly unknown[], options: Options = {}) {
  const decoder = chat?.decodeStream?.(scopeOf({ model, stream: true, ...options }));
  const chunks: JsonObject[] = [];
  for (const event of events) {
    const data = typeof event === 'string' ? event : JSON.stringify(event);
    decoder?.push({ data }, (chunk) => chunks.push(chunk));
  }
  return { complete: decoder?.end(() => chunks.push({})), chunks };
}

const head = { id: 'm1', created: 1_700_000_000, model };
const chunkHead = { ...head, object: 'chat.completion.chunk' };
const usage = { billed_units: { input_tokens: 4, output_tokens: 3 }, tokens: { input_tokens: 70, output_tokens: 5 } };
const openAiUsage = { prompt_tokens: 70, completion_tokens: 5, total_tokens: 75 };
const replyOf = (message: JsonObject, more: JsonObject = {}) => ({
  id: 'm1',
  finish_reason: 'COMPLETE',
  message: { role: 'assistant', ...message },
  ...more,
});
const text = (words: string) => [{ type: 'text', text: words }];
const call = (id: string, args: string) => ({ id, type: 'function', function: { name: 'f', arguments: args } });

describe('a whole reply', () => {
  it('keeps text, thoughts, plan and calls', () => {
    const reply = replyOf(
      {
        content: [{ type: 'thinking', thinking: 'hm. ' }, ...text('Hel'), ...text('lo')],
        tool_plan: 'I will call f.',
        tool_calls: [call('c1', '{"a":1}'), call('c2', '')],
      },
      { finish_reason: 'TOOL_CALL', usage },
    );
    expect(decode(reply)).toEqual({
      ...head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Hello',
            refusal: null,
            reasoning_content: 'hm. I will call f.',
            tool_calls: [call('c1', '{"a":1}'), call('c2', '{}')],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: openAiUsage,
    });
  });

  const citation = {
    start: 0,
    end: 5,
    text: 'Hello',
    type: 'TEXT_CONTENT',
    sources: [
      { type: 'document', id: 'd1', document: { url: 'https://a.test', title: 'A' } },
      { type: 'document', id: 'd2', document: { snippet: 'no address' } },
    ],
  };
  const annotations = [
    { type: 'url_citation', url_citation: { start_index: 0, end_index: 5, title: 'A', url: 'https://a.test' } },
  ];

  it('turns sources with an address into annotations', () => {
    expect(decode(replyOf({ content: text('Hello'), citations: [citation] })).choices).toEqual([
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello', refusal: null, annotations },
        logprobs: null,
        finish_reason: 'stop',
      },
    ]);
  });

  it('keeps more than OpenAI’s fields for those who asked', () => {
    const reply = replyOf({ content: text('Hello'), citations: [citation] }, { usage, finish_reason: 'STOP_SEQUENCE' });
    expect(decode(reply, { strict: false })).toEqual({
      ...head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Hello',
            refusal: null,
            annotations,
            citations: [citation],
            content_blocks: text('Hello'),
          },
          logprobs: null,
          finish_reason: 'stop',
          native_finish_reason: 'STOP_SEQUENCE',
        },
      ],
      usage: { ...openAiUsage, billed_units: usage.billed_units },
    });
  });

  it('gives log probabilities, several tokens of one text together', () => {
    const logprobs = [
      { token_ids: [1], text: 'Hé', logprobs: [-0.5] },
      { token_ids: [2, 3], text: '!', logprobs: [-0.25, -1] },
    ];
    expect(decode(replyOf({ content: text('Hé!') }, { logprobs }))).toMatchObject({
      choices: [
        {
          logprobs: {
            refusal: null,
            content: [
              { token: 'Hé', logprob: -0.5, bytes: [72, 195, 169], top_logprobs: [] },
              { token: '!', logprob: -1.25, bytes: [33], top_logprobs: [] },
            ],
          },
        },
      ],
    });
  });

  it.each([
    [{}, { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }],
    [
      { billed_units: { input_tokens: 4, output_tokens: 3 } },
      { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 },
    ],
    [
      { ...usage, cached_tokens: 64 },
      { ...openAiUsage, prompt_tokens_details: { cached_tokens: 64 } },
    ],
  ])('counts %j as %j', (given, expected) => {
    expect(decode(replyOf({ content: text('a') }, { usage: given })).usage).toEqual(expected);
  });

  it.each([{}, { id: 'm1' }, null, 'text', []])('%j is unreadable', (reply) => {
    expect(() => decode(reply)).toThrow(expect.objectContaining({ kind: 'unreadable', status: 502 }));
  });

  it.each([
    [{ message: 'too many tokens: total number of tokens in the prompt cannot exceed 4081' }, 'context_window', 400],
    [{ id: 'x', message: 'something broke' }, 'server', 502],
  ])('%j is the error it says', (reply, kind, status) => {
    expect(() => decode(reply)).toThrow(expect.objectContaining({ kind, status }));
    expect(() => stream([reply])).toThrow(expect.objectContaining({ kind, status }));
  });
});

const start = {
  id: 'm1',
  type: 'message-start',
  delta: { message: { role: 'assistant', content: [], tool_plan: '' } },
};
const contentStart = (index: number, content: JsonObject) => ({
  type: 'content-start',
  index,
  delta: { message: { content } },
});
const contentDelta = (index: number, content: JsonObject) => ({
  type: 'content-delta',
  index,
  delta: { message: { content } },
});
const callStart = (index: number, id: string) => ({
  type: 'tool-call-start',
  index,
  delta: { message: { tool_calls: call(id, '') } },
});
const callDelta = (index: number, args: string) => ({
  type: 'tool-call-delta',
  index,
  delta: { message: { tool_calls: { function: { arguments: args } } } },
});
const end = (finish_reason: string, more: JsonObject = {}) => ({
  id: 'm1',
  type: 'message-end',
  delta: { finish_reason, ...more },
});

describe('finish reasons', () => {
  it.each([
    ['COMPLETE', 'stop', 'tool_calls'],
    ['STOP_SEQUENCE', 'stop', 'tool_calls'],
    ['SOMETHING_NEW', 'stop', 'tool_calls'],
    ['MAX_TOKENS', 'length', 'length'],
    ['TOOL_CALL', 'tool_calls', 'tool_calls'],
    ['ERROR_LIMIT', 'length', 'length'],
    ['ERROR_TOXIC', 'content_filter', 'content_filter'],
  ])('%s means %s, with calls %s', (finish_reason, plain, withCalls) => {
    expect(decode(replyOf({ content: text('a') }, { finish_reason }))).toMatchObject({
      choices: [{ finish_reason: plain }],
    });
    expect(decode(replyOf({ tool_calls: [call('c1', '')] }, { finish_reason }))).toMatchObject({
      choices: [{ finish_reason: withCalls }],
    });
    const streamed = stream([start, callStart(0, 'c1'), end(finish_reason)]);
    expect(assemble(streamed.chunks)).toMatchObject({ choices: [{ finish_reason: withCalls }] });
  });

  it.each([
    ['ERROR', 502, 'server'],
    ['TIMEOUT', 504, 'timeout'],
  ])('%s is an error of status %i', (finish_reason, status, kind) => {
    const error = expect.objectContaining({ status, kind, code: finish_reason.toLowerCase() });
    expect(() => decode(replyOf({ content: text('a') }, { finish_reason }))).toThrow(error);
    const events = [start, contentDelta(0, { text: 'a' }), end(finish_reason, { error: 'the reason' })];
    expect(() => stream(events)).toThrow(error);
    expect(() => stream(events)).toThrow('the reason');
  });
});

describe('a stream', () => {
  it('hands out text, plan and calls, the role first, the end once', () => {
    const events = [
      start,
      { type: 'tool-plan-delta', delta: { message: { tool_plan: 'I will' } } },
      { type: 'tool-plan-delta', delta: { message: { tool_plan: ' call.' } } },
      callStart(0, 'c1'),
      callDelta(0, '{"a"'),
      callDelta(0, ':1}'),
      { type: 'tool-call-end', index: 0 },
      callStart(1, 'c2'),
      { type: 'tool-call-end', index: 1 },
      { type: 'debug', prompt: 'x' },
      end('TOOL_CALL', { usage }),
      '[DONE]',
    ];
    const chunk = (delta: JsonObject, finish_reason: string | null = null) => ({
      ...chunkHead,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    });
    expect(stream(events)).toEqual({
      complete: true,
      chunks: [
        chunk({ role: 'assistant', reasoning_content: 'I will' }),
        chunk({ reasoning_content: ' call.' }),
        chunk({ tool_calls: [{ index: 0, ...call('c1', '') }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
        chunk({ tool_calls: [{ index: 1, ...call('c2', '') }] }),
        chunk({ tool_calls: [{ index: 1, function: { arguments: '{}' } }] }),
        { ...chunk({}, 'tool_calls'), usage: openAiUsage },
      ],
    });
  });

  it('gives the usage a chunk of its own when asked', () => {
    const { chunks } = stream([start, contentDelta(0, { text: 'a' }), end('COMPLETE', { usage })], {
      body: { stream_options: { include_usage: true } },
    });
    expect(chunks).toEqual([
      {
        ...chunkHead,
        choices: [{ index: 0, delta: { role: 'assistant', content: 'a' }, logprobs: null, finish_reason: null }],
        usage: null,
      },
      { ...chunkHead, choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }], usage: null },
      { ...chunkHead, choices: [], usage: openAiUsage },
    ]);
  });

  it('reads the event’s name where the data has no type', () => {
    const decoder = chat?.decodeStream?.(scopeOf({ model }));
    const chunks: JsonObject[] = [];
    const data = JSON.stringify({ index: 0, delta: { message: { content: { text: 'a' } } } });
    decoder?.push({ event: 'content-delta', data }, (chunk) => chunks.push(chunk));
    expect(chunks).toMatchObject([{ choices: [{ delta: { content: 'a' } }] }]);
  });

  it('is cut short when no end came', () => {
    expect(stream([start, contentDelta(0, { text: 'a' })]).complete).toBe(false);
    expect(stream([]).complete).toBe(false);
  });

  it.each(['{"type":', '3', '[]', '<html>'])('with an event of %s is unreadable', (event) => {
    expect(() => stream([event])).toThrow(expect.objectContaining({ kind: 'unreadable' }));
  });

  const words = fc.string({ unit: 'grapheme', minLength: 1 });
  const cutWords = words.chain((whole) => splits(whole).map((pieces) => ({ whole, pieces })));
  const messageArbitrary = fc.record({
    thinking: fc.option(cutWords, { nil: undefined }),
    text: fc.option(cutWords, { nil: undefined }),
    plan: fc.option(cutWords, { nil: undefined }),
    calls: fc.array(
      fc.record({
        id: fc.uuid(),
        args: fc
          .constantFrom('', '{}', '{"a":"ä"}')
          .chain((whole) => splits(whole).map((pieces) => ({ whole, pieces }))),
      }),
      { maxLength: 3 },
    ),
    cited: fc.boolean(),
  });
  const citation = {
    start: 0,
    end: 1,
    text: 'x',
    sources: [{ type: 'document', document: { url: 'https://a.test' } }],
  };

  it.each([true, false])('assembled equals the whole reply, however it is cut (strict %s)', (strict) => {
    fc.assert(
      fc.property(messageArbitrary, ({ thinking, text: words, plan, calls, cited }) => {
        const blocks = [
          ...(thinking ? [{ key: 'thinking', ...thinking }] : []),
          ...(words ? [{ key: 'text', ...words }] : []),
        ];
        const reply = replyOf(
          {
            content: blocks.map(({ key, whole }) => ({ type: key, [key]: whole })),
            ...(plan && { tool_plan: plan.whole }),
            tool_calls: calls.map(({ id, args }) => call(id, args.whole)),
            citations: cited ? [citation] : [],
          },
          { usage },
        );
        const events = [
          start,
          ...blocks.flatMap(({ key, pieces }, index) => [
            contentStart(index, { type: key, [key]: '' }),
            ...pieces.map((piece) => contentDelta(index, { [key]: piece })),
            { type: 'content-end', index },
          ]),
          ...(cited ? [{ type: 'citation-start', index: 0, delta: { message: { citations: citation } } }] : []),
          ...(plan?.pieces ?? []).map((tool_plan) => ({ type: 'tool-plan-delta', delta: { message: { tool_plan } } })),
          ...calls.flatMap(({ id, args }, index) => [
            callStart(index, id),
            ...args.pieces.map((piece) => callDelta(index, piece)),
            { type: 'tool-call-end', index },
          ]),
          end('COMPLETE', { usage }),
        ];
        const streamed = stream(events, { strict });
        expect(streamed.complete).toBe(true);
        expect(assemble(streamed.chunks)).toEqual(decode(reply, { strict }));
      }),
    );
  });
});
