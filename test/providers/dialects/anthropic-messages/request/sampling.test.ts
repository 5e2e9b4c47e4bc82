import { describe, expect, it } from 'vitest';
import { classicModel, encodeParams } from '../support.ts';

const thinking = { type: 'enabled', budget_tokens: 2000 };

describe('sampling parameters', () => {
  it.each([
    [classicModel, { temperature: 0.3, top_p: 0.5, top_k: 7 }, { temperature: 0.3, top_p: 0.5, top_k: 7 }, []],
    [classicModel, { temperature: 0 }, { temperature: 0 }, []],
    [classicModel, { temperature: 1.7 }, { temperature: 1 }, ['temperature']],
    [classicModel, { temperature: null, top_p: null }, {}, []],
    ['claude-sonnet-4-5', { temperature: 0.3, top_p: 0.5 }, { temperature: 0.3 }, ['top_p']],
    ['claude-sonnet-4-5', { temperature: 0.3, top_p: 1 }, { temperature: 0.3 }, []],
    ['claude-sonnet-4-5', { top_p: 0.5, top_k: 3 }, { top_p: 0.5, top_k: 3 }, []],
    ['claude-sonnet-4-20250514', { temperature: 0.3, top_p: 0.5 }, { temperature: 0.3, top_p: 0.5 }, []],
    ['claude-opus-4-7', { temperature: 0.3, top_p: 0.5, top_k: 3 }, {}, ['temperature', 'top_p', 'top_k']],
    ['claude-haiku-5-5', { temperature: 1, top_p: 1 }, {}, []],
    ['claude-haiku-5-5', { temperature: 2 }, {}, ['temperature']],
  ])('%s: %j', (model, params, sent, drops) => {
    expect(encodeParams(params, model)).toEqual({ params: sent, drops });
  });

  it.each([
    [{ temperature: 0.3, top_p: 0.5, top_k: 3 }, {}, ['temperature', 'top_p', 'top_k']],
    [{ temperature: 1 }, {}, []],
    [{ top_p: 0.97 }, { top_p: 0.97 }, []],
    [{ temperature: 0.2, top_p: 0.95 }, { top_p: 0.95 }, ['temperature']],
  ])('while thinking: %j', (params, sent, drops) => {
    expect(encodeParams({ thinking, ...params }, 'claude-sonnet-4-5')).toEqual({
      params: { thinking, ...sent },
      drops,
    });
    expect(encodeParams({ thinking: { type: 'adaptive' }, ...params }, 'claude-opus-4-6').drops).toEqual(drops);
  });

  it('is free again when thinking is disabled', () => {
    const params = { thinking: { type: 'disabled' }, temperature: 0.2 };
    expect(encodeParams(params, 'claude-opus-4-6')).toEqual({ params, drops: [] });
  });
});
