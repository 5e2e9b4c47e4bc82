import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { CodecScope } from '../../../../src/core/provider.ts';
import { encode, models } from './support.ts';

const messages = [{ role: 'user', content: 'hi' }];
const sentMessages = [{ role: 'user', content: [{ text: 'hi' }] }];

/** What is sent beside the messages, and what is reported. */
function params(body: JsonObject, model: string = models.claude, options: Partial<CodecScope> = {}) {
  const encoded = encode({ messages, ...body }, { model, ...options });
  const { messages: sent, ...rest } = encoded.body;
  expect(sent).toEqual(sentMessages);
  return { sent: rest, dropped: encoded.dropped };
}

type Row = readonly [name: string, model: string, body: JsonObject, sent: JsonObject, dropped?: readonly string[]];

function rows(table: readonly Row[]) {
  for (const [name, model, body, sent, dropped = []] of table) {
    it(`${name} (${model})`, () => expect(params(body, model)).toEqual({ sent, dropped }));
  }
}

describe('limits and sampling', () => {
  rows([
    ['nothing', models.claude, {}, {}],
    [
      'all of them',
      models.claude3,
      { max_tokens: 10, temperature: 0.5, top_p: 0.9, top_k: 40, stop: ['a', 'b'] },
      {
        inferenceConfig: { maxTokens: 10, temperature: 0.5, topP: 0.9, stopSequences: ['a', 'b'] },
        additionalModelRequestFields: { top_k: 40 },
      },
    ],
    [
      'max_completion_tokens before max_tokens',
      models.nova,
      { max_tokens: 10, max_completion_tokens: 20 },
      { inferenceConfig: { maxTokens: 20 } },
    ],
    ['a stop given as text', models.nova, { stop: 'END' }, { inferenceConfig: { stopSequences: ['END'] } }],
    ['no stop at all', models.nova, { stop: null, temperature: null, max_tokens: null }, {}],
    [
      'a temperature above 1',
      models.nova,
      { temperature: 1.7 },
      { inferenceConfig: { temperature: 1 } },
      ['temperature'],
    ],
    ["Nova's top_k", models.nova, { top_k: 20 }, { additionalModelRequestFields: { inferenceConfig: { topK: 20 } } }],
    ["Cohere's top_k", 'cohere.command-r-v1:0', { top_k: 20 }, { additionalModelRequestFields: { k: 20 } }],
    ['top_k where there is none', models.llama, { top_k: 20 }, {}, ['top_k']],
    [
      'one of temperature and top_p',
      models.claude,
      { temperature: 0.5, top_p: 0.9 },
      { inferenceConfig: { temperature: 0.5 } },
      ['top_p'],
    ],
    [
      'no sampling on the newest Claude',
      models.claude5,
      { temperature: 0.5, max_tokens: 9 },
      { inferenceConfig: { maxTokens: 9 } },
      ['temperature'],
    ],
  ]);
});

