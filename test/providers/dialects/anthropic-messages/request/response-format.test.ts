import { describe, expect, it } from 'vitest';
import { classicModel, encode, encodeParams, thrownBy } from '../support.ts';

const schema = {
  type: 'object',
  properties: { age: { type: 'integer', minimum: 0, description: 'Years' } },
  required: ['age'],
  additionalProperties: false,
};
const jsonSchema = (wanted: object = schema) => ({
  type: 'json_schema',
  json_schema: { name: 'person', strict: true, schema: wanted },
});
const answerTool = (input_schema: object, about = '') => ({
  name: 'json_answer__',
  description: `Give your final answer by calling this tool. Its input is the JSON object that was asked for.${about}`,
  input_schema,
});
const forced = { type: 'tool', name: 'json_answer__', disable_parallel_tool_use: true };
const fn = { type: 'function', function: { name: 'f' } };
const fnTool = { name: 'f', input_schema: { type: 'object', properties: {} } };

describe('response_format', () => {
  it('is nothing for text', () => {
    expect(encodeParams({ response_format: { type: 'text' } })).toEqual({ params: {}, drops: [] });
    expect(encodeParams({ response_format: null })).toEqual({ params: {}, drops: [] });
  });

  it('is Anthropic’s own where the model has it', () => {
    expect(encodeParams({ response_format: jsonSchema(), tools: [fn] }, 'claude-sonnet-4-5')).toEqual({
      params: {
        output_config: {
          format: {
            type: 'json_schema',
            schema: { ...schema, properties: { age: { type: 'integer', description: 'Years (minimum: 0)' } } },
          },
        },
        tools: [fnTool],
      },
      drops: [],
    });
  });

  it('goes with an effort', () => {
    const plain = { type: 'object', properties: {}, additionalProperties: false };
    const params = { response_format: jsonSchema(plain), reasoning_effort: 'low' };
    expect(encodeParams(params, 'claude-opus-5').params).toEqual({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'low', format: { type: 'json_schema', schema: plain } },
    });
  });

  it('is a forced tool where the model has not', () => {
    expect(encodeParams({ response_format: jsonSchema() }, classicModel)).toEqual({
      params: { tools: [answerTool(schema, ' person')], tool_choice: forced },
      drops: [],
    });
  });

  it('is a tool among others when the model may call these too', () => {
    const tool = answerTool(schema, ' person');
    expect(encodeParams({ response_format: jsonSchema(), tools: [fn] }).params).toEqual({
      tools: [fnTool, tool],
      tool_choice: { type: 'any' },
    });
    expect(encodeParams({ response_format: jsonSchema(), tools: [fn], parallel_tool_calls: false }).params).toEqual({
      tools: [fnTool, tool],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
    expect(encodeParams({ response_format: jsonSchema(), tools: [fn], tool_choice: 'none' }).params).toEqual({
      tools: [fnTool, tool],
      tool_choice: forced,
    });
    expect(encodeParams({ response_format: jsonSchema(), tools: [fn], tool_choice: 'required' }).params).toEqual({
      tools: [fnTool],
      tool_choice: { type: 'any' },
    });
  });

  it('is a forced tool for json_object, which has no schema to enforce', () => {
    const params = {
      tools: [answerTool({ type: 'object', additionalProperties: true })],
      tool_choice: forced,
    };
    expect(encodeParams({ response_format: { type: 'json_object' } }, classicModel)).toEqual({ params, drops: [] });
    expect(encodeParams({ response_format: { type: 'json_object' } }, 'claude-haiku-5-5').params).toEqual(params);
    expect(encodeParams({ response_format: { type: 'json_schema', json_schema: { name: 'x' } } }).params).toMatchObject(
      {
        tools: [{ input_schema: { type: 'object', additionalProperties: true } }],
      },
    );
  });

  it('is asked for, and reported, where it cannot be enforced', () => {
    const asked = 'Answer with one JSON object and nothing else: no explanation, no code fence.';
    const body = {
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'Hi' },
      ],
    };
    const ask = (params: object, model: string) => {
      const { body: sent, drops } = encode({ ...body, ...params }, { model });
      return { system: sent['system'], tools: sent['tools'], drops };
    };
    expect(ask({ response_format: { type: 'json_object' } }, 'claude-opus-5-5')).toEqual({
      system: [
        { type: 'text', text: 'S' },
        { type: 'text', text: asked },
      ],
      tools: undefined,
      drops: ['response_format'],
    });
    const thinking = { type: 'enabled', budget_tokens: 2000 };
    expect(ask({ response_format: jsonSchema(), thinking }, 'claude-3-7-sonnet-latest')).toEqual({
      system: [
        { type: 'text', text: 'S' },
        { type: 'text', text: `${asked} It must match this JSON Schema: ${JSON.stringify(schema)}` },
      ],
      tools: undefined,
      drops: ['response_format'],
    });
  });

  const node = { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/$defs/node' } } } };
  it.each([
    ['recursive', { $ref: '#/$defs/node', $defs: { node } }],
    ['recursive from the root', { type: 'object', properties: { next: { $ref: '#' } } }],
    ['open', { type: 'object', properties: { map: { type: 'object', additionalProperties: { type: 'string' } } } }],
    ['free', { type: 'object', properties: { any: { type: 'object' } } }],
  ])('is a forced tool for a schema that is %s', (_, wanted) => {
    expect(encodeParams({ response_format: jsonSchema(wanted) }, 'claude-sonnet-4-5').params).toEqual({
      tools: [answerTool({ type: 'object', ...wanted }, ' person')],
      tool_choice: forced,
    });
  });

  it('stands beside the allowed tools only', () => {
    const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } });
    const allowed = { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] };
    const tools = [tool('f'), tool('g')];
    const { params } = encodeParams(
      { response_format: jsonSchema(), tools, tool_choice: { type: 'allowed_tools', allowed_tools: allowed } },
      'claude-3-5-haiku-latest',
    );
    expect(params).toMatchObject({ tools: [{ name: 'f' }, { name: 'json_answer__' }], tool_choice: { type: 'any' } });
  });

  it('yields to output_config.format', () => {
    const params = { output_config: { format: { type: 'json_schema', schema: {} } } };
    expect(encodeParams({ ...params, response_format: jsonSchema() }, 'claude-opus-5')).toEqual({
      params,
      drops: ['response_format'],
    });
  });

  it.each([{ type: 'xml' }, 'json', {}])('refuses %j', (response_format) => {
    expect(thrownBy(() => encodeParams({ response_format }))).toMatchObject({ param: 'response_format' });
  });
});
