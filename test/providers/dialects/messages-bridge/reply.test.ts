import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { bridgeMessages } from '../../../../src/providers/dialects/messages-bridge/index.ts';
import { openai } from '../../../../src/providers/dialects/openai/index.ts';
import { chat as anthropicChat, deepFreeze, thrownBy } from '../anthropic-messages/support.ts';
import { scopeOf, toEvents, toMessage } from './support.ts';

const completion = (message: JsonObject, rest: JsonObject = {}, choice: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-9',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop', ...choice }],
  ...rest,
});
const call = (id: string, json: string) => ({ id, type: 'function', function: { name: 'f', arguments: json } });
const noUsage = { input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };

describe('a bridged reply', () => {
  it('is a message', () => {
    const usage = {
      prompt_tokens: 20,
      completion_tokens: 9,
      total_tokens: 29,
      prompt_tokens_details: { cached_tokens: 5, cache_write_tokens: 3 },
      completion_tokens_details: { reasoning_tokens: 4 },
    };
    const message = { content: 'Hi', reasoning_content: 'Hm', tool_calls: [call('c1', '{"a":1}'), call('c2', '')] };
    expect(toMessage(completion(message, { usage }, { finish_reason: 'tool_calls' }))).toEqual({
      id: 'chatcmpl-1',
      type: 'message',
      role: 'assistant',
      model: 'gpt-9',
      content: [
        { type: 'thinking', thinking: 'Hm', signature: '' },
        { type: 'text', text: 'Hi', citations: null },
        { type: 'tool_use', id: 'c1', name: 'f', input: { a: 1 } },
        { type: 'tool_use', id: 'c2', name: 'f', input: {} },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: {
        input_tokens: 12,
        output_tokens: 9,
        cache_creation_input_tokens: 3,
        cache_read_input_tokens: 5,
        output_tokens_details: { thinking_tokens: 4 },
      },
    });
  });

  it.each([
    [{ content: null }, []],
    [{ content: null, refusal: 'No.' }, [{ type: 'text', text: 'No.', citations: null }]],
    [
      { content: null, function_call: { name: 'f', arguments: '{}' } },
      [{ type: 'tool_use', id: 'made-up-id', name: 'f', input: {} }],
    ],
    [
      { content: null, tool_calls: [{ ...call('c', '{}'), extra_content: { google: { thought_signature: 's' } } }] },
      [{ type: 'tool_use', id: 'c', name: 'f', input: {}, extra_content: { google: { thought_signature: 's' } } }],
    ],
    [
      { content: null, reasoning_content: 'a', thinking_blocks: [{ type: 'thinking', thinking: 'a', signature: 's' }] },
      [{ type: 'thinking', thinking: 'a', signature: 's' }],
    ],
    [
      {
        content: null,
        content_blocks: [
          { type: 'text', text: 'x' },
          { type: 'redacted_thinking', data: 'r' },
        ],
      },
      [{ type: 'redacted_thinking', data: 'r' }],
    ],
  ])('of %j holds %j', (message, content) => {
    expect(toMessage(completion(message))).toMatchObject({ content, usage: noUsage });
  });

  it.each([
    [{ finish_reason: 'stop' }, 'end_turn', null],
    [{ finish_reason: 'length' }, 'max_tokens', null],
    [{ finish_reason: 'content_filter' }, 'refusal', null],
    [{ finish_reason: 'tool_calls' }, 'tool_use', null],
    [{ finish_reason: 'function_call' }, 'tool_use', null],
    [{ finish_reason: 'eos' }, 'end_turn', null],
    [{ finish_reason: null }, 'end_turn', null],
    [{ finish_reason: 'stop', stop_reason: 'stop_sequence', stop_sequence: 'END' }, 'stop_sequence', 'END'],
    [{ finish_reason: 'stop', stop_reason: 128_009 }, 'end_turn', null],
  ])('that ended with %j stopped with %s', (choice, stop_reason, stop_sequence) => {
    expect(toMessage(completion({ content: 'x' }, {}, choice))).toMatchObject({ stop_reason, stop_sequence });
  });

  it('stops for its calls although a provider says stop', () => {
    const reply = completion({ content: null, tool_calls: [call('c', '{}')] });
    expect(toMessage(reply)).toMatchObject({ stop_reason: 'tool_use' });
  });

  it.each([[{ choices: [] }], [{ choices: [{}] }], [completion({ tool_calls: [call('c', '{"a"')] })]])(
    'names %j unreadable',
    (reply) => {
      expect(thrownBy(() => toMessage(reply))).toMatchObject({ name: 'UnreadableReplyError', kind: 'unreadable' });
    },
  );
});

const chunk = (delta: JsonObject, finish: string | null = null): JsonObject => ({
  id: 'chatcmpl-1',
  model: 'gpt-9',
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const args = (index: number, json: string, rest: JsonObject = {}) =>
  chunk({ tool_calls: [{ index, ...rest, function: { ...(rest['id'] ? { name: 'f' } : {}), arguments: json } }] });
const start = {
  type: 'message_start',
  message: {
    id: 'chatcmpl-1',
    type: 'message',
    role: 'assistant',
    model: 'gpt-9',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: noUsage,
  },
};
const open = (index: number, content_block: JsonObject) => ({ type: 'content_block_start', index, content_block });
const add = (index: number, delta: JsonObject) => ({ type: 'content_block_delta', index, delta });
const close = (index: number) => ({ type: 'content_block_stop', index });
const finish = (stop_reason: string, usage: JsonObject = noUsage) => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
  { type: 'message_stop' },
];
const textBlock = { type: 'text', text: '', citations: null };
const thinkingBlock = { type: 'thinking', thinking: '', signature: '' };
const toolBlock = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} });
const json = (partial_json: string) => ({ type: 'input_json_delta', partial_json });