describe('reasoning', () => {
  rows([
    [
      'a budget for Claude, sampling goes',
      models.claude37,
      { reasoning_effort: 'low', temperature: 0.2, top_k: 5, max_tokens: 4000 },
      {
        inferenceConfig: { maxTokens: 4000 },
        additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2048 } },
      },
      ['temperature', 'top_k'],
    ],
    [
      'a budget below the limit',
      models.claude,
      { reasoning_effort: 'high', max_completion_tokens: 5000 },
      {
        inferenceConfig: { maxTokens: 5000 },
        additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 4000 } },
      },
    ],
    [
      'no room for the least budget',
      models.claude,
      { reasoning_effort: 'low', max_tokens: 500 },
      { inferenceConfig: { maxTokens: 500 } },
      ['reasoning_effort'],
    ],
    [
      'effort for newer Claude',
      models.claude46,
      { reasoning_effort: 'medium' },
      { outputConfig: { effort: 'medium' }, additionalModelRequestFields: { thinking: { type: 'adaptive' } } },
    ],
    [
      'thinking as it is',
      models.claude37,
      { thinking: { type: 'enabled', budget_tokens: 3000 }, anthropic_beta: 'interleaved-thinking-2025-05-14' },
      {
        additionalModelRequestFields: {
          thinking: { type: 'enabled', budget_tokens: 3000 },
          anthropic_beta: ['interleaved-thinking-2025-05-14'],
        },
      },
    ],
    ['Claude that does not think', models.claude3, { reasoning_effort: 'low' }, {}, ['reasoning_effort']],
    [
      'Nova 2',
      models.nova2,
      { reasoning_effort: 'medium', max_tokens: 9 },
      {
        inferenceConfig: { maxTokens: 9 },
        additionalModelRequestFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'medium' } },
      },
    ],
    [
      'Nova 2 at high effort takes no limit and no sampling',
      models.nova2,
      { reasoning_effort: 'high', max_tokens: 9, temperature: 0.5, top_p: 0.5, top_k: 2, stop: 'x' },
      {
        inferenceConfig: { stopSequences: ['x'] },
        additionalModelRequestFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } },
      },
      ['temperature', 'top_p', 'top_k', 'max_tokens'],
    ],
    [
      'Nova 2 without',
      models.nova2,
      { reasoning_effort: 'none' },
      { additionalModelRequestFields: { reasoningConfig: { type: 'disabled' } } },
    ],
    ['the first Nova has no such control', models.nova, { reasoning_effort: 'low' }, {}, ['reasoning_effort']],
    ['none where there is none', models.nova, { reasoning_effort: 'none' }, {}],
    [
      'gpt-oss',
      models.gptOss,
      { reasoning_effort: 'minimal' },
      { additionalModelRequestFields: { reasoning_effort: 'low' } },
    ],
    [
      'gpt-oss cannot stop',
      models.gptOss,
      { reasoning_effort: 'none' },
      { additionalModelRequestFields: { reasoning_effort: 'low' } },
      ['reasoning_effort'],
    ],
    [
      'gpt-oss knows no more than high',
      models.gptOss,
      { reasoning_effort: 'xhigh' },
      { additionalModelRequestFields: { reasoning_effort: 'high' } },
      ['reasoning_effort'],
    ],
    [
      'GPT',
      models.gpt,
      { reasoning_effort: 'xhigh' },
      { additionalModelRequestFields: { reasoning: { effort: 'xhigh' } } },
    ],
    ['DeepSeek always reasons', 'us.deepseek.r1-v1:0', { reasoning_effort: 'high' }, {}, ['reasoning_effort']],
    [
      'thinking for a model that is not Claude',
      models.nova,
      { thinking: { type: 'enabled', budget_tokens: 2000 } },
      {},
      ['thinking'],
    ],
    ['an unknown model', models.profile, { reasoning_effort: 'low' }, {}, ['reasoning_effort']],
    [
      'thinking for an unknown model',
      models.profile,
      { thinking: { type: 'enabled', budget_tokens: 2000 } },
      { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2000 } } },
    ],
  ]);

  it('is known behind an inference profile when aws_bedrock_model names the model', () => {
    expect(params({ reasoning_effort: 'low' }, models.profile, { settings: { bedrockModel: models.claude } })).toEqual({
      sent: { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2048 } } },
      dropped: [],
    });
  });
});

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather = { type: 'function', function: { name: 'weather', description: 'Looks it up.', parameters: schema } };
const weatherSpec = { toolSpec: { name: 'weather', description: 'Looks it up.', inputSchema: { json: schema } } };
const time = { type: 'function', function: { name: 'time' } };
const timeSpec = { toolSpec: { name: 'time', inputSchema: { json: { type: 'object', properties: {} } } } };

