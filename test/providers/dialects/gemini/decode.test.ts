import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { CodecScope } from '../../../../src/core/provider.ts';
import { gemini } from '../../../../src/providers/dialects/gemini/index.ts';
import { assemble, deepFreeze, scopeOf, splits } from '../support/codec.ts';

const chat = gemini.codecs['chat/completions'];

function decode(reply: unknown, options: Partial<CodecScope> & { body?: JsonObject } = {}) {
  return chat?.decode(deepFreeze(reply), scopeOf(options)) as JsonObject;
}

function stream(replies: readonly unknown[], options: Partial<CodecScope> & { body?: JsonObject } = {}) {
  const decoder = chat?.decodeStream?.(scopeOf({ stream: true, ...options }));
  const chunks: JsonObject[] = [];
  const emit = (chunk: JsonObject) => chunks.push(chunk);
  for (const reply of replies) {
    decoder?.push({ data: typeof reply === 'string' ? reply : JSON.stringify(reply) }, emit);
  }
  return { complete: decoder?.end(emit), chunks };
}

/** A reply of one candidate. */
function replyOf(parts: readonly unknown[], more: JsonObject = {}): JsonObject {
  return {
    responseId: 'r1',
    modelVersion: 'gemini-2.5-flash-001',
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0, ...more }],
  };
}

const head = { id: 'r1', created: 1_700_000_000, model: 'gemini-2.5-flash-001' };
const wholeHead = { ...head, object: 'chat.completion' };
const chunkHead = { ...head, object: 'chat.completion.chunk' };
const message = (fields: JsonObject) => ({ role: 'assistant', content: null, refusal: null, ...fields });
const signed = (thought_signature: string) => ({ extra_content: { google: { thought_signature } } });
const call = (id: string, name: string, args: string) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

describe('a whole reply', () => {
  it('of text, thoughts and calls keeps all of them', () => {
    const reply = {
      ...replyOf([
        { text: 'I should ', thought: true },
        { text: 'look.', thought: true },
        { text: 'Let me ' },
        { text: 'look.', thoughtSignature: 's1' },
        { functionCall: { id: 'g1', name: 'weather', args: { city: 'Oslo' } }, thoughtSignature: 's2' },
        { functionCall: { name: 'time' } },
      ]),
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 7, totalTokenCount: 22 },
    };
    expect(decode(reply)).toEqual({
      ...wholeHead,
      choices: [
        {
          index: 0,
          message: message({
            content: 'Let me look.',
            reasoning_content: 'I should look.',
            tool_calls: [
              { ...call('g1', 'weather', '{"city":"Oslo"}'), ...signed('s2') },
              call('call_id1', 'time', '{}'),
            ],
            ...signed('s1'),
          }),
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 12,
        total_tokens: 22,
        completion_tokens_details: { reasoning_tokens: 7 },
      },
    });
  });

  it('keeps more than OpenAI’s fields for those who asked', () => {
    const native = { executableCode: { language: 'PYTHON', code: 'print(1)' } };
    const reply = replyOf(
      [
        { text: 'hm', thought: true, thoughtSignature: 's0' },
        native,
        { text: 'Yes' },
        { text: '.', thoughtSignature: 's1' },
      ],
      { safetyRatings: [{ category: 'C', probability: 'LOW' }], groundingMetadata: { webSearchQueries: ['q'] } },
    );
    expect(decode(reply, { strict: false }).choices).toEqual([
      {
        index: 0,
        message: message({
          content: 'Yes.',
          reasoning_content: 'hm',
          content_blocks: [
            { type: 'thinking', thinking: 'hm', ...signed('s0') },
            { type: 'native', part: native },
            { type: 'text', text: 'Yes.', ...signed('s1') },
          ],
          ...signed('s1'),
        }),
        logprobs: null,
        finish_reason: 'stop',
        finishReason: 'STOP',
        safetyRatings: [{ category: 'C', probability: 'LOW' }],
        groundingMetadata: { webSearchQueries: ['q'] },
      },
    ]);
  });

  it('of several candidates has as many choices', () => {
    const candidates = ['a', 'b'].map((text, index) => ({
      content: { parts: [{ text }] },
      finishReason: 'STOP',
      index,
    }));
    expect(decode({ candidates })).toEqual({
      id: 'chatcmpl-id1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'gemini-2.5-flash',
      choices: ['a', 'b'].map((content, index) => ({
        index,
        message: message({ content }),
        logprobs: null,
        finish_reason: 'stop',
      })),
    });
  });

  it('of images and audio bears them beside the text', () => {
    const reply = replyOf([
      { text: 'Here.' },
      { inlineData: { mimeType: 'image/png', data: 'UE5H' }, thoughtSignature: 's1' },
      { inlineData: { mimeType: 'image/png', data: 'SU1H' } },
      { inlineData: { mimeType: 'audio/L16;rate=24000', data: 'AQ==' } },
      { inlineData: { mimeType: 'audio/L16;rate=24000', data: 'Ag==' } },
      { inlineData: { mimeType: 'image/png', data: 'c2tldGNo' }, thought: true },
    ]);
    expect(decode(reply)).toMatchObject({
      choices: [
        {
          message: {
            content: 'Here.',
            images: [
              {
                index: 0,
                type: 'image_url',
                image_url: { url: 'data:image/png;base64,UE5H' },
                extra_content: { google: { thought_signature: 's1' } },
              },
              { index: 1, type: 'image_url', image_url: { url: 'data:image/png;base64,SU1H' } },
            ],
            audio: { id: 'audio_id1', data: 'AQI=', expires_at: 0, transcript: '' },
          },
        },
      ],
    });
  });

  it('gives log probabilities token by token', () => {
    const logprobsResult = {
      chosenCandidates: [{ token: 'Hé', tokenId: 1, logProbability: -0.1 }, { token: '!' }],
      topCandidates: [
        {
          candidates: [
            { token: 'Hé', logProbability: -0.1 },
            { token: 'Yo', logProbability: -3 },
          ],
        },
        {},
      ],
    };
    expect(decode(replyOf([{ text: 'Hé!' }], { logprobsResult })).choices).toEqual([
      {
        index: 0,
        message: message({ content: 'Hé!' }),
        logprobs: {
          refusal: null,
          content: [
            {
              token: 'Hé',
              logprob: -0.1,
              bytes: [72, 195, 169],
              top_logprobs: [
                { token: 'Hé', logprob: -0.1, bytes: [72, 195, 169] },
                { token: 'Yo', logprob: -3, bytes: [89, 111] },
              ],
            },
            { token: '!', logprob: 0, bytes: [33], top_logprobs: [] },
          ],
        },
        finish_reason: 'stop',
      },
    ]);
  });
});

