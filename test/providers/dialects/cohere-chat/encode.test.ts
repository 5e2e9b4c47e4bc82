import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { CodecScope } from '../../../../src/core/provider.ts';
import { cohereChat } from '../../../../src/providers/dialects/cohere-chat/index.ts';
import { deepFreeze, scopeOf } from '../support/codec.ts';

const model = 'command-a-03-2025';
const hi = [{ role: 'user', content: 'hi' }];

function encode(body: JsonObject, options: Partial<CodecScope> = {}) {
  const frozen = deepFreeze(body);
  const scope = scopeOf({ model, ...options, body: frozen });
  const wire = cohereChat.codecs['chat/completions']?.encode(frozen, scope);
  return { wire, body: wire?.body as JsonObject, dropped: scope.dropped };
}

describe('a request', () => {
  it('goes to /v2/chat with model and messages', () => {
    expect(encode({ messages: hi }).wire).toEqual({ path: '/v2/chat', body: { model, messages: hi } });
    expect(encode({ messages: hi }, { stream: true }).body).toEqual({ model, messages: hi, stream: true });
  });

  it('needs a model', () => {
    expect(() => encode({ messages: hi }, { model: '' })).toThrow(
      expect.objectContaining({ kind: 'translation', param: 'model' }),
    );
  });

  it.each<[JsonObject, JsonObject]>([
    [
      { temperature: 0, seed: 7, frequency_penalty: 0.1, presence_penalty: 0.2 },
      { temperature: 0, seed: 7, frequency_penalty: 0.1, presence_penalty: 0.2 },
    ],
    [
      { top_p: 0.9, top_k: 40 },
      { p: 0.9, k: 40 },
    ],
    [
      { p: 0.9, k: 40 },
      { p: 0.9, k: 40 },
    ],
    [{ max_tokens: 10 }, { max_tokens: 10 }],
    [{ max_tokens: 10, max_completion_tokens: 20 }, { max_tokens: 20 }],
    [{ stop: 'END' }, { stop_sequences: ['END'] }],
    [{ stop: ['A', 'B'] }, { stop_sequences: ['A', 'B'] }],
    [{ logprobs: true }, { logprobs: true }],
    [{ response_format: { type: 'text' } }, {}],
    [{ response_format: { type: 'json_object' } }, { response_format: { type: 'json_object' } }],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } } },
      { response_format: { type: 'json_object', json_schema: { type: 'object' } } },
    ],
    [{ thinking: { type: 'enabled', budget_tokens: 99 } }, { thinking: { type: 'enabled', token_budget: 99 } }],
    [{ thinking: { type: 'disabled' } }, { thinking: { type: 'disabled' } }],
    [{ reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }],
    [{ reasoning_effort: 'high' }, { thinking: { type: 'enabled' } }],
    [
      { safety_mode: 'STRICT', citation_options: { mode: 'FAST' }, documents: ['a'], priority: 1 },
      { safety_mode: 'STRICT', citation_options: { mode: 'FAST' }, documents: ['a'], priority: 1 },
    ],
    [{ n: 1, parallel_tool_calls: true, user: null, temperature: null, stop: null, tools: null, logprobs: false }, {}],
  ])('gives %j as %j', (fields, expected) => {
    const { body, dropped } = encode({ messages: hi, ...fields });
    expect(body).toEqual({ model, messages: hi, ...expected });
    expect(dropped).toEqual([]);
  });

  it('reports what Cohere has no counterpart for', () => {
    const fields = { n: 2, user: 'u', logit_bias: {}, top_logprobs: 2, parallel_tool_calls: false };
    const { body, dropped } = encode({ messages: hi, ...fields });
    expect(body).toEqual({ model, messages: hi });
    expect(dropped).toEqual(['n', 'user', 'logit_bias', 'top_logprobs', 'parallel_tool_calls']);
  });

  it.each([
    [{ reasoning_effort: 'low' }, { type: 'enabled' }],
    [
      { reasoning_effort: 'high', thinking: { type: 'enabled', token_budget: 5 } },
      { type: 'enabled', token_budget: 5 },
    ],
  ])('reports the effort of %j', (fields, thinking) => {
    const { body, dropped } = encode({ messages: hi, ...fields });
    expect(body).toEqual({ model, messages: hi, thinking });
    expect(dropped).toEqual(['reasoning_effort']);
  });

  it.each([
    [{ response_format: { type: 'yaml' } }, 'response_format.type'],
    [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema.schema'],
  ])('with %j is refused', (fields, param) => {
    expect(() => encode({ messages: hi, ...fields })).toThrow(expect.objectContaining({ kind: 'translation', param }));
  });
});