describe('tools', () => {
  const whole = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { at: { anyOf: [{ $ref: '#/$defs/place' }, { type: 'null' }] }, n: { type: 'integer', minimum: 1 } },
    additionalProperties: { type: 'string' },
    $defs: { place: { type: 'string', format: 'x' } },
  };
  rows([
    ['a function', models.claude, { tools: [weather] }, { toolConfig: { tools: [weatherSpec] } }],
    ['no parameters', models.claude, { tools: [time] }, { toolConfig: { tools: [timeSpec] } }],
    [
      'the whole schema',
      models.claude,
      { tools: [{ type: 'function', function: { name: 'f', description: ' ', parameters: whole } }] },
      { toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: whole } } }] } },
    ],
    [
      'a cache point after a tool',
      models.claude,
      { tools: [{ ...weather, cache_control: { type: 'ephemeral', ttl: '5m' } }, time] },
      { toolConfig: { tools: [weatherSpec, { cachePoint: { type: 'default', ttl: '5m' } }, timeSpec] } },
    ],
    [
      'strict',
      models.claude,
      { tools: [{ type: 'function', function: { name: 'f', strict: true, parameters: schema } }] },
      {
        toolConfig: {
          tools: [
            {
              toolSpec: { name: 'f', inputSchema: { json: { ...schema, additionalProperties: false } }, strict: true },
            },
          ],
        },
      },
    ],
    [
      'strict where it is not taken',
      models.nova,
      { tools: [{ type: 'function', function: { name: 'f', strict: true, parameters: schema } }] },
      { toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: schema } } }] } },
      ['tools[0].function.strict'],
    ],
    [
      "Bedrock's own tools",
      models.nova2,
      { tools: [{ systemTool: { name: 'nova_grounding' } }, { cachePoint: { type: 'default' } }] },
      { toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }, { cachePoint: { type: 'default' } }] } },
    ],
    [
      "OpenAI's own tools",
      models.claude,
      { tools: [{ type: 'web_search' }, weather] },
      { toolConfig: { tools: [weatherSpec] } },
      ['tools[0]'],
    ],
    ['no tools', models.claude, { tools: [], tool_choice: 'auto' }, {}],
    [
      'a cache point without a tool',
      models.claude,
      {
        tools: [weather, { cachePoint: { type: 'default' } }],
        tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } },
      },
      {},
    ],
  ]);

  it.each<[body: JsonObject, param: string, text: string]>([
    [{ tools: {} }, 'tools', 'must be a list.'],
    [{ tools: [{ type: 'function' }] }, 'tools[0].function', "must be an object with the function's name."],
    [
      { tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] },
      'tools[0].function.parameters',
      'must be a JSON schema.',
    ],
    [
      { tools: [{ type: 'function', function: { name: 'json_answer__' } }] },
      'tools[0].function.name',
      'is reserved. Choose another name.',
    ],
    [{ tools: [{ name: 'f' }] }, 'tools[0].type', 'is missing: it must be "function".'],
    [{ tool_choice: 'required' }, 'tool_choice', 'asks for a call, but there are no tools.'],
    [
      { tools: [time], tool_choice: 'maybe' },
      'tool_choice',
      'is "maybe". Valid are "auto", "none", "required", a function and allowed_tools.',
    ],
  ])('%j is refused', (body, param, text) => {
    expect(() => params(body)).toThrow(
      expect.objectContaining({ name: 'TranslationError', param, message: `400 ${param} ${text}` }),
    );
  });
});

describe('the choice of tools', () => {
  const tools = [weather, time];
  const specs = [weatherSpec, timeSpec];
  const named = { type: 'function', function: { name: 'time' } };
  rows([
    ['auto', models.claude, { tools, tool_choice: 'auto' }, { toolConfig: { tools: specs, toolChoice: { auto: {} } } }],
    [
      'required',
      models.claude,
      { tools, tool_choice: 'required' },
      { toolConfig: { tools: specs, toolChoice: { any: {} } } },
    ],
    [
      'a function',
      models.claude,
      { tools, tool_choice: named },
      { toolConfig: { tools: specs, toolChoice: { tool: { name: 'time' } } } },
    ],
    ['none', models.claude, { tools, tool_choice: 'none' }, {}],
    [
      'only some tools',
      models.claude,
      { tools, tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [named] } } },
      { toolConfig: { tools: [timeSpec], toolChoice: { any: {} } } },
    ],
    [
      'required where a model cannot be forced',
      models.llama,
      { tools, tool_choice: 'required' },
      { toolConfig: { tools: specs, toolChoice: { auto: {} } } },
      ['tool_choice'],
    ],
    [
      'required while Claude thinks',
      models.claude,
      { tools, tool_choice: 'required', reasoning_effort: 'low' },
      {
        toolConfig: { tools: specs, toolChoice: { auto: {} } },
        additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2048 } },
      },
      ['tool_choice'],
    ],
    [
      'one call at a time',
      models.claude,
      { tools, parallel_tool_calls: false },
      {
        toolConfig: { tools: specs },
        additionalModelRequestFields: { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      },
    ],
    [
      'one call at a time of one function',
      models.claude,
      { tools, parallel_tool_calls: false, tool_choice: named },
      {
        toolConfig: { tools: specs },
        additionalModelRequestFields: { tool_choice: { type: 'tool', name: 'time', disable_parallel_tool_use: true } },
      },
    ],
    [
      'one call at a time elsewhere',
      models.nova,
      { tools, parallel_tool_calls: false },
      { toolConfig: { tools: specs } },
      ['parallel_tool_calls'],
    ],
    ['parallel calls', models.nova, { tools, parallel_tool_calls: true }, { toolConfig: { tools: specs } }],
  ]);

  it.each([
    ['none', tools],
    [undefined, undefined],
  ])('with %s over a history of calls a placeholder stands in', (tool_choice, given) => {
    const { body } = encode({
      messages: [
        ...messages,
        {
          role: 'assistant',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'time', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'noon' },
      ],
      tools: given,
      tool_choice,
    });
    expect(body.toolConfig).toEqual({
      tools: [
        {
          toolSpec: {
            name: 'no_tool__',
            description: 'Not a tool. Never call it: no tool may be called now, so answer in text.',
            inputSchema: { json: { type: 'object', properties: {} } },
          },
        },
      ],
    });
  });
});

