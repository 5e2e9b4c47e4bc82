import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../../src/core/json.ts';
import { chat, deepFreeze, scopeOf, thrownBy } from '../support.ts';

const message = (rest: JsonObject = {}): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [{ type: 'text', text: 'Hello' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 5 },
  ...rest,
});
const decode = (reply: unknown, strict = true, body: JsonObject = {}): JsonObject =>
  chat.decode(deepFreeze(reply), scopeOf({ strict, body }));
const choiceOf = (reply: JsonObject, strict = true) =>
  (decode(reply, strict)['choices'] as JsonObject[])[0] as { message: JsonObject; finish_reason: string };

describe('a reply', () => {
  it('is a chat completion', () => {
    expect(decode(message())).toEqual({
      id: 'msg_1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'claude-sonnet-4-5-20250929',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 0 },
      },
    });
  });

  it('keeps what is beyond OpenAI’s shape unless strict', () => {
    const reply = message({
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
        { type: 'redacted_thinking', data: 'cipher' },
        { type: 'text', text: 'Hel', citations: null },
        { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'x' } },
        { type: 'text', text: 'lo' },
        { type: 'tool_use', id: 't1', name: 'f', input: { a: [1, 'ü'] }, caller: { type: 'direct' } },
        { type: 'tool_use', id: 't2', name: 'g', input: {} },
      ],
      stop_reason: 'tool_use',
      container: { id: 'c1' },
      diagnostics: null,
      usage: {
        input_tokens: 1,
        output_tokens: 2,
        service_tier: 'standard',
        server_tool_use: { web_search_requests: 1 },
      },
    });
    const base = {
      role: 'assistant',
      content: 'Hello',
      refusal: null,
      reasoning_content: 'Hm.',
      tool_calls: [
        { id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":[1,"ü"]}' } },
        { id: 't2', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    };
    const usage = {
      prompt_tokens: 1,
      completion_tokens: 2,
      total_tokens: 3,
      prompt_tokens_details: { cached_tokens: 0 },
    };
    const envelope = {
      id: 'msg_1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'claude-sonnet-4-5-20250929',
      service_tier: 'default',
    };
    const choice = { index: 0, logprobs: null, finish_reason: 'tool_calls' };
    expect(decode(reply)).toEqual({ ...envelope, choices: [{ ...choice, message: base }], usage });
    expect(decode(reply, false)).toEqual({
      ...envelope,
      choices: [
        {
          ...choice,
          message: {
            ...base,
            content_blocks: [
              { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
              { type: 'redacted_thinking', data: 'cipher' },
              { type: 'text', text: 'Hel', citations: null },
              { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'x' } },
              { type: 'text', text: 'lo' },
              { type: 'tool_use', id: 't1', name: 'f', caller: { type: 'direct' } },
              { type: 'tool_use', id: 't2', name: 'g' },
            ],
          },
          stop_reason: 'tool_use',
        },
      ],
      usage: { ...usage, server_tool_use: { web_search_requests: 1 } },
      container: { id: 'c1' },
    });
  });

  it('has null content when there is no text', () => {
    const content = [{ type: 'tool_use', id: 't', name: 'f', input: {} }];
    expect(choiceOf(message({ content, stop_reason: 'tool_use' })).message['content']).toBeNull();
    expect(choiceOf(message({ content: [] })).message['content']).toBeNull();
  });

  it('makes up what a server leaves out', () => {
    const reply = decode({ content: [{ type: 'text', text: 'Hi' }] }, true);
    expect(reply).toMatchObject({ id: 'made-up-id', model: 'claude-3-5-sonnet-20241022' });
    expect(reply).not.toHaveProperty('usage');
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
    ['something_new', 'stop'],
    [null, 'stop'],
  ])('that stopped with %s finishes with %s, strict or not', (stopReason, finishReason) => {
    for (const strict of [true, false]) {
      expect(choiceOf(message({ stop_reason: stopReason }), strict).finish_reason).toBe(finishReason);
    }
  });

  it('tells a refusal', () => {
    const details = { type: 'refusal', category: 'bio', explanation: 'Too risky.' };
    const reply = message({ content: [], stop_reason: 'refusal', stop_details: details });
    expect(choiceOf(reply)).toEqual({
      index: 0,
      message: { role: 'assistant', content: null, refusal: 'Too risky.' },
      logprobs: null,
      finish_reason: 'content_filter',
    });
    expect(choiceOf(reply, false)).toMatchObject({ stop_reason: 'refusal', stop_details: details });
  });

  it('keeps the stop sequence unless strict', () => {
    const reply = message({ stop_reason: 'stop_sequence', stop_sequence: 'END' });
    expect(choiceOf(reply, false)).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END' });
    expect(choiceOf(reply)).not.toHaveProperty('stop_sequence');
  });
});

