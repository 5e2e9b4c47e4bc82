import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../../src/core/json.ts';
import { chat, type ScopeOptions, scopeOf, thrownBy } from '../support.ts';

type Event = JsonObject & { readonly type: string };

const start = (rest: JsonObject = {}): Event => ({
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 25, output_tokens: 1, cache_read_input_tokens: 3 },
    ...rest,
  },
});
const open = (index: number, content_block: JsonObject): Event => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, type: string, rest: JsonObject): Event => ({
  type: 'content_block_delta',
  index,
  delta: { type, ...rest },
});
const close = (index: number): Event => ({ type: 'content_block_stop', index });
const stop = (stop_reason: string, rest: JsonObject = {}): Event => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null, ...rest },
  usage: { output_tokens: 15 },
});
const end: Event = { type: 'message_stop' };

function play(events: readonly Event[], options: ScopeOptions = {}) {
  const decoder = chat.decodeStream(scopeOf({ stream: true, ...options }));
  const chunks: JsonObject[] = [];
  const emit = (chunk: JsonObject) => chunks.push(chunk);
  for (const event of events) decoder.push({ event: event.type, data: JSON.stringify(event) }, emit);
  return { chunks, isWhole: decoder.end(emit) };
}

const choicesOf = (chunks: readonly JsonObject[]) => chunks.flatMap((chunk) => chunk['choices'] as JsonObject[]);
const deltasOf = (events: readonly Event[], options?: ScopeOptions) =>
  choicesOf(play([start(), ...events, stop('end_turn'), end], options).chunks)
    .slice(1, -1)
    .map((choice) => choice['delta']);

