import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { bridgeResponses } from '../../../../src/providers/dialects/responses-bridge/index.ts';
import { bridge, deepFreeze, plainChat, scopeOf } from './support.ts';

function encode(body: JsonObject) {
  const frozen = deepFreeze(body);
  const scope = scopeOf(frozen, { stream: frozen.stream === true });
  const wire = bridge.encode(frozen, scope);
  return { sent: wire.body as JsonObject, dropped: scope.dropped };
}
const hi = [{ role: 'user', content: 'hi' }];
type Row = readonly [name: string, body: JsonObject, sent: JsonObject, dropped?: readonly string[]];

function rows(table: readonly Row[]) {
  for (const [name, body, sent, dropped = []] of table) {
    it(name, () => expect(encode(body)).toEqual({ sent, dropped }));
  }
}

describe('parameters', () => {
  const weather = { type: 'object', properties: { city: { type: 'string' } } };
  rows([
    ['a text is a user message', { model: 'm', input: 'hi' }, { model: 'm', messages: hi }],
    [
      'instructions come first',
      { instructions: 'Be brief.', input: 'hi' },
      { messages: [{ role: 'system', content: 'Be brief.' }, ...hi] },
    ],
    [
      'what both know, and what neither knows, stays',
      {
        input: 'hi',
        model: 'm',
        temperature: 0.5,
        top_p: 0.9,
        parallel_tool_calls: false,
        metadata: { a: 'b' },
        user: 'u',
        service_tier: 'flex',
        top_k: 5,
      },
      {
        messages: hi,
        model: 'm',
        temperature: 0.5,
        top_p: 0.9,
        parallel_tool_calls: false,
        metadata: { a: 'b' },
        user: 'u',
        service_tier: 'flex',
        top_k: 5,
      },
    ],
    ['limits', { input: 'hi', max_output_tokens: 9 }, { messages: hi, max_completion_tokens: 9 }],
    [
      'reasoning',
      { input: 'hi', reasoning: { effort: 'low', summary: 'auto' } },
      { messages: hi, reasoning_effort: 'low' },
    ],
    [
      'a stream asks for usage',
      { input: 'hi', stream: true, stream_options: { include_obfuscation: false } },
      { messages: hi, stream: true, stream_options: { include_usage: true } },
    ],
    [
      'a schema',
      {
        input: 'hi',
        text: { format: { type: 'json_schema', name: 'place', schema: weather, strict: true }, verbosity: 'low' },
      },
      {
        messages: hi,
        response_format: { type: 'json_schema', json_schema: { name: 'place', schema: weather, strict: true } },
        verbosity: 'low',
      },
    ],
    [
      'any JSON',
      { input: 'hi', text: { format: { type: 'json_object' } } },
      { messages: hi, response_format: { type: 'json_object' } },
    ],
    ['plain text', { input: 'hi', text: { format: { type: 'text' } } }, { messages: hi }],
    [
      'log probabilities',
      { input: 'hi', include: ['message.output_text.logprobs'], top_logprobs: 2 },
      { messages: hi, logprobs: true, top_logprobs: 2 },
    ],
    [
      'function tools',
      {
        input: 'hi',
        tools: [
          {
            type: 'function',
            name: 'f',
            description: 'd',
            parameters: weather,
            strict: true,
            cache_control: { type: 'ephemeral' },
          },
        ],
      },
      {
        messages: hi,
        tools: [
          {
            type: 'function',
            function: { name: 'f', description: 'd', parameters: weather, strict: true },
            cache_control: { type: 'ephemeral' },
          },
        ],
      },
    ],
    [
      'web search, as chat knows it',
      {
        input: 'hi',
        tools: [
          { type: 'web_search', search_context_size: 'low', user_location: { type: 'approximate', city: 'Oslo' } },
        ],
      },
      {
        messages: hi,
        web_search_options: {
          search_context_size: 'low',
          user_location: { type: 'approximate', approximate: { city: 'Oslo' } },
        },
      },
    ],
    [
      'other tools',
      { input: 'hi', tools: [{ type: 'file_search' }, { type: 'mcp' }] },
      { messages: hi },
      ['tools[0]', 'tools[1]'],
    ],
    ['a choice in words', { input: 'hi', tool_choice: 'required' }, { messages: hi, tool_choice: 'required' }],
    [
      'the choice of a function',
      { input: 'hi', tool_choice: { type: 'function', name: 'f' } },
      { messages: hi, tool_choice: { type: 'function', function: { name: 'f' } } },
    ],
    [
      'a choice among some',
      {
        input: 'hi',
        tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }, { type: 'mcp' }] },
      },
      {
        messages: hi,
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
        },
      },
    ],
    [
      "the choice of OpenAI's own tool",
      { input: 'hi', tool_choice: { type: 'file_search' } },
      { messages: hi },
      ['tool_choice'],
    ],
    [
      'what is reported',
      {
        input: 'hi',
        store: true,
        truncation: 'auto',
        max_tool_calls: 3,
        include: ['file_search_call.results', 'reasoning.encrypted_content'],
      },
      { messages: hi },
      ['store', 'truncation', 'max_tool_calls', 'include[0]'],
    ],
    [
      'what says the default',
      { input: 'hi', store: false, truncation: 'disabled', background: false, previous_response_id: null },
      { messages: hi },
    ],
  ]);
});