describe('finish reasons', () => {
  it.each([
    ['STOP', 'stop', 'tool_calls'],
    ['FINISH_REASON_UNSPECIFIED', 'stop', 'tool_calls'],
    ['OTHER', 'stop', 'tool_calls'],
    ['NO_IMAGE', 'stop', 'tool_calls'],
    ['SOMETHING_NEW', 'stop', 'tool_calls'],
    ['constructor', 'stop', 'tool_calls'],
    ['MAX_TOKENS', 'length', 'length'],
    ['TOO_MANY_TOOL_CALLS', 'length', 'length'],
    ['SAFETY', 'content_filter', 'content_filter'],
    ['RECITATION', 'content_filter', 'content_filter'],
    ['LANGUAGE', 'content_filter', 'content_filter'],
    ['BLOCKLIST', 'content_filter', 'content_filter'],
    ['PROHIBITED_CONTENT', 'content_filter', 'content_filter'],
    ['SPII', 'content_filter', 'content_filter'],
    ['MODEL_ARMOR', 'content_filter', 'content_filter'],
    ['IMAGE_SAFETY', 'content_filter', 'content_filter'],
    ['IMAGE_PROHIBITED_CONTENT', 'content_filter', 'content_filter'],
    ['IMAGE_RECITATION', 'content_filter', 'content_filter'],
  ])('%s means %s, with calls %s', (finishReason, plain, withCalls) => {
    const text = replyOf([{ text: 'a' }], { finishReason });
    const calls = replyOf([{ functionCall: { name: 'f' } }], { finishReason });
    expect(decode(text)).toMatchObject({ choices: [{ finish_reason: plain }] });
    expect(decode(calls)).toMatchObject({ choices: [{ finish_reason: withCalls }] });
    expect(assemble(stream([calls]).chunks)).toMatchObject({ choices: [{ finish_reason: withCalls }] });
  });

  it('without content leave the content null', () => {
    const candidates = [{ finishReason: 'SAFETY', index: 0 }];
    expect(decode({ candidates })).toMatchObject({
      choices: [{ message: { role: 'assistant', content: null }, logprobs: null, finish_reason: 'content_filter' }],
    });
    expect(stream([{ candidates }])).toEqual({
      complete: true,
      chunks: [
        expect.objectContaining({
          choices: [{ index: 0, delta: { role: 'assistant' }, logprobs: null, finish_reason: 'content_filter' }],
        }),
      ],
    });
  });

  it.each([
    ['MALFORMED_FUNCTION_CALL', 502, 'server'],
    ['UNEXPECTED_TOOL_CALL', 502, 'server'],
    ['MALFORMED_RESPONSE', 502, 'server'],
    ['MISSING_THOUGHT_SIGNATURE', 400, 'invalid_request'],
  ])('%s is an error of status %i', (finishReason, status, kind) => {
    const reply = replyOf([], { finishReason, finishMessage: 'print(f(' });
    const error = expect.objectContaining({ status, kind, code: finishReason.toLowerCase() });
    expect(() => decode(reply)).toThrow(error);
    expect(() => stream([replyOf([{ text: 'a' }], { finishReason: undefined }), reply])).toThrow(error);
    expect(() => decode(reply)).toThrow('print(f(');
  });
});

