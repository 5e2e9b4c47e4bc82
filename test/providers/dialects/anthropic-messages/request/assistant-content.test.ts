import { describe, expect, it } from 'vitest';
import { encodeConversation } from '../support.ts';

const text = (value: string) => ({ type: 'text', text: value });
const thinking = (value: string, signature = 'sig') => ({ type: 'thinking', thinking: value, signature });
const redacted = { type: 'redacted_thinking', data: 'cipher' };
const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } });
const use = (id: string) => ({ type: 'tool_use', id, name: 'f', input: { a: 1 } });

const blocksOf = (message: object) => {
  const { messages } = encodeConversation([
    { role: 'user', content: 'Hi' },
    { role: 'assistant', ...message },
    { role: 'user', content: 'Bye' },
  ]);
  return (messages as { role: string; content: unknown }[]).find(({ role }) => role === 'assistant')?.content;
};

describe('an assistant message', () => {
  it.each([
    ['text', { content: 'Hello' }, [text('Hello')]],
    ['text parts', { content: [text('a'), { type: 'refusal', refusal: 'No.' }] }, [text('a'), text('No.')]],
    ['a refusal', { content: null, refusal: 'No.' }, [text('No.')]],
    ['calls', { content: 'Hm', tool_calls: [call('c')] }, [text('Hm'), use('c')]],
    [
      'a call with a cache mark',
      {
        tool_calls: [{ ...call('c'), cache_control: { type: 'ephemeral' } }],
      },
      [{ ...use('c'), cache_control: { type: 'ephemeral' } }],
    ],
    ['nothing', { content: null }, undefined],
  ])('sends %s', (_, message, blocks) => {
    expect(blocksOf(message)).toEqual(blocks);
  });
});

describe('thinking going back', () => {
  it.each([
    [
      'thinking_blocks before text and calls',
      { content: 'Hm', thinking_blocks: [thinking('a'), redacted], tool_calls: [call('c')] },
      [thinking('a'), redacted, text('Hm'), use('c')],
    ],
    [
      'reasoning_content with a signature',
      { content: 'Hm', reasoning_content: 'a', signature: 'sig' },
      [thinking('a'), text('Hm')],
    ],
    [
      'signed thinking whose text was withheld',
      { content: 'Hm', thinking_blocks: [thinking('')] },
      [thinking(''), text('Hm')],
    ],
    ['no reasoning_content without a signature', { content: 'Hm', reasoning_content: 'a' }, [text('Hm')]],
    [
      'no unsigned blocks',
      { content: 'Hm', thinking_blocks: [{ type: 'thinking', thinking: 'a' }, thinking('b', '')] },
      [text('Hm')],
    ],
    [
      'no unsigned parts of the content',
      { content: [{ type: 'thinking', thinking: 'a' }, thinking('b'), text('Hm')] },
      [thinking('b'), text('Hm')],
    ],
  ])('sends %s', (_, message, blocks) => {
    expect(blocksOf(message)).toEqual(blocks);
  });

  it('restores the order of content_blocks, calls at their places', () => {
    expect(
      blocksOf({
        content: 'OneTwo',
        reasoning_content: 'ab',
        tool_calls: [call('c'), call('d')],
        content_blocks: [
          thinking('a'),
          text('One'),
          { type: 'tool_use', id: 'c', name: 'f', caller: { type: 'direct' } },
          thinking('b'),
          { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
          text('Two'),
          { type: 'tool_use', id: 'd', name: 'f' },
        ],
      }),
    ).toEqual([
      thinking('a'),
      text('One'),
      { ...use('c'), caller: { type: 'direct' } },
      thinking('b'),
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
      text('Two'),
      use('d'),
    ]);
  });

  it('lets edited content and calls win over content_blocks', () => {
    expect(
      blocksOf({
        content: 'New',
        tool_calls: [call('e')],
        content_blocks: [thinking('a'), text('Old'), { type: 'tool_use', id: 'gone', name: 'f' }],
      }),
    ).toEqual([thinking('a'), text('New'), use('e')]);
    expect(blocksOf({ content: 'New', content_blocks: [thinking('a')] })).toEqual([thinking('a'), text('New')]);
    expect(blocksOf({ content: '', content_blocks: [thinking('a'), text('Old')] })).toEqual([thinking('a')]);
  });

  it('reads content_blocks that a generic accumulator made of streamed deltas', () => {
    expect(
      blocksOf({
        content: 'Hm',
        tool_calls: [call('c')],
        content_blocks: [
          { index: 0, delta: { type: 'thinking', thinking: 'a', signature: 'sig' } },
          { index: 1, delta: { type: 'server_tool_use', id: 's', name: 'w', input: {}, partial_json: '{"q":1}' } },
          { index: 2, delta: { type: 'text', text: 'Hm', citations: null, citation: { type: 'x' } } },
          { index: 3, delta: { type: 'tool_use', id: 'c', name: 'f' } },
        ],
      }),
    ).toEqual([
      thinking('a'),
      { type: 'server_tool_use', id: 's', name: 'w', input: { q: 1 } },
      { type: 'text', text: 'Hm', citations: null },
      use('c'),
    ]);
  });

  it('never ends with a cache mark on thinking', () => {
    expect(blocksOf({ thinking_blocks: [thinking('a')], cache_control: { type: 'ephemeral' } })).toEqual([
      thinking('a'),
    ]);
  });
});
