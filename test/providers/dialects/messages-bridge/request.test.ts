import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { bridgeMessages } from '../../../../src/providers/dialects/messages-bridge/index.ts';
import { plainChat, scopeOf, translate } from './support.ts';

const mark = { cache_control: { type: 'ephemeral' } };
const text = (value: string) => ({ type: 'text', text: value });
const messagesOf = (body: JsonObject, keepsExtras = false) => {
  const { body: chat, drops } = translate(body, { keepsExtras });
  return { messages: chat['messages'], drops };
};
const userContent = (content: unknown, keepsExtras = false) => {
  const { messages, drops } = messagesOf({ messages: [{ role: 'user', content }] }, keepsExtras);
  return { content: (messages as { content: unknown }[])[0]?.content, drops };
};

describe('a bridged request', () => {
  it('is a chat request', () => {
    expect(
      translate(
        {
          model: 'gpt-9',
          max_tokens: 50,
          system: 'Be brief.',
          messages: [{ role: 'user', content: 'Hi' }],
          stop_sequences: ['END'],
          temperature: 0.2,
          top_p: 0.9,
          metadata: { user_id: 'u1' },
          service_tier: 'standard_only',
          stream: true,
        },
        {},
        { stream: true },
      ),
    ).toEqual({
      body: {
        model: 'gpt-9',
        max_completion_tokens: 50,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
        stop: ['END'],
        temperature: 0.2,
        top_p: 0.9,
        user: 'u1',
        service_tier: 'default',
        stream: true,
        stream_options: { include_usage: true },
      },
      drops: [],
    });
  });

  it('reports what only Anthropic has, each once', () => {
    expect(
      translate({
        messages: [
          { role: 'user', content: [{ ...text('a'), ...mark }] },
          { role: 'user', content: [{ ...text('b'), ...mark }] },
        ],
        top_k: 3,
        container: 'c',
        mcp_servers: [],
        betas: ['b'],
        speed: null,
        stop_sequences: [],
        ...mark,
      }),
    ).toEqual({
      body: {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'user', content: 'b' },
        ],
      },
      drops: ['top_k', 'container', 'mcp_servers', 'betas', 'cache_control'],
    });
  });

  it('keeps Anthropic’s members for a codec that understands them', () => {
    const thinking = { type: 'enabled', budget_tokens: 2000 };
    expect(
      translate(
        {
          system: [{ ...text('S'), ...mark }],
          messages: [
            { role: 'user', content: [{ ...text('a'), ...mark }] },
            {
              role: 'assistant',
              content: [
                { type: 'thinking', thinking: 'x', signature: 's' },
                { type: 'thinking', thinking: 'y', signature: '' },
                { type: 'redacted_thinking', data: 'r' },
                { type: 'tool_use', id: 't', name: 'f', input: {}, extra_content: { google: 1 } },
              ],
            },
          ],
          tools: [{ name: 'f', input_schema: { type: 'object' }, ...mark }],
          thinking,
          top_k: 3,
          output_config: { effort: 'low' },
          ...mark,
        },
        { keepsExtras: true },
      ),
    ).toEqual({
      body: {
        messages: [
          { role: 'system', content: [{ ...text('S'), ...mark }] },
          { role: 'user', content: [{ ...text('a'), ...mark }] },
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              { id: 't', type: 'function', function: { name: 'f', arguments: '{}' }, extra_content: { google: 1 } },
            ],
            thinking_blocks: [
              { type: 'thinking', thinking: 'x', signature: 's' },
              { type: 'redacted_thinking', data: 'r' },
            ],
          },
        ],
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } }, ...mark }],
        thinking,
        top_k: 3,
        reasoning_effort: 'low',
        ...mark,
      },
      drops: [],
    });
  });

  it.each([
    [{ output_config: { effort: 'max' }, thinking: { type: 'adaptive' } }, 'max', []],
    [{ thinking: { type: 'adaptive' } }, undefined, []],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, 'low', []],
    [{ thinking: { type: 'enabled', budget_tokens: 10_000 } }, 'medium', []],
    [{ thinking: { type: 'enabled', budget_tokens: 16_384 } }, 'high', []],
    [{ thinking: { type: 'disabled' } }, undefined, ['thinking']],
  ])('turns %j into the effort %s', (params, effort, drops) => {
    const { body, drops: dropped } = translate({ messages: [], ...params });
    expect([body['reasoning_effort'], dropped]).toEqual([effort, drops]);
  });

  it('asks for JSON as OpenAI does', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    const { body } = translate({ messages: [], output_config: { format: { type: 'json_schema', schema } } });
    expect(body['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'response', schema, strict: true },
    });
  });

  it('tells the codec below that it serves chat, and asks for all it knows', () => {
    const seen: unknown[] = [];
    const body = { messages: [{ role: 'user', content: 'Hi' }] };
    const note = (scope: { request: unknown; strict: boolean; model: string }) =>
      seen.push({ request: scope.request, strict: scope.strict, model: scope.model });
    const bridge = bridgeMessages({
      encode(chatBody, scope) {
        note(scope);
        return { path: '/', body: chatBody };
      },
      decode(reply, scope) {
        note(scope);
        return reply as JsonObject;
      },
    });
    bridge.encode(body, scopeOf({}, body));
    bridge.decode({ choices: [{ message: {} }] }, scopeOf({}, body));
    const expected = { request: { endpoint: 'chat/completions', body }, strict: false, model: 'gpt-9' };
    expect(seen).toEqual([expected, expected]);
    expect(bridge.decodeStream).toBeUndefined();
    expect(bridgeMessages(plainChat).decodeStream).toBeTypeOf('function');
  });
});