describe('usage', () => {
  it.each<[JsonObject, JsonObject]>([
    [
      { promptTokenCount: 10, totalTokenCount: 10 },
      { prompt_tokens: 10, completion_tokens: 0, total_tokens: 10 },
    ],
    [
      {
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        toolUsePromptTokenCount: 8,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 7,
        totalTokenCount: 120,
      },
      {
        prompt_tokens: 108,
        completion_tokens: 12,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 60 },
        completion_tokens_details: { reasoning_tokens: 7 },
      },
    ],
    [
      { promptTokenCount: 10, candidatesTokenCount: 12, thoughtsTokenCount: 7, totalTokenCount: 22 },
      {
        prompt_tokens: 10,
        completion_tokens: 12,
        total_tokens: 22,
        completion_tokens_details: { reasoning_tokens: 7 },
      },
    ],
    [
      {
        promptTokenCount: 10,
        candidatesTokenCount: 4,
        totalTokenCount: 14,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 3 },
          { modality: 'AUDIO', tokenCount: 7 },
        ],
        candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 4 }],
      },
      {
        prompt_tokens: 10,
        completion_tokens: 4,
        total_tokens: 14,
        prompt_tokens_details: { audio_tokens: 7 },
        completion_tokens_details: { audio_tokens: 4 },
      },
    ],
  ])('%j', (usageMetadata, usage) => {
    expect(decode({ ...replyOf([{ text: 'a' }]), usageMetadata }).usage).toEqual(usage);
  });

  it('adds up whatever is counted', () => {
    const count = fc.option(fc.nat(10_000), { nil: undefined });
    const metadata = fc.record({
      promptTokenCount: count,
      toolUsePromptTokenCount: count,
      candidatesTokenCount: count,
      thoughtsTokenCount: count,
      totalTokenCount: count,
    });
    fc.assert(
      fc.property(metadata, (usageMetadata) => {
        const { usage } = decode({ ...replyOf([{ text: 'a' }]), usageMetadata });
        const { prompt_tokens, completion_tokens, total_tokens } = usage as Record<string, number>;
        expect(Number(prompt_tokens) + Number(completion_tokens)).toBe(total_tokens);
        expect(completion_tokens).toBeGreaterThanOrEqual(usageMetadata.thoughtsTokenCount ?? 0);
      }),
    );
  });
});

describe('sources', () => {
  const text = 'Öslo is cold. Bergen is wet.';
  const web = (uri: string, title?: string) => ({ web: { uri, ...(title && { title }) } });
  const cited = (start_index: number, end_index: number, url: string, title = url) => ({
    type: 'url_citation',
    url_citation: { start_index, end_index, title, url },
  });

  it('become annotations, bytes counted as characters', () => {
    const groundingMetadata = {
      groundingChunks: [web('https://a.test', 'A'), web('https://b.test')],
      groundingSupports: [
        { segment: { endIndex: 14, text: 'Öslo is cold.' }, groundingChunkIndices: [0, 1] },
        { segment: { startIndex: 15, endIndex: 29, text: 'Bergen is wet.' }, groundingChunkIndices: [1, 9] },
      ],
    };
    expect(decode(replyOf([{ text }], { groundingMetadata }))).toMatchObject({
      choices: [
        {
          message: {
            annotations: [
              cited(0, 13, 'https://a.test', 'A'),
              cited(0, 13, 'https://b.test'),
              cited(14, 28, 'https://b.test'),
            ],
          },
        },
      ],
    });
  });

  it('in a later part are found by their words', () => {
    const groundingMetadata = {
      groundingChunks: [web('https://a.test')],
      groundingSupports: [
        { segment: { partIndex: 1, startIndex: 0, endIndex: 14, text: 'Bergen is wet.' }, groundingChunkIndices: [0] },
      ],
    };
    const parts = [{ text: text.slice(0, 14) }, { text: text.slice(14) }];
    expect(decode(replyOf(parts, { groundingMetadata }))).toMatchObject({
      choices: [{ message: { annotations: [cited(14, 28, 'https://a.test')] } }],
    });
  });

  it.each([
    [
      'that support no words',
      { groundingMetadata: { groundingChunks: [web('https://a.test')] } },
      cited(0, 0, 'https://a.test'),
    ],
    [
      'of Maps',
      { groundingMetadata: { groundingChunks: [{ maps: { uri: 'https://m.test', title: 'M' } }] } },
      cited(0, 0, 'https://m.test', 'M'),
    ],
    [
      'recited (Gemini API)',
      { citationMetadata: { citationSources: [{ startIndex: 15, endIndex: 29, uri: 'https://c.test' }] } },
      cited(14, 28, 'https://c.test'),
    ],
    [
      'recited (Vertex AI)',
      { citationMetadata: { citations: [{ endIndex: 14, uri: 'https://c.test', title: 'C' }] } },
      cited(0, 13, 'https://c.test', 'C'),
    ],
  ])('%s are kept', (_, more, annotation) => {
    expect(decode(replyOf([{ text }], more))).toMatchObject({ choices: [{ message: { annotations: [annotation] } }] });
  });
});