describe('messages', () => {
  const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
  const image = { type: 'image_url', image_url: { url: 'https://x.test/a.png', detail: 'low' } };

  it.each<[JsonObject, JsonObject]>([
    [
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: 'Be brief.' },
    ],
    [
      { role: 'developer', content: [{ type: 'text', text: 'Be brief.', cache_control: {} }] },
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
    ],
    [
      { role: 'user', content: [{ type: 'text', text: 'See' }, image] },
      { role: 'user', content: [{ type: 'text', text: 'See' }, image] },
    ],
    [
      { role: 'user', content: [{ type: 'image_url', image_url: 'data:image/png;base64,AA==' }] },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }] },
    ],
    [
      { role: 'assistant', content: 'Hello', reasoning_content: 'greet' },
      { role: 'assistant', content: 'Hello' },
    ],
    [
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Hel' },
          { type: 'text', text: 'lo' },
        ],
      },
      { role: 'assistant', content: 'Hello' },
    ],
    [
      { role: 'assistant', content: null, refusal: 'No.' },
      { role: 'assistant', content: 'No.' },
    ],
    [
      { role: 'assistant', content: null, reasoning_content: 'I will call f.', tool_calls: [call] },
      { role: 'assistant', tool_plan: 'I will call f.', tool_calls: [call] },
    ],
    [
      { role: 'assistant', content: 'Let me see.', reasoning_content: 'hm', tool_calls: [call] },
      { role: 'assistant', tool_plan: 'hm\nLet me see.', tool_calls: [call] },
    ],
    [
      { role: 'assistant', tool_calls: [{ ...call, index: 0, function: { name: 'f', arguments: '' } }] },
      { role: 'assistant', tool_calls: [{ ...call, function: { name: 'f', arguments: '{}' } }] },
    ],
    [
      { role: 'tool', tool_call_id: 'c1', name: 'f', content: '{"b":2}' },
      { role: 'tool', tool_call_id: 'c1', content: '{"b":2}' },
    ],
    [
      { role: 'tool', tool_call_id: 'c1', content: [{ type: 'document', document: { data: { b: 2 } } }] },
      { role: 'tool', tool_call_id: 'c1', content: [{ type: 'document', document: { data: { b: 2 } } }] },
    ],
  ])('%j', (message, expected) => {
    expect(encode({ messages: [message] }).body).toEqual({ model, messages: [expected] });
  });

  it('report names of participants', () => {
    expect(encode({ messages: [{ role: 'user', name: 'Ann', content: 'hi' }] }).dropped).toEqual(['messages[].name']);
  });

  it.each([
    [[], 'messages'],
    [[{ role: 'function', name: 'f', content: '' }], 'messages[0].role'],
    [[{ role: 'user', content: 3 }], 'messages[0].content'],
    [[{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }], 'messages[0].content[0].type'],
    [[{ role: 'system', content: [image] }], 'messages[0].content[0].type'],
    [[{ role: 'tool', content: 'x' }], 'messages[0].tool_call_id'],
    [[{ role: 'assistant', function_call: { name: 'f', arguments: '' } }], 'messages[0].function_call'],
    [[{ role: 'assistant', tool_calls: [{ id: 'c', type: 'custom' }] }], 'messages[0].tool_calls[0].function.name'],
  ])('%j are refused', (messages, param) => {
    expect(() => encode({ messages })).toThrow(expect.objectContaining({ kind: 'translation', param }));
  });
});

describe('tools', () => {
  const toolOf = (name: string, more: JsonObject = {}) => ({
    type: 'function',
    function: { name, parameters: { type: 'object', properties: {} }, ...more },
  });
  const [f, g] = [toolOf('f', { description: 'does f' }), toolOf('g')];
  const tools = [f, g];
  const named = { type: 'function', function: { name: 'g' } };

  it.each<[JsonObject, JsonObject, readonly string[]]>([
    [{ tools }, { tools }, []],
    [{ tools: [{ type: 'function', function: { name: 'g' } }] }, { tools: [g] }, []],
    [{ tools: [f, toolOf('g', { strict: true })] }, { tools, strict_tools: true }, []],
    [{ tools, strict_tools: false }, { tools, strict_tools: false }, []],
    [{ tools, tool_choice: 'auto' }, { tools }, []],
    [{ tools, tool_choice: 'required' }, { tools, tool_choice: 'REQUIRED' }, []],
    [{ tools, tool_choice: 'none' }, { tools, tool_choice: 'NONE' }, []],
    [{ tools, tool_choice: named }, { tools: [g], tool_choice: 'REQUIRED' }, ['tool_choice']],
    [
      { tools, tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [named] } } },
      { tools: [g] },
      ['tool_choice'],
    ],
    [
      { tools, tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [named] } } },
      { tools: [g], tool_choice: 'REQUIRED' },
      ['tool_choice'],
    ],
  ])('%j', (fields, expected, reported) => {
    const { body, dropped } = encode({ messages: hi, ...fields });
    expect(body).toEqual({ model, messages: hi, ...expected });
    expect(dropped).toEqual(reported);
  });

  it.each([
    [{ tools: [{ type: 'custom' }] }, 'tools[0].type'],
    [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    [{ tools, tool_choice: { type: 'function', function: { name: 'h' } } }, 'tool_choice'],
    [{ tools, tool_choice: 'sometimes' }, 'tool_choice'],
    [{ functions: [] }, 'functions'],
  ])('%j are refused', (fields, param) => {
    expect(() => encode({ messages: hi, ...fields })).toThrow(expect.objectContaining({ kind: 'translation', param }));
  });
});
