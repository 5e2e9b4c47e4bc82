import fc from 'fast-check';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { apiError } from '../../../../src/core/errors/api-error.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { openai } from '../../../../src/providers/dialects/openai/index.ts';
import { bridgeResponses } from '../../../../src/providers/dialects/responses-bridge/index.ts';
import {
  bridge,
  chunk,
  completion,
  deepFreeze,
  eventsOf,
  plainChat,
  response,
  scopeOf,
  usageChunk,
} from './support.ts';

const decode = (reply: JsonObject, body: JsonObject = {}) => bridge.decode(deepFreeze(reply), scopeOf(body));
const message = (content: readonly JsonObject[], index = 0, status = 'completed') => ({
  id: `msg_c1_${index}`,
  type: 'message',
  status,
  role: 'assistant',
  content,
});
const text = (words: string, extra: JsonObject = {}) => ({
  type: 'output_text',
  text: words,
  annotations: [],
  logprobs: [],
  ...extra,
});
const chatUsage = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const usage = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 15,
};
const toolCall = (id: string, args = '{}') => ({ id, type: 'function', function: { name: 'f', arguments: args } });
const callItem = (id: string, index: number, args = '{}') => ({
  id: `fc_c1_${index}`,
  type: 'function_call',
  status: 'completed',
  call_id: id,
  name: 'f',
  arguments: args,
});

describe('a reply', () => {
  it('becomes a response object', () => {
    expect(decode(completion({ content: 'Hello' }, 'stop', { usage: chatUsage }))).toEqual(
      response({ output: [message([text('Hello')])], output_text: 'Hello', usage }),
    );
  });

  it('repeats what the request said', () => {
    const said = {
      instructions: 'Be brief.',
      max_output_tokens: 9,
      parallel_tool_calls: false,
      temperature: 0.5,
      text: { format: { type: 'json_object' } },
      tool_choice: 'required',
      tools: [{ type: 'function', name: 'f' }],
      top_p: 0.9,
      metadata: { a: 'b' },
      user: 'u',
    };
    expect(decode(completion({ content: '{}' }), { ...said, input: 'hi', reasoning: { effort: 'low' } })).toEqual(
      response({
        ...said,
        reasoning: { effort: 'low', summary: null },
        output: [message([text('{}')])],
        output_text: '{}',
      }),
    );
  });

  it('brings reasoning, message and calls in this order', () => {
    const reply = completion(
      { content: 'Let me look.', reasoning_content: 'Hm.', tool_calls: [toolCall('c1'), toolCall('c2', '{"a":1}')] },
      'tool_calls',
    );
    expect(decode(reply)).toMatchObject({
      status: 'completed',
      output: [
        { id: 'rs_c1_0', type: 'reasoning', status: 'completed', summary: [{ type: 'summary_text', text: 'Hm.' }] },
        message([text('Let me look.')], 1),
        callItem('c1', 2),
        callItem('c2', 3, '{"a":1}'),
      ],
      output_text: 'Let me look.',
    });
  });

  it('brings refusals, annotations and log probabilities', () => {
    const url_citation = { start_index: 0, end_index: 2, title: 'T', url: 'https://example.com' };
    const logprob = { token: 'Hi', bytes: [72, 105], logprob: -1, top_logprobs: [] };
    const reply = {
      ...completion({}),
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Hi',
            refusal: 'No.',
            annotations: [{ type: 'url_citation', url_citation }],
          },
          logprobs: { content: [logprob], refusal: null },
          finish_reason: 'stop',
        },
      ],
    };
    const annotated = text('Hi', { logprobs: [logprob], annotations: [{ type: 'url_citation', ...url_citation }] });
    expect(decode(reply)).toMatchObject({ output: [message([annotated, { type: 'refusal', refusal: 'No.' }])] });
  });

  it.each([
    ['length', 'incomplete', { reason: 'max_output_tokens' }],
    ['content_filter', 'incomplete', { reason: 'content_filter' }],
    ['stop', 'completed', null],
    ['tool_calls', 'completed', null],
  ])('that ended by %s is %s', (finish, status, incomplete_details) => {
    expect(decode(completion({ content: 'Hi' }, finish))).toEqual(
      response({ status, incomplete_details, output: [message([text('Hi')], 0, status)], output_text: 'Hi' }),
    );
    expect(eventsOf([chunk({ content: 'Hi' }), chunk({}, finish)]).events.at(-1)).toMatchObject({
      type: `response.${status}`,
      response: { status, incomplete_details },
    });
  });

  it.each<[string, JsonObject]>([
    ['thinking_blocks', { thinking_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 's' }] }],
    [
      'content_blocks',
      {
        content_blocks: [
          { type: 'thinking', thinking: 'Hm.', signature: 's' },
          { type: 'text', text: 'Hi' },
        ],
      },
    ],
  ])('keeps signed thinking of %s in encrypted_content where that is asked for', (_name, extra) => {
    const reply = completion({ content: 'Hi', reasoning_content: 'Hm.', ...extra });
    const item = {
      id: 'rs_c1_0',
      type: 'reasoning',
      status: 'completed',
      summary: [{ type: 'summary_text', text: 'Hm.' }],
    };
    const encrypted_content = '[{"type":"thinking","thinking":"Hm.","signature":"s"}]';
    expect((decode(reply) as { output: unknown[] }).output[0]).toEqual(item);
    expect((decode(reply, { include: ['reasoning.encrypted_content'] }) as { output: unknown[] }).output[0]).toEqual({
      ...item,
      encrypted_content,
    });
  });

  it('makes a reasoning item for thinking that is not shown', () => {
    const reply = completion({ content: 'Hi', thinking_blocks: [{ type: 'redacted_thinking', data: 'b64=' }] });
    expect(decode(reply, { include: ['reasoning.encrypted_content'] })).toMatchObject({
      output: [
        { type: 'reasoning', summary: [], encrypted_content: '[{"type":"redacted_thinking","data":"b64="}]' },
        { type: 'message' },
      ],
    });
  });

  it('without a message is unreadable', () => {
    expect(() => decode({ choices: [] })).toThrow(expect.objectContaining({ name: 'UnreadableReplyError' }));
  });
});