describe('an error in place of a reply', () => {
  it.each([
    ['SAFETY', undefined],
    ['PROHIBITED_CONTENT', 'too rude'],
  ])('a prompt blocked for %s is a content policy error', (blockReason, blockReasonMessage) => {
    const reply = { promptFeedback: { blockReason, ...(blockReasonMessage && { blockReasonMessage }) } };
    const error = expect.objectContaining({
      name: 'BadRequestError',
      status: 400,
      kind: 'content_policy',
      code: 'content_filter',
      message: `400 Gemini blocked the prompt (${blockReason})${blockReasonMessage ? `: ${blockReasonMessage}` : ''}`,
    });
    expect(() => decode(reply)).toThrow(error);
    expect(() => stream([reply])).toThrow(error);
  });

  it.each([
    [{ error: { code: 429, message: 'slow down', status: 'RESOURCE_EXHAUSTED' } }, 429, 'rate_limit'],
    [[{ error: { code: 503, message: 'busy', status: 'UNAVAILABLE' } }], 503, 'overloaded'],
    [{ error: 'boom' }, 502, 'server'],
  ])('%j is classified', (reply, status, kind) => {
    const error = expect.objectContaining({ status, kind });
    expect(() => decode(reply)).toThrow(error);
    expect(() => stream([replyOf([{ text: 'a' }], { finishReason: undefined }), reply])).toThrow(error);
  });

  it.each([{}, { candidates: [] }, { usageMetadata: {} }, null, 'text', []])('%j is unreadable', (reply) => {
    expect(() => decode(reply)).toThrow(expect.objectContaining({ kind: 'unreadable', status: 502 }));
  });

  it.each(['{"candidates":', '3', '[]', '<html>'])('an event of %s is unreadable', (event) => {
    expect(() => stream([event])).toThrow(expect.objectContaining({ kind: 'unreadable' }));
  });
});