describe('items', () => {
  const call = (id: string) => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
  const toolCall = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
  const thinking = [{ type: 'thinking', thinking: 'Hm.', signature: 'sig' }];
  rows([
    [
      'messages of every role',
      {
        input: [
          { role: 'developer', content: 'Be brief.' },
          {
            type: 'message',
            role: 'user',
            content: [{ type: 'input_text', text: 'hi', cache_control: { type: 'ephemeral' } }],
          },
          {
            type: 'message',
            id: 'msg_1',
            status: 'completed',
            role: 'assistant',
            content: [
              { type: 'output_text', text: 'Hello', annotations: [], logprobs: [] },
              { type: 'refusal', refusal: 'No.' },
            ],
          },
        ],
      },
      {
        messages: [
          { role: 'developer', content: 'Be brief.' },
          { role: 'user', content: [{ type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }] },
          {
            role: 'assistant',
            content: [
              { type: 'text', text: 'Hello' },
              { type: 'refusal', refusal: 'No.' },
            ],
          },
        ],
      },
    ],
    [
      'images, files and sound',
      {
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'low' },
              { type: 'input_file', file_data: 'data:application/pdf;base64,AA==', filename: 'a.pdf' },
              { type: 'input_file', file_url: 's3://b/a.pdf' },
              { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
            ],
          },
        ],
      },
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
              { type: 'file', file: { file_data: 'data:application/pdf;base64,AA==', filename: 'a.pdf' } },
              { type: 'file', file: { file_url: 's3://b/a.pdf' } },
              { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
            ],
          },
        ],
      },
    ],
    [
      'calls join the message they came with, results are messages of their own',
      {
        input: [
          ...hi,
          { role: 'assistant', content: 'Let me look.' },
          call('c1'),
          call('c2'),
          { type: 'function_call_output', call_id: 'c1', output: 'one' },
          { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'two' }] },
          call('c3'),
          { type: 'function_call_output', call_id: 'c3', output: 'three' },
        ],
      },
      {
        messages: [
          ...hi,
          { role: 'assistant', content: 'Let me look.', tool_calls: [toolCall('c1'), toolCall('c2')] },
          { role: 'tool', tool_call_id: 'c1', content: 'one' },
          { role: 'tool', tool_call_id: 'c2', content: [{ type: 'text', text: 'two' }] },
          { role: 'assistant', content: null, tool_calls: [toolCall('c3')] },
          { role: 'tool', tool_call_id: 'c3', content: 'three' },
        ],
      },
    ],
    [
      'reasoning goes to the message it led to, signed thinking with it',
      {
        input: [
          ...hi,
          {
            type: 'reasoning',
            id: 'rs_1',
            summary: [{ type: 'summary_text', text: 'Hm.' }],
            encrypted_content: JSON.stringify(thinking),
          },
          call('c1'),
          { type: 'function_call_output', call_id: 'c1', output: 'one' },
          { type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: "another provider's" },
          { role: 'assistant', content: 'Done.' },
        ],
      },
      {
        messages: [
          ...hi,
          {
            role: 'assistant',
            content: null,
            tool_calls: [toolCall('c1')],
            reasoning_content: 'Hm.',
            thinking_blocks: thinking,
          },
          { role: 'tool', tool_call_id: 'c1', content: 'one' },
          { role: 'assistant', content: 'Done.' },
        ],
      },
    ],
    ["OpenAI's own items", { input: [...hi, { type: 'web_search_call', id: 'ws_1' }] }, { messages: hi }, ['input[1]']],
  ]);
});

it('leaves reasoning out for codecs that do not know it, and lets a host change the chat body', () => {
  const scope = scopeOf();
  const input = [
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
    { role: 'assistant', content: 'Hi' },
  ];
  const adapt = (body: JsonObject) => ({ ...body, adapted: true });
  expect(bridgeResponses(plainChat, { adapt }).encode({ input }, scope).body).toEqual({
    messages: [{ role: 'assistant', content: 'Hi' }],
    adapted: true,
  });
});

it('refuses calls on a kept response', () => {
  const scope = scopeOf({}, { request: { endpoint: 'responses', body: {}, path: '/responses/resp_1', method: 'GET' } });
  expect(() => bridge.encode({}, scope)).toThrow(
    expect.objectContaining({
      param: 'path',
      message: '400 /responses/resp_1 asks for a kept response, and this target keeps none.',
    }),
  );
});

describe('what cannot be said is refused with its place', () => {
  it.each<[body: JsonObject, param: string, message: string]>([
    [
      { previous_response_id: 'resp_1', input: 'hi' },
      'previous_response_id',
      'asks for what OpenAI keeps, and this target keeps nothing. Send the whole conversation in input.',
    ],
    [
      { conversation: 'conv_1' },
      'conversation',
      'asks for what OpenAI keeps, and this target keeps nothing. Send the whole conversation in input.',
    ],
    [
      { prompt: { id: 'p' } },
      'prompt',
      'asks for what OpenAI keeps, and this target keeps nothing. Send the whole conversation in input.',
    ],
    [
      { background: true, input: 'hi' },
      'background',
      'asks for a reply to fetch later, and this target keeps nothing. Leave it out.',
    ],
    [{ input: 7 }, 'input', 'must be a text or a list of items.'],
    [{ input: ['hi'] }, 'input[0]', 'must be an item.'],
    [
      { input: [{ type: 'item_reference', id: 'x' }] },
      'input[0]',
      'refers to what OpenAI keeps, and this target keeps nothing. Send the item itself.',
    ],
    [
      { input: [{ type: 'function_call', name: 'f', arguments: '{}' }] },
      'input[0].call_id',
      'must be the ID the call was made with.',
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }] },
      'input[0].content[0].file_id',
      'cannot be sent: this target keeps no files. Send image_url with an address or a data: URL.',
    ],
    [{ input: 'hi', tools: {} }, 'tools', 'must be a list.'],
  ])('%j', (body, param, message) => {
    expect(() => encode(body)).toThrow(
      expect.objectContaining({ name: 'TranslationError', param, message: `400 ${param} ${message}` }),
    );
  });
});