const base = { id: 'msg_1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'claude-sonnet-4-5' };
const chunk = (deltaOf: JsonObject, finish: string | null = null) => ({
  ...base,
  choices: [{ index: 0, delta: deltaOf, logprobs: null, finish_reason: finish }],
});
const usage = {
  prompt_tokens: 28,
  completion_tokens: 15,
  total_tokens: 43,
  prompt_tokens_details: { cached_tokens: 3 },
};
const hello = [
  start(),
  open(0, { type: 'text', text: '' }),
  { type: 'ping' },
  delta(0, 'text_delta', { text: 'Hel' }),
  { type: 'some_new_event', data: 1 },
  delta(0, 'text_delta', { text: 'lo' }),
  close(0),
  stop('end_turn'),
  end,
];

describe('a stream of text', () => {
  it('bears its usage on the chunk with the finish reason', () => {
    expect(play(hello)).toEqual({
      chunks: [
        chunk({ role: 'assistant', content: null }),
        chunk({ content: 'Hel' }),
        chunk({ content: 'lo' }),
        { ...chunk({}, 'stop'), usage },
      ],
      isWhole: true,
    });
  });

  it('bears its usage as OpenAI’s streams do when it is asked for', () => {
    expect(play(hello, { body: { stream_options: { include_usage: true } } }).chunks).toEqual([
      { ...chunk({ role: 'assistant', content: null }), usage: null },
      { ...chunk({ content: 'Hel' }), usage: null },
      { ...chunk({ content: 'lo' }), usage: null },
      { ...chunk({}, 'stop'), usage: null },
      { ...base, choices: [], usage },
    ]);
  });

  it('keeps blocks and stop reason unless strict', () => {
    const kept = (index: number, part: JsonObject) => ({ content_blocks: [{ index, delta: part }] });
    expect(play(hello, { strict: false }).chunks).toEqual([
      chunk({ role: 'assistant', content: null }),
      chunk(kept(0, { type: 'text', text: '' })),
      chunk({ content: 'Hel', ...kept(0, { text: 'Hel' }) }),
      chunk({ content: 'lo', ...kept(0, { text: 'lo' }) }),
      {
        ...base,
        choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop', stop_reason: 'end_turn' }],
        usage: { ...usage, cache_read_input_tokens: 3 },
      },
    ]);
  });

  it('reads events by their data where the wire does not name them', () => {
    const decoder = chat.decodeStream(scopeOf());
    const chunks: JsonObject[] = [];
    for (const event of hello) decoder.push({ data: JSON.stringify(event) }, (made) => chunks.push(made));
    expect(chunks).toEqual(play(hello).chunks);
  });

  it('passes over empty data and OpenAI’s end marker', () => {
    const decoder = chat.decodeStream(scopeOf());
    for (const data of ['', ' ', '[DONE]']) decoder.push({ data }, () => expect.unreachable());
    expect(decoder.end(() => expect.unreachable())).toBe(false);
  });
});

describe('tool calls in a stream', () => {
  const first = (index: number, id: string, name: string) => ({
    tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
  });
  const more = (index: number, json: string) => ({ tool_calls: [{ index, function: { arguments: json } }] });
  const events = [
    open(0, { type: 'text', text: '' }),
    delta(0, 'text_delta', { text: 'Hm' }),
    close(0),
    open(1, { type: 'tool_use', id: 't1', name: 'f', input: {} }),
    delta(1, 'input_json_delta', { partial_json: '' }),
    delta(1, 'input_json_delta', { partial_json: '{"a":' }),
    delta(1, 'input_json_delta', { partial_json: '1}' }),
    close(1),
    open(2, { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} }),
    delta(2, 'input_json_delta', { partial_json: '{"query":"x"}' }),
    close(2),
    open(3, { type: 'tool_use', id: 't2', name: 'g', input: {}, caller: { type: 'direct' } }),
    close(3),
    open(4, { type: 'tool_use', id: 't3', name: 'h', input: { whole: true } }),
    close(4),
  ];

  it('are numbered among themselves and always bear JSON', () => {
    expect(deltasOf(events)).toEqual([
      { content: 'Hm' },
      first(0, 't1', 'f'),
      more(0, '{"a":'),
      more(0, '1}'),
      first(1, 't2', 'g'),
      more(1, '{}'),
      first(2, 't3', 'h'),
      more(2, '{"whole":true}'),
    ]);
  });

  it('leave their marks in content_blocks unless strict', () => {
    const kept = (index: number, part: JsonObject) => ({ content_blocks: [{ index, delta: part }] });
    expect(deltasOf(events, { strict: false })).toEqual([
      kept(0, { type: 'text', text: '' }),
      { content: 'Hm', ...kept(0, { text: 'Hm' }) },
      { ...first(0, 't1', 'f'), ...kept(1, { type: 'tool_use', id: 't1', name: 'f' }) },
      more(0, '{"a":'),
      more(0, '1}'),
      kept(2, { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} }),
      kept(2, { partial_json: '{"query":"x"}' }),
      { ...first(1, 't2', 'g'), ...kept(3, { type: 'tool_use', id: 't2', name: 'g', caller: { type: 'direct' } }) },
      more(1, '{}'),
      { ...first(2, 't3', 'h'), ...kept(4, { type: 'tool_use', id: 't3', name: 'h' }) },
      more(2, '{"whole":true}'),
    ]);
  });

  it('end with tool_calls', () => {
    const { chunks } = play([start(), ...events, stop('tool_use'), end]);
    expect(choicesOf(chunks).at(-1)).toMatchObject({ delta: {}, finish_reason: 'tool_calls' });
  });

  it('that stand for a JSON answer are content', () => {
    const answer = [
      start(),
      open(0, { type: 'tool_use', id: 't', name: 'json_answer__', input: {} }),
      delta(0, 'input_json_delta', { partial_json: '{"age":' }),
      delta(0, 'input_json_delta', { partial_json: '7}' }),
      close(0),
      stop('tool_use'),
      end,
    ];
    for (const strict of [true, false]) {
      const choices = choicesOf(play(answer, { strict }).chunks);
      expect(choices.map((choice) => choice['delta'])).toEqual([
        { role: 'assistant', content: null },
        { content: '{"age":' },
        { content: '7}' },
        {},
      ]);
      expect(choices.at(-1)).toMatchObject({ finish_reason: 'stop' });
    }
    const empty = [open(0, { type: 'tool_use', id: 't', name: 'json_answer__', input: {} }), close(0)];
    expect(deltasOf(empty)).toEqual([{ content: '{}' }]);
  });

  it('come as function_call to a caller of legacy functions', () => {
    const call = [
      start(),
      open(0, { type: 'tool_use', id: 't', name: 'f', input: {} }),
      delta(0, 'input_json_delta', { partial_json: '{"a":1}' }),
      close(0),
      stop('tool_use'),
      end,
    ];
    const { chunks, isWhole } = play(call, { body: { functions: [{ name: 'f' }] } });
    expect(chunks).toEqual([
      chunk({ role: 'assistant', content: null }),
      chunk({ function_call: { name: 'f', arguments: '' } }),
      chunk({ function_call: { arguments: '{"a":1}' } }),
      { ...chunk({}, 'function_call'), usage },
    ]);
    expect(isWhole).toBe(true);
  });
});

