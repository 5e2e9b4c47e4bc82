import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { orderOf } from '../../src/config/plan/order.ts';
import { planRequest } from '../../src/config/plan/plan-request.ts';

function order(config: object, body: object = {}, metadata: Record<string, string> = {}): readonly string[] {
  const plan = planRequest(parseConfig(config), {
    request: { endpoint: 'chat/completions', body: { messages: [], ...body } },
    metadata,
    pathname: '/v1/chat/completions',
  });
  return orderOf(plan).map(({ turn, provider, model = '', when }) => `${turn} ${provider} ${model} ${when}`.trim());
}

const target = (provider: string, more: object = {}) => ({ provider, ...more });

describe('the order of tries', () => {
  it('of a fallback is that of its targets, each a turn', () => {
    const inner = { strategy: { mode: 'fallback' }, targets: [target('groq'), target('cohere')] };
    expect(
      order({ strategy: { mode: 'fallback', on_errors: ['timeout'] }, targets: [inner, target('openai')] }),
    ).toEqual([
      '1 groq  at once',
      '2 cohere  when the one before fails',
      '3 openai  when the one before fails by timeout',
    ]);
  });

  it('of a loadbalance is one turn, the likeliest first; weight 0 is left out', () => {
    const targets = [target('groq', { weight: 1 }), target('cohere', { weight: 3 }), target('openai', { weight: 0 })];
    expect(order({ strategy: { mode: 'loadbalance' }, targets })).toEqual([
      '1 cohere  75 % of requests (weight 3)',
      '1 groq  25 % of requests (weight 1)',
    ]);
  });

  it('leaves whom nobody names to the options of the client', () => {
    expect(order({}, { model: '@slug/gpt-4o' })).toEqual(['1 @slug gpt-4o at once']);
    expect(order({}, { model: 'gpt-4o' })).toEqual(['1 whom the options of the client name gpt-4o at once']);
  });

  it('knows which model a target is asked for', () => {
    const config = { strategy: { mode: 'single' }, override_params: { model: 'b' }, targets: [target('openai')] };
    expect(order(config, { model: 'a' })).toEqual(['1 openai b at once']);
    const defaults = { provider: 'openai', default_params: { model: 'c' } };
    expect([order(defaults), order(defaults, { model: 'a' })]).toEqual([
      ['1 openai c at once'],
      ['1 openai a at once'],
    ]);
  });
});

describe('model groups', () => {
  const config = {
    model_groups: {
      a: target('openai'),
      b: target('groq'),
      c: target('cohere'),
      'claude-*': target('anthropic', { override_params: { model: 'claude-3-*' } }),
    },
    aliases: { first: 'a' },
    fallbacks: { a: ['b', 'c'], b: ['claude-x'] },
    context_window_fallbacks: { a: ['c'], c: ['claude-big'] },
  };

  it('are asked in turn, those in the place of one before the rest of the others', () => {
    expect(order(config, { model: 'a' })).toEqual([
      '1 openai a at once',
      '2 groq b when "a" fails',
      '3 anthropic claude-3-x when "b" fails',
      '4 cohere c when "a" fails',
    ]);
  });

  it.each([
    [
      'first',
      [
        '1 openai a at once',
        '2 groq b when "a" fails',
        '3 anthropic claude-3-x when "b" fails',
        '4 cohere c when "a" fails',
      ],
    ],
    ['claude-opus', ['1 anthropic claude-3-opus at once']],
    ['c', ['1 cohere c at once', '2 anthropic claude-3-big when the prompt was too long for "c"']],
    ['nobody', []],
  ])('answer to model %s', (model, expected) => {
    expect(order(config, { model })).toEqual(expected);
  });
});
