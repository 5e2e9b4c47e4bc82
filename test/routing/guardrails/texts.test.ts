import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../src/core/endpoint.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { inputTexts } from '../../../src/routing/guardrails/texts/input-texts.ts';
import { outputTexts } from '../../../src/routing/guardrails/texts/output-texts.ts';
import { textsOf, withTexts } from '../../../src/routing/guardrails/texts/place.ts';
import { keyOfPlace, withStreamTexts } from '../../../src/routing/guardrails/texts/stream-texts.ts';
import { wholeOfStream } from '../../../src/routing/guardrails/texts/whole-of-stream.ts';

const chat = {
  messages: [
    { role: 'system', content: 'S' },
    { role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'image_url' }, { type: 'text', text: 'b' }] },
    { role: 'assistant', content: null, tool_calls: [] },
    { role: 'tool', tool_call_id: '1', content: 'T' },
  ],
};
const messages = {
  system: [{ type: 'text', text: 'S' }],
  messages: [
    { role: 'user', content: 'u' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        { type: 'tool_result', tool_use_id: '1', content: [{ type: 'text', text: 'r' }] },
        { type: 'tool_result', tool_use_id: '2', content: 'q' },
      ],
    },
  ],
};
const responses = {
  instructions: 'I',
  input: [
    { role: 'user', content: [{ type: 'input_text', text: 'a' }, { type: 'input_image' }] },
    { type: 'function_call_output', call_id: '1', output: 'o' },
  ],
};

describe('the text of a request', () => {
  it.each<[Endpoint, 'last' | 'all', JsonObject, readonly string[] | undefined]>([
    ['chat/completions', 'last', chat, ['T']],
    ['chat/completions', 'all', chat, ['S\na\nb\nT']],
    ['chat/completions', 'last', { messages: chat.messages.slice(0, 2) }, ['a\nb']],
    ['chat/completions', 'last', { messages: chat.messages.slice(0, 3) }, []],
    ['chat/completions', 'last', { messages: 'nonsense' }, []],
    ['completions', 'last', { prompt: 'p' }, ['p']],
    ['completions', 'last', { prompt: ['p', 'q'] }, ['p\nq']],
    ['completions', 'last', { prompt: [1, 2, 3] }, []],
    ['embeddings', 'last', { input: ['x', 'y'] }, ['x\ny']],
    ['moderations', 'last', { input: 'x' }, ['x']],
    ['responses', 'last', { input: 'x', instructions: 'I' }, ['x']],
    ['responses', 'last', responses, ['o']],
    ['responses', 'all', responses, ['I\na\no']],
    ['messages', 'last', messages, ['a\nr\nq']],
    ['messages', 'all', messages, ['S\nu\na\nr\nq']],
    ['audio/speech', 'all', { input: 'x' }, undefined],
  ])('%s, %s, of %j: %j', (endpoint, which, body, texts) => {
    const places = inputTexts(endpoint, body, which);
    expect(places && textsOf(places)).toEqual(texts);
  });

  it('is put back where it stood, the given body left as it is', () => {
    const places = inputTexts('messages', messages, 'all') ?? [];
    const before = structuredClone(messages);
    const shouted = withTexts(
      messages,
      places.map(({ path, text }) => [path, text.toUpperCase()] as const),
    );
    expect(shouted.messages[1]).toEqual({
      role: 'user',
      content: [
        { type: 'text', text: 'A' },
        { type: 'tool_result', tool_use_id: '1', content: [{ type: 'text', text: 'R' }] },
        { type: 'tool_result', tool_use_id: '2', content: 'Q' },
      ],
    });
    expect([messages, shouted.messages[0]]).toEqual([before, { role: 'user', content: 'U' }]);
  });
});

