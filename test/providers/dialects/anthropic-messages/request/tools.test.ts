import { describe, expect, it } from 'vitest';
import { TranslationError } from '../../../../../src/core/errors/reply-errors.ts';
import { classicModel, encodeParams, thrownBy } from '../support.ts';

const schema = {
  type: 'object',
  properties: { city: { $ref: '#/$defs/city' }, unit: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
  required: ['city'],
  additionalProperties: false,
  $defs: { city: { type: 'string', minLength: 1 } },
};
const fn = (name: string, rest: object = {}) => ({ type: 'function', function: { name, ...rest } });
const tool = (name: string) => ({ name, input_schema: { type: 'object', properties: {} } });
const search = { type: 'web_search_20250305', name: 'web_search', max_uses: 3 };

describe('tools', () => {
  it.each([
    [
      'a function with its whole schema',
      fn('get_weather', { description: 'Weather', parameters: schema }),
      { name: 'get_weather', description: 'Weather', input_schema: schema },
    ],
    ['a function without parameters', fn('now'), tool('now')],
    [
      'a schema without a type',
      fn('f', { parameters: { properties: { a: {} } } }),
      { name: 'f', input_schema: { type: 'object', properties: { a: {} } } },
    ],
    ['a server tool', search, search],
    ['a tool in Anthropic’s shape', { name: 'f', input_schema: schema }, { name: 'f', input_schema: schema }],
    [
      'Anthropic’s own members, beside the function or in it',
      {
        ...fn('f', { input_examples: [{ a: 1 }] }),
        cache_control: { type: 'ephemeral', ttl: '1h' },
        defer_loading: true,
        allowed_callers: ['direct'],
      },
      {
        ...tool('f'),
        input_examples: [{ a: 1 }],
        cache_control: { type: 'ephemeral', ttl: '1h' },
        defer_loading: true,
        allowed_callers: ['direct'],
      },
    ],
    ['null members', fn('f', { description: null, strict: null, parameters: null }), tool('f')],
  ])('sends %s', (_, given, sent) => {
    expect(encodeParams({ tools: [given] })).toEqual({ params: { tools: [sent] }, drops: [] });
  });

  it('holds a model to a strict schema where it can be, telling what it cannot enforce', () => {
    const strict = fn('f', { strict: true, parameters: schema });
    expect(encodeParams({ tools: [strict] }, 'claude-sonnet-4-5')).toEqual({
      params: {
        tools: [
          {
            name: 'f',
            strict: true,
            input_schema: { ...schema, $defs: { city: { type: 'string', description: '(minLength: 1)' } } },
          },
        ],
      },
      drops: [],
    });
    expect(encodeParams({ tools: [strict] }, classicModel)).toEqual({
      params: { tools: [{ name: 'f', input_schema: schema }] },
      drops: ['tools[0].function.strict'],
    });
    expect(encodeParams({ tools: [fn('f', { strict: false, parameters: schema })] }, 'claude-sonnet-4-5')).toEqual({
      params: { tools: [{ name: 'f', strict: false, input_schema: schema }] },
      drops: [],
    });
  });

  it('sends legacy functions, one call at a time', () => {
    expect(encodeParams({ functions: [{ name: 'f', parameters: schema }] }).params).toEqual({
      tools: [{ name: 'f', input_schema: schema }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
  });

  it('searches the web as web_search_options ask', () => {
    const location = { type: 'approximate', approximate: { city: 'Bern', country: 'CH' } };
    expect(encodeParams({ web_search_options: { user_location: location, search_context_size: 'high' } })).toEqual({
      params: {
        tools: [
          {
            type: 'web_search_20250305',
            name: 'web_search',
            user_location: { type: 'approximate', city: 'Bern', country: 'CH' },
          },
        ],
      },
      drops: ['web_search_options.search_context_size'],
    });
    expect(encodeParams({ web_search_options: {} })).toEqual({
      params: { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
      drops: [],
    });
  });

  it.each([
    [{ tools: [{ type: 'custom', custom: { name: 'f' } }] }, 'tools[0]'],
    [{ tools: [search, { type: 'function', name: 'f', parameters: {} }] }, 'tools[1].function'],
    [{ tools: [fn('f', { parameters: 'x' })] }, 'tools[0].function.parameters'],
    [{ tools: [fn('json_answer__')] }, 'tools[0].function.name'],
    [{ tools: ['f'] }, 'tools[0]'],
    [{ tools: { f: 1 } }, 'tools'],
    [{ functions: [{}] }, 'functions[0]'],
  ])('refuses %j', (params, param) => {
    const error = thrownBy(() => encodeParams(params));
    expect(error).toBeInstanceOf(TranslationError);
    expect(error).toMatchObject({ param });
  });
});

describe('tool_choice', () => {
  const tools = [fn('a'), fn('b')];
  const sent = [tool('a'), tool('b')];
  const serial = { disable_parallel_tool_use: true };
  it.each([
    [{}, undefined],
    [{ tool_choice: null }, undefined],
    [{ tool_choice: 'auto' }, { type: 'auto' }],
    [{ tool_choice: 'none' }, { type: 'none' }],
    [{ tool_choice: 'required' }, { type: 'any' }],
    [{ tool_choice: fn('b') }, { type: 'tool', name: 'b' }],
    [{ parallel_tool_calls: true }, undefined],
    [{ parallel_tool_calls: false }, { type: 'auto', ...serial }],
    [
      { parallel_tool_calls: false, tool_choice: 'required' },
      { type: 'any', ...serial },
    ],
    [
      { parallel_tool_calls: false, tool_choice: fn('a') },
      { type: 'tool', name: 'a', ...serial },
    ],
    [{ parallel_tool_calls: false, tool_choice: 'none' }, { type: 'none' }],
    [{ function_call: 'none' }, { type: 'none' }],
    [{ function_call: { name: 'a' } }, { type: 'tool', name: 'a' }],
    [{ tool_choice: { type: 'any', ...serial } }, { type: 'any', ...serial }],
    [{ tool_choice: { type: 'tool', name: 'a' } }, { type: 'tool', name: 'a' }],
  ])('sends %j as %j', (params, choice) => {
    expect(encodeParams({ tools, ...params })).toEqual({
      params: { tools: sent, ...(choice === undefined ? {} : { tool_choice: choice }) },
      drops: [],
    });
  });

  it.each([
    ['auto', { type: 'auto' }],
    ['required', { type: 'any' }],
  ])('sends only the allowed tools, mode %s', (mode, choice) => {
    const tool_choice = { type: 'allowed_tools', allowed_tools: { mode, tools: [fn('b')] } };
    expect(encodeParams({ tools, tool_choice }).params).toEqual({ tools: [tool('b')], tool_choice: choice });
  });

  it.each(['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-fable-5-1'])(
    'leaves the choice to %s, reported',
    (model) => {
      expect(encodeParams({ tools, tool_choice: 'required' }, model)).toEqual({
        params: { tools: sent, tool_choice: { type: 'auto' } },
        drops: ['tool_choice'],
      });
      expect(encodeParams({ tools, tool_choice: { type: 'tool', name: 'a' } }, model).params).toEqual({
        tools: sent,
        tool_choice: { type: 'auto' },
      });
    },
  );

  it('leaves the choice to a model that thinks by budget, not to one that adapts', () => {
    const thinking = { type: 'enabled', budget_tokens: 2000 };
    expect(encodeParams({ tools, tool_choice: fn('a'), thinking }, 'claude-sonnet-4-5')).toEqual({
      params: { tools: sent, tool_choice: { type: 'auto' }, thinking },
      drops: ['tool_choice'],
    });
    expect(encodeParams({ tools, tool_choice: fn('a'), thinking: { type: 'adaptive' } }, 'claude-opus-4-8')).toEqual({
      params: { tools: sent, tool_choice: { type: 'tool', name: 'a' }, thinking: { type: 'adaptive' } },
      drops: [],
    });
  });

  it('sends no choice without tools', () => {
    expect(encodeParams({ tool_choice: 'none', parallel_tool_calls: false })).toEqual({ params: {}, drops: [] });
    expect(encodeParams({ tools: [], tool_choice: 'required' })).toEqual({ params: {}, drops: ['tool_choice'] });
  });

  it.each(['sometimes', 'constructor', { type: 'custom', custom: { name: 'x' } }, { type: 'function' }, 7])(
    'refuses %j',
    (choice) => {
      expect(thrownBy(() => encodeParams({ tools, tool_choice: choice }))).toMatchObject({
        param: 'tool_choice',
        kind: 'translation',
      });
    },
  );
});
