import { expect, it } from 'vitest';
import { bearsContent } from '../../src/core/content.ts';

const block = (delta: object) => ({ content_blocks: [{ index: 0, delta }] });

it.each<[string, object, boolean]>([
  ['a role', { role: 'assistant' }, false],
  ['a role with empty content', { role: 'assistant', content: '' }, false],
  ['nothing', {}, false],
  ['an empty list of tool calls', { tool_calls: [] }, false],
  ['a text block that begins', block({ type: 'text', text: '' }), false],
  ['a thinking block that begins', block({ type: 'thinking', thinking: '', signature: '' }), false],
  ['text', { content: ' ' }, true],
  ['a tool call', { tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '' } }] }, true],
  ['reasoning', { reasoning_content: 'Hm' }, true],
  ['a refusal', { refusal: 'No' }, true],
  ['a block with text', block({ type: 'text', text: 'a' }), true],
  ['a block of a tool', block({ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }), true],
])('a chat chunk with %s bears content: %j', (_, delta, expected) => {
  expect(bearsContent('chat/completions', { choices: [{ index: 0, delta, finish_reason: null }] })).toBe(expected);
});

it.each<[string, object, boolean]>([
  ['a finish reason', { index: 0, delta: {}, finish_reason: 'stop' }, true],
  ['text of a completion', { index: 0, text: 'a' }, true],
  ['no choice at all', {}, false],
])('a chunk with %s bears content: %j', (_, choice, expected) => {
  expect(bearsContent('completions', { choices: [choice] })).toBe(expected);
});

it('takes a chunk without choices, such as the content filter’s first, for none', () => {
  expect(bearsContent('chat/completions', { choices: [], prompt_filter_results: [{}] })).toBe(false);
});