describe('usage', () => {
  it.each([
    [
      { input_tokens: 10, cache_read_input_tokens: 5, cache_creation_input_tokens: 7, output_tokens: 22 },
      {
        prompt_tokens: 22,
        completion_tokens: 22,
        total_tokens: 44,
        prompt_tokens_details: { cached_tokens: 5, cache_write_tokens: 7 },
      },
      { cache_read_input_tokens: 5, cache_creation_input_tokens: 7 },
    ],
    [
      {
        input_tokens: 1,
        output_tokens: 9,
        output_tokens_details: { thinking_tokens: 4 },
        cache_read_input_tokens: null,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      },
      {
        prompt_tokens: 1,
        completion_tokens: 9,
        total_tokens: 10,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
      { cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 } },
    ],
    [{}, { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, prompt_tokens_details: { cached_tokens: 0 } }, {}],
  ])('of %j adds up', (usage, expected, own) => {
    expect(decode(message({ usage }))['usage']).toEqual(expected);
    expect(decode(message({ usage }), false)['usage']).toEqual({ ...expected, ...own });
  });

  it.each([
    ['standard', 'default'],
    ['priority', 'priority'],
    ['batch', undefined],
    [null, undefined],
  ])('of tier %s is tier %s', (tier, expected) => {
    expect(decode(message({ usage: { service_tier: tier } }))['service_tier']).toBe(expected);
  });
});

describe('citations', () => {
  it('of web pages become annotations over their text block', () => {
    const cited = {
      type: 'web_search_result_location',
      url: 'https://a.b',
      title: 'A',
      cited_text: 'x',
      encrypted_index: 'e',
    };
    const content = [
      { type: 'text', text: 'As ' },
      {
        type: 'text',
        text: 'known',
        citations: [cited, { type: 'page_location', document_index: 0, start_page_number: 1 }],
      },
      {
        type: 'text',
        text: '.',
        citations: [{ type: 'search_result_location', source: 'https://c.d', title: null, cited_text: 'y' }],
      },
    ];
    const annotation = (start_index: number, end_index: number, title: string, url: string) => ({
      type: 'url_citation',
      url_citation: { start_index, end_index, title, url },
    });
    expect(choiceOf(message({ content })).message).toEqual({
      role: 'assistant',
      content: 'As known.',
      refusal: null,
      annotations: [annotation(3, 8, 'A', 'https://a.b'), annotation(8, 9, '', 'https://c.d')],
    });
    expect(choiceOf(message({ content }), false).message['content_blocks']).toEqual(content);
  });
});

describe('the tool that stands for a JSON answer', () => {
  const answer = { type: 'tool_use', id: 't', name: 'json_answer__', input: { age: 7 } };
  const other = { type: 'tool_use', id: 'u', name: 'f', input: {} };

  it('is the content', () => {
    for (const strict of [true, false]) {
      const choice = choiceOf(message({ content: [answer], stop_reason: 'tool_use' }), strict);
      expect(choice.finish_reason).toBe('stop');
      expect(choice.message).toEqual({
        role: 'assistant',
        content: '{"age":7}',
        refusal: null,
        ...(strict ? {} : { content_blocks: [] }),
      });
    }
  });

  it('does not hide other calls', () => {
    expect(choiceOf(message({ content: [other, answer], stop_reason: 'tool_use' }))).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: '{"age":7}', tool_calls: [{ id: 'u' }] },
    });
  });

  it('is cut off like any answer', () => {
    expect(choiceOf(message({ content: [answer], stop_reason: 'max_tokens' })).finish_reason).toBe('length');
  });
});

describe('a caller of legacy functions', () => {
  it('gets a function_call', () => {
    const content = [{ type: 'tool_use', id: 't', name: 'f', input: { a: 1 } }];
    const reply = decode(message({ content, stop_reason: 'tool_use' }), true, { functions: [{ name: 'f' }] });
    expect(reply['choices']).toEqual([
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          refusal: null,
          function_call: { name: 'f', arguments: '{"a":1}' },
        },
        logprobs: null,
        finish_reason: 'function_call',
      },
    ]);
    expect(decode(message(), true, { functions: [{ name: 'f' }] })).toEqual(decode(message()));
  });
});

describe('what is no reply', () => {
  it('throws the error that came inside a 200', () => {
    const body = {
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
      request_id: 'req_1',
    };
    const error = thrownBy(() => decode(body));
    expect(error).toMatchObject({
      name: 'InternalServerError',
      status: 529,
      kind: 'overloaded',
      type: 'overloaded_error',
      message: '529 Overloaded',
      requestID: 'req_1',
    });
  });

  it.each([['<html>'], [null], [[]], [{}], [{ content: 'text' }], [{ choices: [] }]])(
    'names %j unreadable',
    (reply) => {
      expect(thrownBy(() => decode(reply))).toMatchObject({
        name: 'UnreadableReplyError',
        kind: 'unreadable',
        status: 502,
      });
    },
  );
});