describe('a bridged stream', () => {
  it('is Anthropic’s events, ended when all has come', () => {
    expect(
      toEvents([
        chunk({ role: 'assistant', content: '' }),
        chunk({ reasoning_content: 'Hm' }),
        chunk({ content: 'He' }),
        chunk({ content: 'llo' }),
        args(0, '', { id: 'c1' }),
        args(0, '{"a"'),
        chunk({}, 'tool_calls'),
        args(0, ':1}'),
        { id: 'chatcmpl-1', choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } },
      ]),
    ).toEqual({
      isWhole: true,
      events: [
        start,
        open(0, thinkingBlock),
        add(0, { type: 'thinking_delta', thinking: 'Hm' }),
        close(0),
        open(1, textBlock),
        add(1, { type: 'text_delta', text: 'He' }),
        add(1, { type: 'text_delta', text: 'llo' }),
        close(1),
        open(2, toolBlock('c1')),
        add(2, json('{"a"')),
        add(2, json(':1}')),
        close(2),
        ...finish('tool_use', { ...noUsage, input_tokens: 3, output_tokens: 4 }),
      ],
    });
  });

  it('streams calls one after the other, holding back what comes between', () => {
    const { events } = toEvents([
      args(0, '{"a":', { id: 'c0' }),
      args(1, '{"b":', { id: 'c1' }),
      args(0, '0}'),
      args(1, '1}'),
      chunk({}, 'tool_calls'),
    ]);
    expect(events).toEqual([
      start,
      open(0, toolBlock('c0')),
      add(0, json('{"a":')),
      add(0, json('0}')),
      close(0),
      open(1, toolBlock('c1')),
      add(1, json('{"b":1}')),
      close(1),
      ...finish('tool_use'),
    ]);
  });

  it('streams a further call at once when the one before is whole', () => {
    const { events } = toEvents([args(0, '{}', { id: 'c0' }), args(1, '{', { id: 'c1' }), args(1, '}')]);
    expect(events.slice(1, -2)).toEqual([
      open(0, toolBlock('c0')),
      add(0, json('{}')),
      close(0),
      open(1, toolBlock('c1')),
      add(1, json('{')),
      add(1, json('}')),
      close(1),
    ]);
  });

  it('adds late arguments to their own block', () => {
    const { events } = toEvents([args(0, '{', { id: 'c0' }), chunk({ content: 'x' }), args(0, '}')]);
    expect(events).toContainEqual(add(0, json('}')));
  });

  it('keeps signatures, each with its block', () => {
    const kept = (index: number, delta: JsonObject) => ({ content_blocks: [{ index, delta }] });
    const { events } = toEvents([
      chunk(kept(0, { type: 'thinking', thinking: '', signature: '' })),
      chunk({ reasoning_content: 'a', ...kept(0, { thinking: 'a' }) }),
      chunk(kept(0, { signature: 's1' })),
      chunk({ reasoning_content: 'b', ...kept(1, { thinking: 'b' }) }),
      chunk(kept(1, { signature: 's2' })),
      chunk(kept(2, { type: 'redacted_thinking', data: 'r' })),
      chunk({ content: 'x', ...kept(3, { text: 'x' }) }),
    ]);
    expect(events.slice(1, -2)).toEqual([
      open(0, thinkingBlock),
      add(0, { type: 'thinking_delta', thinking: 'a' }),
      add(0, { type: 'signature_delta', signature: 's1' }),
      close(0),
      open(1, thinkingBlock),
      add(1, { type: 'thinking_delta', thinking: 'b' }),
      add(1, { type: 'signature_delta', signature: 's2' }),
      close(1),
      open(2, { type: 'redacted_thinking', data: 'r' }),
      close(2),
      open(3, textBlock),
      add(3, { type: 'text_delta', text: 'x' }),
      close(3),
    ]);
  });

  it('keeps signatures that come with their whole block at its end', () => {
    const { events } = toEvents([
      chunk({ reasoning_content: 'a' }),
      chunk({ thinking_blocks: [{ type: 'thinking', thinking: 'a', signature: 's' }] }),
    ]);
    expect(events.slice(1, -2)).toEqual([
      open(0, thinkingBlock),
      add(0, { type: 'thinking_delta', thinking: 'a' }),
      add(0, { type: 'signature_delta', signature: 's' }),
      close(0),
    ]);
  });

  it('takes a refusal as text, and legacy calls as calls', () => {
    expect(toEvents([chunk({ refusal: 'No.' }, 'content_filter')]).events.slice(1)).toEqual([
      open(0, textBlock),
      add(0, { type: 'text_delta', text: 'No.' }),
      close(0),
      ...finish('refusal'),
    ]);
    const legacy = [
      chunk({ function_call: { name: 'f', arguments: '' } }),
      chunk({ function_call: { arguments: '{}' } }),
    ];
    expect(toEvents([...legacy, chunk({}, 'function_call')]).events.slice(1)).toEqual([
      open(0, toolBlock('made-up-id')),
      add(0, json('{}')),
      close(0),
      ...finish('tool_use'),
    ]);
  });

  it('does not end what was cut short', () => {
    const cut = toEvents([chunk({ content: 'He' })], true);
    expect(cut).toEqual({
      isWhole: false,
      events: [start, open(0, textBlock), add(0, { type: 'text_delta', text: 'He' })],
    });
  });

  it('is a whole message even when nothing came', () => {
    const started = { ...start, message: { ...start.message, id: 'made-up-id' } };
    expect(toEvents([]).events).toEqual([started, ...finish('end_turn')]);
  });

  it('is understood by Anthropic’s own client', async () => {
    const { events } = toEvents([
      chunk({ reasoning_content: 'Hm' }),
      chunk({ content: 'Hi' }),
      args(0, '{"a":', { id: 'c0' }),
      args(1, '{"b":1}', { id: 'c1' }),
      args(0, '0}'),
      chunk({}, 'tool_calls'),
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } },
    ]);
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    const body = new Blob([lines]).stream();
    const message = await MessageStream.fromReadableStream(body).finalMessage();
    expect(message).toMatchObject({
      id: 'chatcmpl-1',
      content: [
        { type: 'thinking', thinking: 'Hm' },
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', id: 'c0', name: 'f', input: { a: 0 } },
        { type: 'tool_use', id: 'c1', name: 'f', input: { b: 1 } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 3, output_tokens: 4 },
    });
  });
});

