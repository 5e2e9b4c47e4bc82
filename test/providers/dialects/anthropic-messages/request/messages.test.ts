import { describe, expect, it } from 'vitest';
import { TranslationError } from '../../../../../src/core/errors/reply-errors.ts';
import { encode, encodeConversation, thrownBy } from '../support.ts';

const text = (value: string) => ({ type: 'text', text: value });
const call = (id: string, name: string, json: string) => ({
  id,
  type: 'function',
  function: { name, arguments: json },
});

describe('instructions', () => {
  it('collects system and developer messages of any position in order', () => {
    expect(
      encodeConversation([
        { role: 'system', content: 'One.' },
        { role: 'user', content: 'Hi' },
        {
          role: 'developer',
          content: [text('Two.'), { ...text('Three.'), cache_control: { type: 'ephemeral', ttl: '1h' } }],
        },
        { role: 'user', content: 'there' },
      ]),
    ).toEqual({
      system: [text('One.'), text('Two.'), { ...text('Three.'), cache_control: { type: 'ephemeral', ttl: '1h' } }],
      messages: [{ role: 'user', content: [text('Hi'), text('there')] }],
      drops: [],
    });
  });

  it('sends no system when there are no instructions', () => {
    expect(encode({ messages: [{ role: 'user', content: 'Hi' }], max_tokens: 9 }).body).toEqual({
      model: 'claude-3-5-sonnet-20241022',
      max_tokens: 9,
      messages: [{ role: 'user', content: [text('Hi')] }],
    });
    expect(
      encodeConversation([
        { role: 'system', content: '  ' },
        { role: 'user', content: 'Hi' },
      ]).system,
    ).toBeUndefined();
  });

  it('puts Anthropic-shaped system of the body first', () => {
    const { body } = encode({
      system: [{ ...text('Zero.'), cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'system', content: 'One.' },
        { role: 'user', content: 'Hi' },
      ],
    });
    expect(body['system']).toEqual([{ ...text('Zero.'), cache_control: { type: 'ephemeral' } }, text('One.')]);
  });

  it('refuses instructions that are not text', () => {
    const error = thrownBy(() =>
      encodeConversation([
        { role: 'system', content: [text('a'), { type: 'image_url', image_url: { url: 'https://a.b/c.png' } }] },
        { role: 'user', content: 'Hi' },
      ]),
    );
    expect(error).toBeInstanceOf(TranslationError);
    expect(error).toMatchObject({ param: 'messages[0].content[1]', status: 400, kind: 'translation' });
  });
});

describe('turns', () => {
  it('merges consecutive messages of one role', () => {
    expect(
      encodeConversation([
        { role: 'user', content: 'a' },
        { role: 'user', content: [text('b')] },
        { role: 'assistant', content: 'c' },
        { role: 'assistant', content: 'd' },
        { role: 'user', content: 'e' },
      ]).messages,
    ).toEqual([
      { role: 'user', content: [text('a'), text('b')] },
      { role: 'assistant', content: [text('c'), text('d')] },
      { role: 'user', content: [text('e')] },
    ]);
  });

  it('lets a conversation begin with the assistant', () => {
    expect(
      encodeConversation([
        { role: 'assistant', content: 'Welcome' },
        { role: 'user', content: 'Hi' },
      ]).messages,
    ).toEqual([
      { role: 'assistant', content: [text('Welcome')] },
      { role: 'user', content: [text('Hi')] },
    ]);
  });

  it('never sends empty text, nor a message without content', () => {
    expect(
      encodeConversation([
        { role: 'user', content: 'a' },
        { role: 'assistant', content: '' },
        { role: 'user', content: [text(''), text(' \n'), text('b')] },
        { role: 'assistant', content: null },
      ]).messages,
    ).toEqual([{ role: 'user', content: [text('a'), text('b')] }]);
  });

  it('trims the end of a closing assistant message, of no other', () => {
    expect(
      encodeConversation([
        { role: 'user', content: 'a ' },
        { role: 'assistant', content: 'b ' },
        { role: 'user', content: 'c' },
        { role: 'assistant', content: ' The answer is (\n ' },
      ]).messages,
    ).toEqual([
      { role: 'user', content: [text('a ')] },
      { role: 'assistant', content: [text('b ')] },
      { role: 'user', content: [text('c')] },
      { role: 'assistant', content: [text(' The answer is (')] },
    ]);
  });

  it('reports names of participants', () => {
    expect(
      encodeConversation([
        { role: 'user', name: 'ann', content: 'a' },
        { role: 'assistant', content: null, tool_calls: [call('c1', 'f', '{}')] },
        { role: 'tool', name: 'f', tool_call_id: 'c1', content: 'ok' },
      ]),
    ).toEqual({
      system: undefined,
      messages: [
        { role: 'user', content: [text('a')] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'ok' }] },
      ],
      drops: ['messages[0].name'],
    });
  });

  it('puts a cache mark of a message on its last block', () => {
    const mark = { cache_control: { type: 'ephemeral' } };
    expect(
      encodeConversation([
        { role: 'system', content: 'S', ...mark },
        { role: 'user', content: [text('a'), text('b')], ...mark },
        { role: 'assistant', content: 'c', prompt_cache_breakpoint: { mode: 'explicit' } },
        { role: 'user', content: 'd' },
      ]),
    ).toEqual({
      system: [{ ...text('S'), ...mark }],
      messages: [
        { role: 'user', content: [text('a'), { ...text('b'), ...mark }] },
        { role: 'assistant', content: [{ ...text('c'), ...mark }] },
        { role: 'user', content: [text('d')] },
      ],
      drops: [],
    });
  });

  it.each([
    ['messages', undefined],
    ['messages', 'Hi'],
    ['messages', []],
    ['messages', [{ role: 'system', content: 'only' }]],
    ['messages', [{ role: 'user', content: '' }]],
    ['messages[0]', ['Hi']],
    ['messages[0].role', [{ role: 'narrator', content: 'x' }]],
    ['messages[0].content', [{ role: 'user', content: 7 }]],
    ['messages[0].content[0]', [{ role: 'user', content: ['x'] }]],
    [
      'messages[1].tool_call_id',
      [
        { role: 'user', content: 'a' },
        { role: 'tool', content: 'x' },
      ],
    ],
    [
      'messages[1]',
      [
        { role: 'user', content: 'a' },
        { role: 'function', name: 'f', content: 'x' },
      ],
    ],
  ])('names %s when it cannot be sent', (param, messages) => {
    const error = thrownBy(() => encode({ messages }));
    expect(error).toBeInstanceOf(TranslationError);
    expect(error).toMatchObject({ param });
  });
});