describe('thinking in a stream', () => {
  const events = [
    open(0, { type: 'thinking', thinking: '', signature: '' }),
    delta(0, 'thinking_delta', { thinking: 'Hm' }),
    delta(0, 'thinking_delta', { thinking: '…' }),
    delta(0, 'signature_delta', { signature: 'sig' }),
    close(0),
    open(1, { type: 'redacted_thinking', data: 'cipher' }),
    close(1),
  ];

  it('is reasoning_content, signatures are kept unless strict', () => {
    expect(deltasOf(events)).toEqual([{ reasoning_content: 'Hm' }, { reasoning_content: '…' }]);
    const kept = (index: number, part: JsonObject) => ({ content_blocks: [{ index, delta: part }] });
    expect(deltasOf(events, { strict: false })).toEqual([
      kept(0, { type: 'thinking', thinking: '', signature: '' }),
      { reasoning_content: 'Hm', ...kept(0, { thinking: 'Hm' }) },
      { reasoning_content: '…', ...kept(0, { thinking: '…' }) },
      kept(0, { signature: 'sig' }),
      kept(1, { type: 'redacted_thinking', data: 'cipher' }),
    ]);
  });
});

describe('citations in a stream', () => {
  const cited = { type: 'web_search_result_location', url: 'https://a.b', title: 'A' };
  const events = [
    open(0, { type: 'text', text: 'As ' }),
    close(0),
    open(1, { type: 'text', text: '', citations: [] }),
    delta(1, 'citations_delta', { citation: cited }),
    delta(1, 'text_delta', { text: 'known' }),
    close(1),
  ];
  const annotations = [
    { type: 'url_citation', url_citation: { start_index: 3, end_index: 8, title: 'A', url: 'https://a.b' } },
  ];

  it('become annotations when their block ends, and are kept unless strict', () => {
    expect(deltasOf(events)).toEqual([{ content: 'As ' }, { content: 'known' }, { annotations }]);
    expect(deltasOf(events, { strict: false })).toContainEqual({
      content_blocks: [{ index: 1, delta: { citation: cited } }],
    });
  });
});

describe('the end of a stream', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['tool_use', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
    ['something_new', 'stop'],
  ])('with %s and no call is %s', (reason, finish) => {
    expect(choicesOf(play([start(), stop(reason), end]).chunks).at(-1)).toMatchObject({ finish_reason: finish });
  });

  it('tells a refusal', () => {
    const stop_details = { type: 'refusal', category: null, explanation: 'Too risky.' };
    expect(choicesOf(play([start(), stop('refusal', { stop_details }), end]).chunks).at(-1)).toEqual({
      index: 0,
      delta: { refusal: 'Too risky.' },
      logprobs: null,
      finish_reason: 'content_filter',
    });
  });

  it('keeps what is said of the whole message unless strict', () => {
    const last = {
      ...stop('end_turn', { container: { id: 'c1' } }),
      context_management: { applied_edits: [] },
    };
    const { chunks } = play([start({ diagnostics: null, container: null }), last, end], { strict: false });
    expect(chunks.at(-1)).toMatchObject({ container: { id: 'c1' }, context_management: { applied_edits: [] } });
    expect(chunks.at(-1)).not.toHaveProperty('diagnostics');
    expect(play([start(), last, end]).chunks.at(-1)).not.toHaveProperty('container');
  });

  it('names the service tier on every chunk', () => {
    const { chunks } = play([start({ usage: { input_tokens: 1, service_tier: 'priority' } }), stop('end_turn')]);
    expect(chunks.map((made) => made['service_tier'])).toEqual(['priority', 'priority']);
  });

  it('is whole with a stop reason or an end marker, cut short without', () => {
    expect(play([start(), stop('end_turn')]).isWhole).toBe(true);
    const unstated = play([start(), end]);
    expect(unstated.isWhole).toBe(true);
    expect(choicesOf(unstated.chunks).at(-1)).toMatchObject({ finish_reason: 'stop' });
    expect(play([]).isWhole).toBe(false);
    expect(play(hello.slice(0, -2)).isWhole).toBe(false);
    expect(play([start(), { type: 'message_delta', delta: { stop_reason: null }, usage: {} }]).isWhole).toBe(false);
  });

  it('comes once, closing blocks left open', () => {
    const { chunks } = play([start(), open(0, { type: 'tool_use', id: 't', name: 'f' }), stop('tool_use'), end]);
    expect(choicesOf(chunks).map((choice) => choice['finish_reason'])).toEqual([null, null, null, 'tool_calls']);
    expect(choicesOf(chunks)[2]).toMatchObject({
      delta: { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
    });
  });
});