describe('response_format', () => {
  const response_format = { type: 'json_schema', json_schema: { name: 'place', description: 'A place.', schema } };
  const closed =
    '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}';
  const textFormat = {
    type: 'json_schema',
    structure: { jsonSchema: { schema: closed, name: 'place', description: 'A place.' } },
  };
  const use = 'Give your final answer by calling this tool. Its input is the JSON object that was asked for.';
  const answer = (json: JsonObject, description = `${use} A place.`) => ({
    toolSpec: { name: 'json_answer__', description, inputSchema: { json } },
  });
  const forced = { toolConfig: { tools: [answer(schema)], toolChoice: { tool: { name: 'json_answer__' } } } };
  const ask = 'Answer with one JSON object and nothing else: no explanation, no code fence.';
  const open = { type: 'object', additionalProperties: { type: 'string' } };

  rows([
    ['text', models.claude, { response_format: { type: 'text' } }, {}],
    ['a schema Bedrock enforces', models.claude, { response_format }, { outputConfig: { textFormat } }],
    [
      'beside tools and effort',
      models.claude46,
      { response_format, tools: [weather], reasoning_effort: 'low' },
      {
        outputConfig: { textFormat, effort: 'low' },
        toolConfig: { tools: [weatherSpec] },
        additionalModelRequestFields: { thinking: { type: 'adaptive' } },
      },
    ],
    ['open weights', models.qwen, { response_format }, { outputConfig: { textFormat } }],
    ['a model not known', models.profile, { response_format }, { outputConfig: { textFormat } }],
    ['a forced tool for Nova', models.nova, { response_format }, forced],
    [
      'no tool of its own where one of the caller must be called',
      models.nova,
      { response_format, tools: [weather], tool_choice: 'required' },
      { toolConfig: { tools: [weatherSpec], toolChoice: { any: {} } } },
    ],
    ['a forced tool for older Claude', models.claude3, { response_format }, forced],
    ['a forced tool for Claude whose schemas Bedrock refuses', models.claude5, { response_format }, forced],
    [
      'enforced for Claude that cannot be forced',
      models.claude55,
      { response_format },
      { outputConfig: { textFormat } },
    ],
    [
      'a forced tool for a schema that cannot be closed',
      models.claude,
      { response_format: { type: 'json_schema', json_schema: { name: 'map', schema: open } } },
      { toolConfig: { tools: [answer(open, `${use} map`)], toolChoice: { tool: { name: 'json_answer__' } } } },
    ],
    [
      'any JSON object',
      models.claude,
      { response_format: { type: 'json_object' } },
      {
        toolConfig: {
          tools: [answer({ type: 'object', additionalProperties: true }, use)],
          toolChoice: { tool: { name: 'json_answer__' } },
        },
      },
    ],
    [
      'beside tools one of them must be called',
      models.nova,
      { response_format, tools: [weather] },
      { toolConfig: { tools: [weatherSpec, answer(schema)], toolChoice: { any: {} } } },
    ],
    [
      'beside tools, one at a time',
      models.claude3,
      { response_format, tools: [weather], parallel_tool_calls: false },
      {
        toolConfig: { tools: [weatherSpec, answer(schema)] },
        additionalModelRequestFields: { tool_choice: { type: 'any', disable_parallel_tool_use: true } },
      },
    ],
    [
      'an instruction where nothing binds',
      models.llama,
      { response_format },
      { system: [{ text: `${ask} It must match this JSON Schema: ${JSON.stringify(schema)}` }] },
      ['response_format'],
    ],
    [
      'an instruction while Claude thinks',
      models.claude37,
      { response_format: { type: 'json_object' }, reasoning_effort: 'low' },
      { system: [{ text: ask }], additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2048 } } },
      ['response_format'],
    ],
  ]);

  it('of another type is refused', () => {
    expect(() => params({ response_format: { type: 'xml' } })).toThrow(
      expect.objectContaining({
        param: 'response_format.type',
        message: '400 response_format.type is "xml". Valid are text, json_object and json_schema.',
      }),
    );
  });
});