describe('tool calls and results', () => {
  it('merges the results of one turn and puts them before the rest of it', () => {
    expect(
      encodeConversation([
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: 'Looking.',
          tool_calls: [call('c1', 'get_weather', '{"city":"Paris"}'), call('c2', 'get_time', '')],
        },
        { role: 'user', content: 'Quick!' },
        { role: 'tool', tool_call_id: 'c1', content: '21 °C' },
        {
          role: 'tool',
          tool_call_id: 'c2',
          content: [text('noon')],
          is_error: true,
          cache_control: { type: 'ephemeral' },
        },
        { role: 'user', content: 'And?' },
      ]).messages,
    ).toEqual([
      { role: 'user', content: [text('Weather?')] },
      {
        role: 'assistant',
        content: [
          text('Looking.'),
          { type: 'tool_use', id: 'c1', name: 'get_weather', input: { city: 'Paris' } },
          { type: 'tool_use', id: 'c2', name: 'get_time', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: '21 °C' },
          {
            type: 'tool_result',
            tool_use_id: 'c2',
            content: [text('noon')],
            is_error: true,
            cache_control: { type: 'ephemeral' },
          },
          text('Quick!'),
          text('And?'),
        ],
      },
    ]);
  });

  it('sends images in results, and no empty content', () => {
    expect(
      encodeConversation([
        { role: 'user', content: 'Look' },
        { role: 'assistant', tool_calls: [call('a', 'f', '{}'), call('b', 'f', '{}')] },
        {
          role: 'tool',
          tool_call_id: 'a',
          content: [text(''), { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
        },
        { role: 'tool', tool_call_id: 'b', content: '' },
      ]).messages,
    ).toMatchObject([
      {},
      {},
      {
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'a',
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }],
          },
          { type: 'tool_result', tool_use_id: 'b' },
        ],
      },
    ]);
  });

  it('spells IDs of other providers in the characters Anthropic takes, alike in call and result', () => {
    expect(
      encodeConversation([
        { role: 'user', content: 'Go' },
        { role: 'assistant', tool_calls: [call('functions.f:0', 'f', '{}')] },
        { role: 'tool', tool_call_id: 'functions.f:0', content: 'ok' },
      ]).messages,
    ).toEqual([
      { role: 'user', content: [text('Go')] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'functions_2ef_3a0', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'functions_2ef_3a0', content: 'ok' }] },
    ]);
  });

  it('gives the legacy function_call and its result one ID', () => {
    expect(
      encodeConversation([
        { role: 'user', content: 'Go' },
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } },
        { role: 'function', name: 'f', content: 'ok' },
      ]).messages,
    ).toEqual([
      { role: 'user', content: [text('Go')] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'function_call_1', name: 'f', input: { a: 1 } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'function_call_1', content: 'ok' }] },
    ]);
  });

  it.each([
    ['{"city": ', 'messages[2].tool_calls[0].function.arguments'],
    ['[1]', 'messages[2].tool_calls[0].function.arguments'],
    ['"text"', 'messages[2].tool_calls[0].function.arguments'],
  ])('refuses the arguments %s by their path', (json, param) => {
    const error = thrownBy(() =>
      encodeConversation([
        { role: 'system', content: 'S' },
        { role: 'user', content: 'Go' },
        { role: 'assistant', tool_calls: [call('c', 'f', json)] },
      ]),
    );
    expect(error).toBeInstanceOf(TranslationError);
    expect(error).toMatchObject({ param, code: 'untranslatable' });
    expect((error as Error).message).toContain('must be a JSON object');
  });

  it.each([
    [{ id: 'c', type: 'custom', custom: { name: 'f', input: 'x' } }, 'messages[1].tool_calls[0]'],
    [{ type: 'function', function: { name: 'f', arguments: '{}' } }, 'messages[1].tool_calls[0].id'],
  ])('refuses the call %j', (toolCall, param) => {
    const messages = [
      { role: 'user', content: 'Go' },
      { role: 'assistant', tool_calls: [toolCall] },
    ];
    expect(thrownBy(() => encodeConversation(messages))).toMatchObject({ param });
  });

  it.each(['', ' ', 'null'])('reads the arguments %j as none', (json) => {
    expect(
      encodeConversation([
        { role: 'user', content: 'Go' },
        { role: 'assistant', tool_calls: [call('c', 'f', json)] },
      ]).messages,
    ).toMatchObject([{}, { content: [{ type: 'tool_use', input: {} }] }]);
  });
});