describe('a stream', () => {
  const start = response({ status: 'in_progress' });
  const opening = [
    { type: 'response.created', response: start, sequence_number: 0 },
    { type: 'response.in_progress', response: start, sequence_number: 1 },
  ];
  const numbered = (events: readonly JsonObject[]) => [
    ...opening,
    ...events.map((event, index) => ({ ...event, sequence_number: index + 2 })),
  ];

  it('of text says every documented event, the last one with the usage that came after the end', () => {
    const at = { item_id: 'msg_c1_0', output_index: 0, content_index: 0 };
    const { events, isWhole } = eventsOf([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'stop'),
      usageChunk(chatUsage),
    ]);
    expect(events).toEqual(
      numbered([
        { type: 'response.output_item.added', output_index: 0, item: message([], 0, 'in_progress') },
        { type: 'response.content_part.added', ...at, part: text('') },
        { type: 'response.output_text.delta', ...at, delta: 'Hel', logprobs: [] },
        { type: 'response.output_text.delta', ...at, delta: 'lo', logprobs: [] },
        { type: 'response.output_text.done', ...at, text: 'Hello', logprobs: [] },
        { type: 'response.content_part.done', ...at, part: text('Hello') },
        { type: 'response.output_item.done', output_index: 0, item: message([text('Hello')]) },
        {
          type: 'response.completed',
          response: response({ output: [message([text('Hello')])], output_text: 'Hello', usage }),
        },
      ]),
    );
    expect(isWhole).toBe(true);
  });

  it('of reasoning and calls says theirs', () => {
    const summary = { item_id: 'rs_c1_0', output_index: 0, summary_index: 0 };
    const reasoning = (words: string, status: string) => ({
      id: 'rs_c1_0',
      type: 'reasoning',
      status,
      summary: words === '' ? [] : [{ type: 'summary_text', text: words }],
    });
    const call = { item_id: 'fc_c1_1', output_index: 1 };
    const { events } = eventsOf([
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning_content: 'H' }),
      chunk({ reasoning_content: 'm' }),
      chunk({ tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
      chunk({}, 'tool_calls'),
    ]);
    expect(events).toEqual(
      numbered([
        { type: 'response.output_item.added', output_index: 0, item: reasoning('', 'in_progress') },
        { type: 'response.reasoning_summary_part.added', ...summary, part: { type: 'summary_text', text: '' } },
        { type: 'response.reasoning_summary_text.delta', ...summary, delta: 'H' },
        { type: 'response.reasoning_summary_text.delta', ...summary, delta: 'm' },
        { type: 'response.reasoning_summary_text.done', ...summary, text: 'Hm' },
        { type: 'response.reasoning_summary_part.done', ...summary, part: { type: 'summary_text', text: 'Hm' } },
        { type: 'response.output_item.done', output_index: 0, item: reasoning('Hm', 'completed') },
        {
          type: 'response.output_item.added',
          output_index: 1,
          item: { ...callItem('c1', 1, ''), status: 'in_progress' },
        },
        { type: 'response.function_call_arguments.delta', ...call, delta: '{"a"' },
        { type: 'response.function_call_arguments.delta', ...call, delta: ':1}' },
        { type: 'response.function_call_arguments.done', ...call, name: 'f', arguments: '{"a":1}' },
        { type: 'response.output_item.done', output_index: 1, item: callItem('c1', 1, '{"a":1}') },
        {
          type: 'response.completed',
          response: response({ output: [reasoning('Hm', 'completed'), callItem('c1', 1, '{"a":1}')] }),
        },
      ]),
    );
  });

  it('of refusal and annotations says theirs', () => {
    const url_citation = { start_index: 0, end_index: 2, title: 'T', url: 'https://example.com' };
    const { events } = eventsOf([
      chunk({ content: 'Hi' }),
      chunk({ annotations: [{ type: 'url_citation', url_citation }] }),
      chunk({ refusal: 'No.' }),
      chunk({}, 'stop'),
    ]);
    const at = { item_id: 'msg_c1_0', output_index: 0 };
    const annotation = { type: 'url_citation', ...url_citation };
    expect(events.map(({ type }) => type)).toEqual([
      ...['response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added'],
      ...['response.output_text.delta', 'response.output_text.annotation.added', 'response.output_text.done'],
      ...[
        'response.content_part.done',
        'response.content_part.added',
        'response.refusal.delta',
        'response.refusal.done',
      ],
      ...['response.content_part.done', 'response.output_item.done', 'response.completed'],
    ]);
    expect(events[5]).toEqual({
      type: 'response.output_text.annotation.added',
      ...at,
      content_index: 0,
      annotation_index: 0,
      annotation,
      sequence_number: 5,
    });
    expect(events[9]).toEqual({
      type: 'response.refusal.delta',
      ...at,
      content_index: 1,
      delta: 'No.',
      sequence_number: 9,
    });
    expect(events.at(-2)).toMatchObject({
      item: message([text('Hi', { annotations: [annotation] }), { type: 'refusal', refusal: 'No.' }]),
    });
  });

  it.each<[string, readonly JsonObject[]]>([
    ['whole blocks', [{ thinking_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 'sig' }] }]],
    [
      'pieces',
      [
        { content_blocks: [{ index: 0, delta: { type: 'thinking', thinking: '', signature: '' } }] },
        { content_blocks: [{ index: 0, delta: { thinking: 'Hm.' } }] },
        { content_blocks: [{ index: 0, delta: { signature: 'sig' } }] },
        { content_blocks: [{ index: 1, delta: { type: 'text', text: 'Hi' } }] },
      ],
    ],
  ])('keeps signed thinking that comes in %s', (_name, deltas) => {
    const chunks = [
      chunk({ reasoning_content: 'Hm.' }),
      ...deltas.map((delta) => chunk(delta)),
      chunk({ content: 'Hi' }),
      chunk({}, 'stop'),
    ];
    const { events } = eventsOf(chunks, { include: ['reasoning.encrypted_content'] });
    expect(events.find(({ type }) => type === 'response.output_item.done')).toMatchObject({
      item: { type: 'reasoning', encrypted_content: '[{"type":"thinking","thinking":"Hm.","signature":"sig"}]' },
    });
  });

  it('cut short ends without response.completed', () => {
    const { events, isWhole } = eventsOf([chunk({ content: 'Hi' })]);
    expect(isWhole).toBe(false);
    expect(events.at(-1)).toMatchObject({ type: 'response.output_text.delta' });
  });

  function failing(chunks: readonly JsonObject[]) {
    const error = apiError({ status: 429, kind: 'rate_limit', message: 'Slow down' });
    const chat = { ...plainChat, decodeStream: () => ({ push: pushOf(chunks, error), end: () => false }) };
    const events: JsonObject[] = [];
    const decoder = bridgeResponses(chat).decodeStream?.(scopeOf());
    return { events, error, run: () => decoder?.push({ data: '' }, (event) => events.push(event)) };
  }
  function pushOf(chunks: readonly JsonObject[], error: Error) {
    return (_event: unknown, emit: (chunk: JsonObject) => void) => {
      for (const each of chunks) emit(each);
      throw error;
    };
  }

  it('that fails after output has begun says response.failed and throws', () => {
    const { events, error, run } = failing([chunk({ content: 'Hi' })]);
    expect(run).toThrow(error);
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: {
        status: 'failed',
        error: { code: 'rate_limit_exceeded', message: '429 Slow down' },
        output: [message([text('Hi')], 0, 'incomplete')],
      },
    });
  });

  it('that fails before only throws, so that another target may answer', () => {
    const { events, error, run } = failing([chunk({ role: 'assistant', content: '' })]);
    expect(run).toThrow(error);
    expect(events.map(({ type }) => type)).toEqual(['response.created', 'response.in_progress']);
  });
});

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const pieces = fc.array(words, { maxLength: 3 });
const reply = fc.record({ reasoning: pieces, content: pieces, calls: fc.array(pieces, { maxLength: 3 }) });