describe('a broken stream', () => {
  it.each([
    ['overloaded_error', 529, 'overloaded'],
    ['rate_limit_error', 429, 'rate_limit'],
    ['api_error', 500, 'server'],
    ['timeout_error', 504, 'timeout'],
    ['invalid_request_error', 400, 'invalid_request'],
    ['authentication_error', 401, 'auth'],
    ['permission_error', 403, 'auth'],
    ['not_found_error', 404, 'not_found'],
    ['billing_error', 402, 'billing'],
    ['request_too_large', 413, 'invalid_request'],
  ])('throws %s as %i', (type, status, kind) => {
    const error = thrownBy(() => play([start(), { type: 'error', error: { type, message: 'No.' } }]));
    expect(error).toMatchObject({ status, kind, type, message: `${status} No.` });
  });

  it('throws an error that only the event’s name tells', () => {
    const decoder = chat.decodeStream(scopeOf());
    const error = thrownBy(() => decoder.push({ event: 'error', data: '{"message":"Gone."}' }, () => {}));
    expect(error).toMatchObject({ message: '502 Gone.', kind: 'server' });
  });

  it('names data that is not JSON', () => {
    const decoder = chat.decodeStream(scopeOf());
    expect(thrownBy(() => decoder.push({ event: 'message_start', data: '{"type"' }, () => {}))).toMatchObject({
      name: 'UnreadableReplyError',
    });
  });

  it('passes over deltas that belong nowhere', () => {
    const stray = [delta(7, 'text_delta', { text: 'x' }), close(9), { type: 'content_block_start', index: 1 }];
    expect(deltasOf(stray)).toEqual([]);
  });

  it('starts the reply itself when the server forgot to', () => {
    const { chunks } = play([open(0, { type: 'text', text: 'Hi' }), close(0), stop('end_turn')]);
    expect(chunks).toEqual([
      {
        id: 'made-up-id',
        object: 'chat.completion.chunk',
        created: 1_700_000_000,
        model: 'claude-3-5-sonnet-20241022',
        choices: [{ index: 0, delta: { role: 'assistant', content: null }, logprobs: null, finish_reason: null }],
      },
      expect.objectContaining({ id: 'made-up-id' }),
      expect.objectContaining({ id: 'made-up-id' }),
    ]);
  });
});

describe('a stream', () => {
  it('is understood by OpenAI’s own client', async () => {
    const { chunks } = play([
      start(),
      open(0, { type: 'text', text: '' }),
      delta(0, 'text_delta', { text: 'Hm' }),
      close(0),
      open(1, { type: 'tool_use', id: 't1', name: 'f', input: {} }),
      delta(1, 'input_json_delta', { partial_json: '{"a":1}' }),
      close(1),
      open(2, { type: 'tool_use', id: 't2', name: 'g', input: {} }),
      close(2),
      stop('tool_use'),
      end,
    ]);
    const body = new Blob(chunks.map((made) => `${JSON.stringify(made)}\n`)).stream();
    const completion = await ChatCompletionStream.fromReadableStream(body).finalChatCompletion();
    expect(completion).toMatchObject({
      id: 'msg_1',
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: 'Hm',
            tool_calls: [
              { id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
              { id: 't2', type: 'function', function: { name: 'g', arguments: '{}' } },
            ],
          },
        },
      ],
      usage,
    });
  });
});
