import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { codecOf, deepFreeze, models, scopeOf, stream } from './support.ts';

const usage = { inputTokens: 10, outputTokens: 5, totalTokens: 15 };
const ownReply = (content: unknown, extra: JsonObject = {}) => ({
  output: { message: { role: 'assistant', content } },
  stopReason: 'end_turn',
  usage,
  metrics: { latencyMs: 7 },
  ...extra,
});
const decode = (reply: unknown, options: Parameters<typeof scopeOf>[0] = {}) =>
  codecOf('chat/completions').decode(deepFreeze(reply), scopeOf(options));

interface Completion extends JsonObject {
  readonly choices: readonly [{ readonly message: JsonObject; readonly finish_reason: string }];
}
const messageOf = (content: unknown, options: Parameters<typeof scopeOf>[0] = {}) =>
  (decode(ownReply(content), options) as Completion).choices[0].message;

describe('a reply', () => {
  it('becomes a chat completion', () => {
    expect(decode(ownReply([{ text: 'Hello' }, { text: ' there.' }]))).toEqual({
      id: 'id1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: models.claude,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello there.', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    });
  });

  it('shows more unless strict', () => {
    const extra = {
      trace: { promptRouter: {} },
      performanceConfig: { latency: 'optimized' },
      additionalModelResponseFields: { a: 1 },
    };
    const reply = ownReply([{ text: 'x' }], { ...extra, serviceTier: { type: 'flex' } });
    expect(decode(reply)).not.toHaveProperty('trace');
    expect(decode(reply)).toMatchObject({ service_tier: 'flex' });
    expect(decode(reply, { strict: false })).toMatchObject({
      choices: [{ finish_reason: 'stop', native_finish_reason: 'end_turn' }],
      metrics: { latencyMs: 7 },
      ...extra,
    });
  });

  it('brings tool calls, without text no content', () => {
    const content = [
      { toolUse: { toolUseId: 't1', name: 'weather', input: { city: 'Oslo' } } },
      { toolUse: { toolUseId: 't2', name: 'time', input: {} } },
    ];
    expect(decode(ownReply(content, { stopReason: 'tool_use' }))).toMatchObject({
      choices: [
        {
          message: {
            role: 'assistant',
            content: null,
            refusal: null,
            tool_calls: [
              { id: 't1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
              { id: 't2', type: 'function', function: { name: 'time', arguments: '{}' } },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
  });

  it('brings reasoning, signed blocks unless strict', () => {
    const content = [
      { reasoningContent: { reasoningText: { text: 'Hm, ', signature: 'sig' } } },
      { reasoningContent: { redactedContent: 'b64=' } },
      { reasoningContent: { reasoningText: { text: 'yes.' } } },
      { text: 'Yes.' },
    ];
    const message = { role: 'assistant', content: 'Yes.', refusal: null, reasoning_content: 'Hm, yes.' };
    expect(messageOf(content)).toEqual(message);
    expect(messageOf(content, { strict: false })).toEqual({
      ...message,
      thinking_blocks: [
        { type: 'thinking', thinking: 'Hm, ', signature: 'sig' },
        { type: 'redacted_thinking', data: 'b64=' },
        { type: 'thinking', thinking: 'yes.' },
      ],
    });
  });

  it('brings citations: of the web as annotations, all of them unless strict', () => {
    const web = { title: 'Oslo', location: { web: { url: 'https://example.com/oslo', domain: 'example.com' } } };
    const page = {
      title: 'report',
      sourceContent: [{ text: 'cold' }],
      location: { documentPage: { documentIndex: 0, start: 1, end: 2 } },
    };
    const content = [
      { text: 'In short: ' },
      { citationsContent: { content: [{ text: 'it is ' }, { text: 'cold' }], citations: [web, page] } },
      { text: '.' },
    ];
    const message = {
      role: 'assistant',
      content: 'In short: it is cold.',
      refusal: null,
      annotations: [
        {
          type: 'url_citation',
          url_citation: { start_index: 10, end_index: 20, title: 'Oslo', url: 'https://example.com/oslo' },
        },
      ],
    };
    expect(messageOf(content)).toEqual(message);
    expect(messageOf(content, { strict: false })).toEqual({
      ...message,
      citations: [
        { ...web, start_index: 10, end_index: 20 },
        { ...page, start_index: 10, end_index: 20 },
      ],
    });
  });

  it("takes the answer tool's input for its content, whatever was said before", () => {
    const content = [
      { text: 'Here it is:' },
      { toolUse: { toolUseId: 't1', name: 'json_answer__', input: { city: 'Oslo' } } },
    ];
    expect(decode(ownReply(content, { stopReason: 'tool_use' }))).toMatchObject({
      choices: [{ message: { role: 'assistant', content: '{"city":"Oslo"}', refusal: null }, finish_reason: 'stop' }],
    });
  });

  it("shows neither the placeholder's calls nor those the provider makes itself", () => {
    const content = [
      { toolUse: { toolUseId: 't1', name: 'no_tool__', input: {} } },
      { toolUse: { toolUseId: 't2', name: 'nova_grounding', input: {}, type: 'server_tool_use' } },
      { toolResult: { toolUseId: 't2', content: [] } },
      { text: 'ok' },
    ];
    expect(decode(ownReply(content, { stopReason: 'tool_use' }))).toMatchObject({
      choices: [{ message: { role: 'assistant', content: 'ok', refusal: null }, finish_reason: 'stop' }],
    });
  });

  it.each([undefined, null, 'x', {}, { output: {} }, { output: { message: { content: 'x' } } }])(
    'without a message is unreadable: %j',
    (reply) => {
      expect(() => decode(reply)).toThrow(expect.objectContaining({ name: 'UnreadableReplyError', status: 502 }));
    },
  );
});

const stops = [
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['tool_use', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['guardrail_intervened', 'content_filter'],
  ['content_filtered', 'content_filter'],
  ['something_new', 'stop'],
] as const;

describe('a stop reason', () => {
  it.each(stops)('%s ends as %s, streamed and not', (stopReason, finish) => {
    expect((decode(ownReply([{ text: 'x' }], { stopReason })) as Completion).choices[0].finish_reason).toBe(finish);
    const { chunks } = stream([['messageStop', { stopReason }]]);
    expect((chunks.at(-1) as Completion).choices[0].finish_reason).toBe(finish);
  });

  it.each([
    ['end_turn', 'tool_calls'],
    ['tool_use', 'tool_calls'],
    ['max_tokens', 'length'],
  ])('%s after a tool call ends as %s', (stopReason, finish) => {
    const content = [{ toolUse: { toolUseId: 't1', name: 'f', input: {} } }];
    expect((decode(ownReply(content, { stopReason })) as Completion).choices[0].finish_reason).toBe(finish);
  });

  it.each(['malformed_model_output', 'malformed_tool_use'])(
    '%s is an error to retry, streamed and not',
    (stopReason) => {
      const error = expect.objectContaining({
        name: 'InternalServerError',
        status: 502,
        kind: 'server',
        code: stopReason,
      });
      expect(() => decode(ownReply([], { stopReason }))).toThrow(error);
      expect(() => stream([['messageStop', { stopReason }]])).toThrow(error);
    },
  );
});

describe('usage', () => {
  it.each<[JsonObject, JsonObject]>([
    [usage, { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }],
    [
      { inputTokens: 10, outputTokens: 5, totalTokens: 22, cacheReadInputTokens: 4, cacheWriteInputTokens: 3 },
      { prompt_tokens: 17, completion_tokens: 5, total_tokens: 22, prompt_tokens_details: { cached_tokens: 4 } },
    ],
    [
      { inputTokens: 1, outputTokens: 0, cacheReadInputTokens: 0 },
      { prompt_tokens: 1, completion_tokens: 0, total_tokens: 1, prompt_tokens_details: { cached_tokens: 0 } },
    ],
  ])('%j', (own, told) => {
    expect(decode(ownReply([], { usage: own }))).toMatchObject({ usage: told });
  });

  it('tells what was written to the cache unless strict', () => {
    const own = { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3, cacheWriteInputTokens: 4 };
    expect(decode(ownReply([], { usage: own }), { strict: false })).toMatchObject({
      usage: { cache_read_input_tokens: 3, cache_creation_input_tokens: 4 },
    });
  });

  it('adds up', () => {
    const count = fc.nat(1_000_000);
    const own = fc.record(
      { inputTokens: count, outputTokens: count, cacheReadInputTokens: count, cacheWriteInputTokens: count },
      { requiredKeys: ['inputTokens', 'outputTokens'] },
    );
    fc.assert(
      fc.property(own, (given) => {
        const { usage: told } = decode(ownReply([], { usage: given })) as { usage: Record<string, number> };
        const { inputTokens, outputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = given;
        expect(told.total_tokens).toBe(inputTokens + outputTokens + cacheReadInputTokens + cacheWriteInputTokens);
        expect(told.total_tokens).toBe((told.prompt_tokens ?? 0) + (told.completion_tokens ?? 0));
      }),
    );
  });
});