describe('bridged messages', () => {
  it('put tool results first, and what in them is no text after them', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
    expect(
      messagesOf({
        messages: [
          { role: 'user', content: [text('Go')] },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'x', signature: 's' },
              text('Well, '),
              text('let us see.'),
              { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
              { type: 'tool_use', id: 't2', name: 'g', input: {} },
            ],
          },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 't1', content: [text('one'), text('two'), image] },
              { type: 'tool_result', tool_use_id: 't2', content: 'No such city', is_error: true },
              text('Go on'),
            ],
          },
          { role: 'assistant', content: [{ type: 'thinking', thinking: 'y', signature: 's' }] },
          { role: 'assistant', content: 'Done' },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't3' }] },
        ],
      }),
    ).toEqual({
      messages: [
        { role: 'user', content: 'Go' },
        {
          role: 'assistant',
          content: 'Well, let us see.',
          tool_calls: [
            { id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
            { id: 't2', type: 'function', function: { name: 'g', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 't1', content: 'one\ntwo' },
        { role: 'tool', tool_call_id: 't2', content: 'Error: No such city' },
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }, text('Go on')],
        },
        { role: 'assistant', content: 'Done' },
        { role: 'tool', tool_call_id: 't3', content: '' },
      ],
      drops: [],
    });
  });

  it('join instructions, wherever they stand', () => {
    expect(
      messagesOf({
        system: [text('One.'), text(''), text('Two.')],
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'system', content: [text('Three.')] },
        ],
      }).messages,
    ).toEqual([
      { role: 'system', content: 'One.\n\nTwo.' },
      { role: 'user', content: 'Hi' },
      { role: 'system', content: 'Three.' },
    ]);
  });

  it.each([
    [
      'an image by URL',
      { type: 'image', source: { type: 'url', url: 'https://a.b/c.png' } },
      [{ type: 'image_url', image_url: { url: 'https://a.b/c.png' } }],
    ],
    [
      'an image by ID',
      { type: 'image', source: { type: 'file', file_id: 'f' } },
      [{ type: 'file', file: { file_id: 'f' } }],
    ],
    [
      'a PDF',
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' }, title: 'a.pdf' },
      [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } }],
    ],
    [
      'a PDF without a title',
      { type: 'document', source: { type: 'base64', data: 'JVBE' } },
      [{ type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,JVBE' } }],
    ],
    [
      'a PDF by URL',
      { type: 'document', source: { type: 'url', url: 'https://a.b/c.pdf' } },
      [{ type: 'file', file: { file_url: 'https://a.b/c.pdf' } }],
    ],
    [
      'a document by ID',
      { type: 'document', source: { type: 'file', file_id: 'f' } },
      [{ type: 'file', file: { file_id: 'f' } }],
    ],
    ['a text document', { type: 'document', source: { type: 'text', data: 'Body' }, title: 'Head' }, 'Head\n\nBody'],
    [
      'a document of blocks',
      { type: 'document', source: { type: 'content', content: [text('a'), text('b')] } },
      [text('a'), text('b')],
    ],
    [
      'a search result',
      { type: 'search_result', title: 'T', source: 'https://s', content: [text('a'), text('b')] },
      'T (https://s)\n\na\nb',
    ],
  ])('send %s', (_, block, content) => {
    expect(userContent([block])).toEqual({ content, drops: [] });
  });

  it('keep the mark of a block on its last part', () => {
    const block = { type: 'document', source: { type: 'content', content: [text('a'), text('b')] }, ...mark };
    expect(userContent([block], true).content).toEqual([text('a'), { ...text('b'), ...mark }]);
  });

  it('report blocks that only Anthropic knows, by their path', () => {
    const { messages, drops } = messagesOf({
      messages: [
        { role: 'user', content: [text('a'), { type: 'container_upload', file_id: 'f' }] },
        {
          role: 'assistant',
          content: [text('b'), { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }],
        },
      ],
    });
    expect(messages).toEqual([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ]);
    expect(drops).toEqual(['messages[0].content[1]', 'messages[1].content[1]']);
  });
});

describe('bridged tools', () => {
  const tool = { name: 'f', description: 'd', input_schema: { type: 'object' }, strict: true, type: 'custom' };
  const fn = {
    type: 'function',
    function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
  };
  it.each([
    [undefined, {}],
    [{ type: 'auto' }, { tool_choice: 'auto' }],
    [{ type: 'any' }, { tool_choice: 'required' }],
    [{ type: 'none' }, { tool_choice: 'none' }],
    [{ type: 'tool', name: 'f' }, { tool_choice: { type: 'function', function: { name: 'f' } } }],
    [
      { type: 'auto', disable_parallel_tool_use: true },
      { tool_choice: 'auto', parallel_tool_calls: false },
    ],
  ])('with the choice %j', (tool_choice, sent) => {
    const body = { messages: [], tools: [tool], ...(tool_choice === undefined ? {} : { tool_choice }) };
    expect(translate(body)).toEqual({ body: { messages: [], tools: [fn], ...sent }, drops: [] });
  });

  it('leave out those only Anthropic knows', () => {
    const tools = [
      { type: 'web_search_20250305', name: 'web_search' },
      { ...tool, defer_loading: true },
    ];
    expect(translate({ messages: [], tools, tool_choice: { type: 'auto' } })).toEqual({
      body: { messages: [], tools: [fn], tool_choice: 'auto' },
      drops: ['tools[0]', 'tools[1].defer_loading'],
    });
    expect(translate({ messages: [], tools: tools.slice(0, 1), tool_choice: { type: 'any' } }).body).toEqual({
      messages: [],
    });
  });
});