describe('a bridge over Anthropic’s own chat codec', () => {
  const id = fc.stringMatching(/^[a-z0-9]{8}$/);
  const text = fc.string({ minLength: 1, maxLength: 9, unit: 'grapheme' });
  const input = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer(), { maxKeys: 2 });
  const message = fc.record({
    id,
    type: fc.constant('message'),
    role: fc.constant('assistant'),
    model: fc.constant('claude-opus-4-8'),
    content: fc
      .tuple(
        fc.option(fc.record({ type: fc.constant('thinking'), thinking: text, signature: id })),
        fc.option(fc.record({ type: fc.constant('text'), text, citations: fc.constant(null) })),
        fc.array(fc.record({ type: fc.constant('tool_use'), id, name: fc.constant('f'), input }), { maxLength: 2 }),
      )
      .map(([thinking, said, calls]) => [thinking, said, ...calls].filter((block) => block !== null)),
    stop_reason: fc.constantFrom('end_turn', 'max_tokens', 'refusal', 'pause_turn'),
    stop_sequence: fc.constant(null),
    usage: fc.record({
      input_tokens: fc.nat(99),
      output_tokens: fc.nat(99),
      cache_creation_input_tokens: fc.nat(99),
      cache_read_input_tokens: fc.nat(99),
    }),
  });
  const bridge = bridgeMessages(anthropicChat);

  it('gives back the message it was given, streamed or not', () => {
    fc.assert(
      fc.property(message, (whole) => {
        const scope = scopeOf({}, { messages: [{ role: 'user', content: 'Hi' }] });
        const given = JSON.parse(JSON.stringify(whole)) as JsonObject;
        expect(bridge.decode(deepFreeze(given), scope)).toEqual(given);
        const decoder = bridge.decodeStream!(scope);
        const events: JsonObject[] = [];
        for (const event of eventsOf(given)) decoder.push({ data: JSON.stringify(event) }, (made) => events.push(made));
        expect(decoder.end((made) => events.push(made))).toBe(true);
        expect(assembleEvents(events)).toEqual(given);
      }),
      { numRuns: 200 },
    );
  });
});