describe('a stream', () => {
  const piece = (parts: readonly unknown[], more: JsonObject = {}) =>
    replyOf(parts, { finishReason: undefined, ...more });

  it('hands out every part of every chunk, the role first, the end once', () => {
    const replies = [
      piece([{ text: 'Let me look.' }, { functionCall: { id: 'g1', name: 'a', args: {} } }]),
      piece([{ functionCall: { id: 'g2', name: 'b', args: { x: 1 } } }], { finishReason: 'STOP' }),
      {
        ...piece([{ text: '' }], { finishReason: 'STOP' }),
        usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4 },
      },
    ];
    expect(stream(replies)).toEqual({
      complete: true,
      chunks: [
        {
          ...chunkHead,
          choices: [
            {
              index: 0,
              delta: {
                role: 'assistant',
                content: 'Let me look.',
                tool_calls: [{ index: 0, ...call('g1', 'a', '{}') }],
              },
              logprobs: null,
              finish_reason: null,
            },
          ],
        },
        {
          ...chunkHead,
          choices: [
            {
              index: 0,
              delta: { tool_calls: [{ index: 1, ...call('g2', 'b', '{"x":1}') }] },
              logprobs: null,
              finish_reason: null,
            },
          ],
        },
        {
          ...chunkHead,
          choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'tool_calls' }],
          usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
        },
      ],
    });
  });

  it('gives the usage a chunk of its own when asked', () => {
    const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 };
    const { chunks } = stream([{ ...replyOf([{ text: 'a' }]), usageMetadata }], {
      body: { stream_options: { include_usage: true } },
    });
    expect(chunks.slice(1)).toEqual([
      { ...chunkHead, choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }], usage: null },
      { ...chunkHead, choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } },
    ]);
  });

  it('gathers the usage from all chunks, later counts first', () => {
    const { chunks } = stream([
      {
        ...piece([{ text: 'a' }]),
        usageMetadata: { promptTokenCount: 3, cachedContentTokenCount: 2, totalTokenCount: 3 },
      },
      {
        ...replyOf([{ text: 'b' }]),
        usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
      },
    ]);
    expect(chunks.at(-1)?.usage).toEqual({
      prompt_tokens: 3,
      completion_tokens: 4,
      total_tokens: 7,
      prompt_tokens_details: { cached_tokens: 2 },
    });
  });

  it('waits for the end where a model repeats its finish reason', () => {
    const { chunks } = stream([replyOf([{ text: 'a' }]), replyOf([{ text: 'b' }])]);
    expect(chunks.map(({ choices }) => choices)).toEqual([
      [{ index: 0, delta: { role: 'assistant', content: 'a' }, logprobs: null, finish_reason: null }],
      [{ index: 0, delta: { content: 'b' }, logprobs: null, finish_reason: null }],
      [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }],
    ]);
  });

  it.each([
    ['nothing came', [], false],
    ['no finish reason came', [piece([{ text: 'a' }])], false],
    ['one of two choices has none', [replyOf([{ text: 'a' }]), piece([{ text: 'b' }], { index: 1 })], false],
    ['every choice has one', [replyOf([{ text: 'a' }]), replyOf([{ text: 'b' }], { index: 1 })], true],
    ['an end mark follows', [replyOf([{ text: 'a' }]), '[DONE]'], true],
  ])('when %s is complete: %s', (_, replies, complete) => {
    expect(stream(replies).complete).toBe(complete);
  });

  const partOf = fc.oneof(
    fc.record({ text: fc.string({ unit: 'grapheme', minLength: 1 }), thought: fc.constantFrom(true, undefined) }),
    fc.record({ text: fc.string({ minLength: 1 }), thoughtSignature: fc.string({ minLength: 1 }) }),
    fc.record({
      functionCall: fc.record({
        id: fc.option(fc.uuid(), { nil: undefined }),
        name: fc.constantFrom('a', 'b'),
        args: fc.dictionary(fc.string(), fc.jsonValue()),
      }),
      thoughtSignature: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    }),
    fc.record({ inlineData: fc.constant({ mimeType: 'image/png', data: 'UE5H' }) }),
    fc.record({ executableCode: fc.constant({ code: 'print(1)' }) }),
  );
  /** A part, and the same part cut as a stream may cut it: text anywhere, its signature on the last piece. */
  const cutPart = partOf.chain((part): fc.Arbitrary<{ part: object; pieces: object[] }> => {
    if (!('text' in part)) return fc.constant({ part, pieces: [part] });
    const { text, ...rest } = part;
    return splits(text).map((texts) => ({
      part,
      pieces: texts.map((text, index) =>
        index === texts.length - 1 ? { text, ...rest } : { text, ...('thought' in rest ? rest : {}) },
      ),
    }));
  });
  const cutReply = fc.tuple(fc.array(cutPart, { maxLength: 6 }), fc.array(fc.boolean(), { maxLength: 40 }));

  it.each([true, false])('assembled equals the whole reply, however it is cut (strict %s)', (strict) => {
    const groundingMetadata = { groundingChunks: [{ web: { uri: 'https://a.test' } }] };
    const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 4, thoughtsTokenCount: 5, totalTokenCount: 12 };
    fc.assert(
      fc.property(cutReply, ([parts, breaks]) => {
        const last = { groundingMetadata, finishReason: 'STOP' };
        const whole = {
          ...replyOf(
            parts.map(({ part }) => part),
            last,
          ),
          usageMetadata,
        };
        const chunks: object[][] = [[]];
        for (const [index, piece] of parts.flatMap(({ pieces }) => pieces).entries()) {
          if (breaks[index]) chunks.push([]);
          chunks.at(-1)?.push(piece);
        }
        const replies = chunks.map((chunk, index) =>
          index === chunks.length - 1 ? { ...replyOf(chunk, last), usageMetadata } : piece(chunk),
        );
        const streamed = stream(replies, { strict });
        expect(streamed.complete).toBe(true);
        expect(assemble(streamed.chunks)).toEqual(decode(JSON.parse(JSON.stringify(whole)), { strict }));
      }),
    );
  });
});