describe("Bedrock's own fields", () => {
  const guardrailConfig = { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'enabled' };
  const performanceConfig = { latency: 'optimized' };
  const promptVariables = { topic: { text: 'x' } };
  const paths = ['/stop_sequence'];
  const sent = {
    guardrailConfig,
    performanceConfig,
    promptVariables,
    additionalModelResponseFieldPaths: paths,
    requestMetadata: { team: 'a' },
    additionalModelRequestFields: { some_field: 1 },
  };
  rows([
    [
      'pass in snake_case',
      models.nova,
      {
        guardrail_config: guardrailConfig,
        performance_config: performanceConfig,
        prompt_variables: promptVariables,
        additional_model_response_field_paths: paths,
        request_metadata: { team: 'a' },
        additional_model_request_fields: { some_field: 1 },
      },
      sent,
    ],
    ['pass in camelCase', models.nova, sent, sent],
    [
      'are beaten by none of ours',
      models.claude3,
      { top_k: 5, additionalModelRequestFields: { top_k: 6 } },
      { additionalModelRequestFields: { top_k: 6 } },
    ],
    ['outputConfig', models.claude46, { output_config: { effort: 'max' } }, { outputConfig: { effort: 'max' } }],
    [
      'metadata filters the logs',
      models.nova,
      { metadata: { a: 'b' }, request_metadata: { c: 'd' } },
      { requestMetadata: { a: 'b', c: 'd' } },
    ],
    ['a tier', models.nova, { service_tier: 'flex' }, { serviceTier: { type: 'flex' } }],
    ['no tier', models.nova, { service_tier: 'auto' }, {}],
    ['a tier Bedrock has not', models.nova, { service_tier: 'scale' }, {}, ['service_tier']],
    [
      'a user of Claude',
      models.claude,
      { user: 'u1' },
      { additionalModelRequestFields: { metadata: { user_id: 'u1' } } },
    ],
    ['a user elsewhere', models.nova, { user: 'u1' }, {}, ['user']],
  ]);
});

it('reports every parameter Converse has no place for, and none that says the default', () => {
  const idle = {
    n: 1,
    logprobs: false,
    top_logprobs: 0,
    presence_penalty: 0,
    frequency_penalty: 0,
    store: false,
    seed: null,
  };
  expect(params({ ...idle, stream: true, stream_options: { include_usage: true } })).toEqual({ sent: {}, dropped: [] });
  const named = {
    n: 2,
    logprobs: true,
    seed: 7,
    presence_penalty: 1,
    frequency_penalty: 1,
    logit_bias: { 1: 2 },
    prediction: {},
    verbosity: 'low',
  };
  expect(params(named)).toEqual({ sent: {}, dropped: Object.keys(named) });
});

it('lets strict_params stop the call', () => {
  const drop = (param: string, why: string) => {
    throw new Error(`${param}: ${why}`);
  };
  expect(() => encode({ messages, seed: 7 }, { drop })).toThrow('seed: Bedrock Converse has no such parameter');
});