function eventsOf({ content, stop_reason, stop_sequence, usage, ...rest }: JsonObject): readonly JsonObject[] {
  return [
    { type: 'message_start', message: { ...rest, content: [], usage } },
    ...(content as JsonObject[]).flatMap((block, index) => {
      const { thinking, text, signature, input, ...head } = block;
      const deltas = [
        ...(thinking === undefined ? [] : [{ type: 'thinking_delta', thinking }]),
        ...(signature === undefined ? [] : [{ type: 'signature_delta', signature }]),
        ...(text === undefined ? [] : [{ type: 'text_delta', text }]),
        ...(input === undefined ? [] : [json(JSON.stringify(input))]),
      ];
      return [open(index, head), ...deltas.map((delta) => add(index, delta)), close(index)];
    }),
    { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage },
    { type: 'message_stop' },
  ];
}

/** What a client makes of the events. */
function assembleEvents(events: readonly JsonObject[]): JsonObject {
  const blocks: Record<string, unknown>[] = [];
  let message: JsonObject = {};
  for (const event of events as readonly (JsonObject & { index: number; delta: JsonObject })[]) {
    const block = blocks[event.index];
    if (event['type'] === 'message_start') message = event['message'] as JsonObject;
    if (event['type'] === 'content_block_start') blocks.push({ ...(event['content_block'] as JsonObject), json: '' });
    if (event['type'] === 'message_delta') message = { ...message, ...event.delta, usage: event['usage'] };
    if (event['type'] === 'content_block_delta' && block) {
      for (const name of ['text', 'thinking', 'signature']) block[name] = joined(block[name], event.delta[name]);
      block['json'] = joined(block['json'], event.delta['partial_json']);
    }
  }
  return { ...message, content: blocks.map(finishedBlock) };
}

function joined(known: unknown, more: unknown): unknown {
  return more === undefined ? known : `${known ?? ''}${more}`;
}

function finishedBlock({ json: written, ...block }: Record<string, unknown>): JsonObject {
  const whole = written === '' ? block : { ...block, input: JSON.parse(String(written)) };
  return JSON.parse(JSON.stringify(whole));
}

it('ends its message at the end marker, once, whether the wire ends or not', () => {
  const decoder = bridgeMessages(openai.codecs['chat/completions']!).decodeStream!(scopeOf({ stream: true }));
  const types: string[] = [];
  const emit = (event: JsonObject) => void types.push(String(event['type']));
  const choices = [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }];
  decoder.push({ data: JSON.stringify({ id: 'c', choices }) }, emit);
  expect(types).not.toContain('message_stop');
  expect(decoder.push({ data: '[DONE]' }, emit)).toBe(true);
  expect(types.slice(-2)).toEqual(['message_delta', 'message_stop']);
  expect(decoder.end(emit)).toBe(true);
  expect(types.filter((type) => type === 'message_stop')).toHaveLength(1);
});
