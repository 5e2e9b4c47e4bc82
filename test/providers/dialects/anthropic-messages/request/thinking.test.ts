import { describe, expect, it } from 'vitest';
import { encode, encodeParams } from '../support.ts';

const budget = (tokens: number) => ({ thinking: { type: 'enabled', budget_tokens: tokens } });
const adaptive = (effort: string) => ({ thinking: { type: 'adaptive' }, output_config: { effort } });
const dropped = ['reasoning_effort'];

describe('reasoning_effort', () => {
  it.each([
    ['claude-sonnet-4-5', 'minimal', budget(1024), []],
    ['claude-sonnet-4-5', 'low', budget(2048), []],
    ['claude-sonnet-4-5', 'medium', budget(8192), []],
    ['claude-opus-4-5', 'high', budget(16_384), []],
    ['claude-3-7-sonnet-20250219', 'xhigh', budget(32_000), []],
    ['claude-sonnet-4-5', 'max', budget(32_000), []],
    ['claude-sonnet-4-5', 'none', {}, []],
    ['claude-sonnet-4-5', 'odd', {}, dropped],
    ['claude-opus-4-6', 'low', adaptive('low'), []],
    ['claude-opus-4-6', 'minimal', adaptive('low'), []],
    ['claude-opus-4-6', 'max', adaptive('max'), []],
    ['claude-opus-4-6', 'xhigh', adaptive('high'), dropped],
    ['claude-opus-4-6', 'none', {}, []],
    ['claude-opus-4-7', 'xhigh', adaptive('xhigh'), []],
    ['claude-opus-4-7', 'odd', { thinking: { type: 'adaptive' } }, dropped],
    ['claude-opus-5', 'medium', adaptive('medium'), []],
    ['claude-opus-5', 'none', { thinking: { type: 'disabled' } }, []],
    ['claude-haiku-5-5', 'none', { thinking: { type: 'disabled' } }, []],
    ['claude-sonnet-5-5', 'none', { thinking: { type: 'between_tools' } }, []],
    ['claude-opus-5-5', 'none', { output_config: { effort: 'low' } }, dropped],
    ['claude-fable-5-1', 'none', { output_config: { effort: 'low' } }, dropped],
    ['claude-3-5-haiku-20241022', 'high', {}, dropped],
    ['claude-3-5-haiku-20241022', 'none', {}, []],
    ['claude-opus-4-8', null, {}, []],
  ])('of %s: %s', (model, effort, params, drops) => {
    expect(encodeParams({ reasoning_effort: effort, max_tokens: 64_000 }, model)).toEqual({ params, drops });
  });

  it.each([
    [1024, undefined, dropped],
    [1100, 1024, []],
    [10_000, 8000, []],
    [64_000, 16_384, []],
  ])('fits the budget below max_tokens %i', (maxTokens, tokens, drops) => {
    expect(encodeParams({ reasoning_effort: 'high', max_tokens: maxTokens }, 'claude-sonnet-4-5')).toEqual({
      params: tokens === undefined ? {} : budget(tokens),
      drops,
    });
  });

  it('goes without a budget while calls made without signed thinking are answered', () => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
    const messages = (assistant: object) => [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', tool_calls: [call], ...assistant },
      { role: 'tool', tool_call_id: 'c', content: 'ok' },
    ];
    const signed = { type: 'thinking', thinking: 'a', signature: 's' };
    const ask = (assistant: object, model: string) => {
      const { body, drops } = encode({ messages: messages(assistant), reasoning_effort: 'low' }, { model });
      return { thinking: body['thinking'], drops };
    };
    expect(ask({}, 'claude-sonnet-4-5')).toEqual({ thinking: undefined, drops: dropped });
    expect(ask({ reasoning_content: 'a' }, 'claude-sonnet-4-5').drops).toEqual(dropped);
    expect(ask({ content_blocks: [signed] }, 'claude-sonnet-4-5')).toEqual({ ...budget(2048), drops: [] });
    expect(ask({ content_blocks: [{ index: 0, delta: signed }] }, 'claude-sonnet-4-5').drops).toEqual([]);
    expect(ask({ thinking_blocks: [{ type: 'redacted_thinking', data: 'x' }] }, 'claude-sonnet-4-5').drops).toEqual([]);
    expect(ask({}, 'claude-opus-4-8')).toEqual({ thinking: { type: 'adaptive' }, drops: [] });
  });
});

describe('thinking', () => {
  it('passes as it is', () => {
    const thinking = { type: 'adaptive', display: 'summarized' };
    expect(encodeParams({ thinking }, 'claude-opus-5-5')).toEqual({ params: { thinking }, drops: [] });
    expect(encodeParams({ ...budget(1024) }, 'some-model')).toEqual({ params: budget(1024), drops: [] });
  });

  it('goes with an effort where the model has one, else wins over it', () => {
    const thinking = { type: 'adaptive' };
    expect(encodeParams({ thinking, reasoning_effort: 'low' }, 'claude-opus-5')).toEqual({
      params: adaptive('low'),
      drops: [],
    });
    expect(encodeParams({ ...budget(2000), reasoning_effort: 'low' }, 'claude-sonnet-4-5')).toEqual({
      params: budget(2000),
      drops: dropped,
    });
    expect(encodeParams({ thinking, reasoning_effort: 'none' }, 'claude-opus-5')).toEqual({
      params: { thinking },
      drops: dropped,
    });
  });

  it('leaves an effort of Anthropic’s own alone', () => {
    const params = { output_config: { effort: 'max' } };
    expect(encodeParams({ ...params, reasoning_effort: 'low' }, 'claude-opus-5')).toEqual({ params, drops: dropped });
  });
});

describe('max_tokens', () => {
  const maxTokens = (params: object, model: string) =>
    encode({ messages: [{ role: 'user', content: 'Hi' }], ...params }, { model }).body['max_tokens'];

  it.each([
    [{ max_tokens: 7 }, 7],
    [{ max_tokens: 7, max_completion_tokens: 9 }, 9],
    [{ max_tokens: 7, max_completion_tokens: null }, 7],
    [{ max_tokens: 0 }, 0],
    [{ max_tokens: null }, 64_000],
    [{}, 64_000],
  ])('of %j is %i', (params, expected) => {
    expect(maxTokens(params, 'claude-sonnet-4-5')).toBe(expected);
  });

  it('is the most the model can say when absent, and above any budget', () => {
    expect(maxTokens({}, 'claude-3-opus-20240229')).toBe(4096);
    expect(maxTokens({}, 'claude-opus-5-5')).toBe(128_000);
    expect(maxTokens({}, 'other')).toBe(4096);
    expect(maxTokens(budget(10_000), 'other')).toBe(14_096);
    expect(maxTokens(budget(4096), 'other')).toBe(8192);
  });
});