function chunksOf({ reasoning, content, calls }: { reasoning: string[]; content: string[]; calls: string[][] }) {
  const called = calls.flatMap((args, index) => [
    chunk({ tool_calls: [{ index, id: `c${index}`, type: 'function', function: { name: 'f', arguments: '' } }] }),
    ...args.map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
  return [
    chunk({ role: 'assistant', content: '' }),
    ...reasoning.map((piece) => chunk({ reasoning_content: piece })),
    ...content.map((piece) => chunk({ content: piece })),
    ...called,
    chunk({}, calls.length > 0 ? 'tool_calls' : 'stop'),
    usageChunk(chatUsage),
  ];
}

it("says the same streamed and not, also to OpenAI's own client", async () => {
  await fc.assert(
    fc.asyncProperty(reply, async (parts) => {
      const { events } = eventsOf(chunksOf(parts));
      const [reasoning, content] = [parts.reasoning.join(''), parts.content.join('')];
      const tool_calls = parts.calls.map((args, index) => toolCall(`c${index}`, args.join('')));
      const whole = decode(
        completion(
          {
            content: content || null,
            ...(reasoning && { reasoning_content: reasoning }),
            ...(tool_calls.length > 0 && { tool_calls }),
          },
          tool_calls.length > 0 ? 'tool_calls' : 'stop',
          { usage: chatUsage },
        ),
      );
      expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: whole });
      expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
      expect(await readByClient(events)).toMatchObject(JSON.parse(JSON.stringify(whole)));
    }),
    { numRuns: 40 },
  );
});

/** The response that the `openai` package puts together from `events`. */
function readByClient(events: readonly JsonObject[]) {
  const wire = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  const fetch = async () => new Response(wire, { headers: { 'content-type': 'text/event-stream' } });
  const client = new OpenAI({ apiKey: 'none', fetch, maxRetries: 0 });
  return client.responses.stream({ model: 'm-1', input: 'hi' }).finalResponse();
}

it('ends at the end marker, once, whether the wire ends or not', () => {
  const decoder = bridgeResponses(openai.codecs['chat/completions']!).decodeStream!(scopeOf({ input: 'Hi' }));
  const events: string[] = [];
  const emit = (event: JsonObject) => void events.push(String(event.type));
  const choices = [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }];
  decoder.push({ data: JSON.stringify({ id: 'c', choices }) }, emit);
  expect(events).not.toContain('response.completed');
  expect(decoder.push({ data: '[DONE]' }, emit)).toBe(true);
  expect(events.filter((type) => type === 'response.completed')).toHaveLength(1);
  expect(decoder.end(emit)).toBe(true);
  expect(events.filter((type) => type === 'response.completed')).toHaveLength(1);
});