const answers: readonly [Endpoint, JsonObject, readonly string[] | undefined][] = [
  [
    'chat/completions',
    {
      choices: [
        { index: 0, message: { content: 'a' } },
        { index: 1, message: { content: [{ type: 'text', text: 'b' }] } },
      ],
    },
    ['a', 'b'],
  ],
  ['chat/completions', { choices: [{ index: 0, message: { content: null, tool_calls: [{}] } }] }, []],
  [
    'chat/completions',
    {
      choices: [
        {
          index: 0,
          message: {
            content: 'a',
            content_blocks: [
              { type: 'thinking', thinking: 't' },
              { type: 'text', text: 'a' },
            ],
          },
        },
      ],
    },
    ['a'],
  ],
  ['completions', { choices: [{ text: 'a' }, { text: 'b' }] }, ['a', 'b']],
  [
    'responses',
    {
      output: [
        { type: 'reasoning' },
        {
          type: 'message',
          content: [
            { type: 'output_text', text: 'a' },
            { type: 'refusal', refusal: 'r' },
          ],
        },
        { type: 'message', content: [{ type: 'output_text', text: 'b' }] },
      ],
    },
    ['a\nb'],
  ],
  [
    'messages',
    {
      content: [
        { type: 'thinking', thinking: 't' },
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    ['a\nb'],
  ],
  ['embeddings', { data: [{ embedding: [1] }] }, undefined],
];

it.each(answers)('the texts of a reply of %s %j are %j', (endpoint, reply, texts) => {
  const places = outputTexts(endpoint, reply);
  expect(places && textsOf(places)).toEqual(texts);
});

const streams: readonly [Endpoint, readonly JsonObject[], JsonObject][] = [
  [
    'chat/completions',
    [
      {
        id: '1',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [{ index: 0, delta: { role: 'assistant', content: '' } }],
      },
      {
        id: '1',
        choices: [{ index: 0, delta: { content: 'Hel', content_blocks: [{ index: 0, delta: { text: 'Hel' } }] } }],
      },
      {
        id: '1',
        choices: [
          { index: 1, delta: { content: 'Yo' } },
          { index: 0, delta: { content: 'lo', content_blocks: [{ index: 0, delta: { text: 'lo' } }] } },
        ],
      },
      {
        id: '1',
        choices: [
          { index: 0, delta: {}, finish_reason: 'stop' },
          { index: 1, delta: {}, finish_reason: 'stop' },
        ],
      },
    ],
    {
      choices: [
        { index: 0, message: { content: 'Hello' } },
        { index: 1, message: { content: 'Yo' } },
      ],
    },
  ],
  [
    'completions',
    [
      { id: '1', choices: [{ index: 0, text: 'Hel' }] },
      { id: '1', choices: [{ index: 0, text: 'lo', finish_reason: null }] },
      { id: '1', choices: [{ index: 0, text: '', finish_reason: 'stop' }] },
    ],
    { choices: [{ index: 0, text: 'Hello', finish_reason: 'stop' }] },
  ],
  [
    'messages',
    [
      { type: 'message_start', message: { id: '1', role: 'assistant', content: [], usage: { input_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 's' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Hel' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'lo' } },
      { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 't', name: 'f', input: {} } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"a"' } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: ':1}' } },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 2 } },
      { type: 'message_stop' },
    ],
    {
      id: '1',
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 's' },
        { type: 'text', text: 'Hello' },
        { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 1, output_tokens: 2 },
    },
  ],
  [
    'responses',
    [
      { type: 'response.created', response: { id: '1', output: [] } },
      { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Hel' },
      { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'lo' },
      { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'Hello' },
      {
        type: 'response.content_part.done',
        output_index: 0,
        content_index: 0,
        part: { type: 'output_text', text: 'Hello' },
      },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { content: [{ type: 'output_text', text: 'Hello' }] },
      },
      {
        type: 'response.completed',
        response: { id: '1', output: [{ content: [{ type: 'output_text', text: 'Hello' }] }] },
      },
    ],
    { id: '1', output: [{ content: [{ type: 'output_text', text: 'Hello' }] }] },
  ],
];

describe.each(streams)('a stream of %s', (endpoint, chunks, whole) => {
  it('makes a whole reply', () => {
    expect(wholeOfStream(endpoint, chunks)).toMatchObject(whole);
  });

  it('says another text in all places where it said the one before', () => {
    const places = outputTexts(endpoint, wholeOfStream(endpoint, chunks)) ?? [];
    const texts = new Map(places.map((place) => [keyOfPlace(endpoint, place), place.text.replace('Hello', 'Goodbye')]));
    const before = structuredClone(chunks);
    const changed = withStreamTexts(endpoint, chunks, texts);
    expect(JSON.stringify(wholeOfStream(endpoint, changed))).toBe(
      JSON.stringify(wholeOfStream(endpoint, chunks)).replaceAll('Hello', 'Goodbye'),
    );
    expect(JSON.stringify(changed)).not.toMatch(/Hel|"lo"/);
    expect([chunks, changed.length]).toEqual([before, chunks.length]);
  });
});

it('a stream of nothing known makes nothing', () => {
  expect([wholeOfStream('proxy', [{ a: 1 }]), withStreamTexts('proxy', [{ a: 1 }], new Map([['0', 'x']]))]).toEqual([
    {},
    [{ a: 1 }],
  ]);
});
