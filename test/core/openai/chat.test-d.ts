import type * as theirs from 'openai/resources/chat/completions/completions';
import type * as theirModels from 'openai/resources/models';
import type * as theirShared from 'openai/resources/shared';
import { describe, expectTypeOf, it } from 'vitest';
import type * as ours from '../../../src/core/openai/index.ts';
import type { Given } from './given.ts';

describe('a request typed by the openai package', () => {
  it('is accepted as ours, whole', () => {
    expectTypeOf<theirs.ChatCompletionCreateParams>().toExtend<ours.ChatCompletionCreateParams>();
    expectTypeOf<theirs.ChatCompletionCreateParamsStreaming>().toExtend<ours.ChatCompletionCreateParamsStreaming>();
    expectTypeOf<theirs.ChatCompletionCreateParamsNonStreaming>().toExtend<ours.ChatCompletionCreateParamsNonStreaming>();
    expectTypeOf<theirs.ChatCompletionCreateParamsBase>().toExtend<ours.ChatCompletionCreateParamsBase>();
  });

  it('is accepted as ours, piece by piece', () => {
    expectTypeOf<theirs.ChatCompletionMessageParam>().toExtend<ours.ChatCompletionMessageParam>();
    expectTypeOf<theirs.ChatCompletionDeveloperMessageParam>().toExtend<ours.ChatCompletionDeveloperMessageParam>();
    expectTypeOf<theirs.ChatCompletionSystemMessageParam>().toExtend<ours.ChatCompletionSystemMessageParam>();
    expectTypeOf<theirs.ChatCompletionUserMessageParam>().toExtend<ours.ChatCompletionUserMessageParam>();
    expectTypeOf<theirs.ChatCompletionAssistantMessageParam>().toExtend<ours.ChatCompletionAssistantMessageParam>();
    expectTypeOf<theirs.ChatCompletionToolMessageParam>().toExtend<ours.ChatCompletionToolMessageParam>();
    expectTypeOf<theirs.ChatCompletionFunctionMessageParam>().toExtend<ours.ChatCompletionFunctionMessageParam>();
    expectTypeOf<theirs.ChatCompletionContentPart>().toExtend<ours.ChatCompletionContentPart>();
    expectTypeOf<theirs.ChatCompletionTool>().toExtend<ours.ChatCompletionTool>();
    expectTypeOf<theirs.ChatCompletionToolChoiceOption>().toExtend<ours.ChatCompletionToolChoiceOption>();
    expectTypeOf<theirs.ChatCompletionCreateParams['response_format']>().toExtend<ours.ResponseFormat | undefined>();
    expectTypeOf<theirShared.ResponseFormatJSONSchema>().toExtend<ours.ResponseFormatJSONSchema>();
    expectTypeOf<theirShared.FunctionDefinition>().toExtend<ours.FunctionDefinition>();
  });
});

describe('a request typed by us', () => {
  it('is accepted by the openai package, whole', () => {
    expectTypeOf<Given<ours.ChatCompletionCreateParams>>().toExtend<theirs.ChatCompletionCreateParams>();
    expectTypeOf<
      Given<ours.ChatCompletionCreateParamsStreaming>
    >().toExtend<theirs.ChatCompletionCreateParamsStreaming>();
    expectTypeOf<
      Given<ours.ChatCompletionCreateParamsNonStreaming>
    >().toExtend<theirs.ChatCompletionCreateParamsNonStreaming>();
    expectTypeOf<Given<ours.ChatCompletionCreateParamsBase>>().toExtend<theirs.ChatCompletionCreateParamsBase>();
  });

  it('is accepted by the openai package, piece by piece', () => {
    expectTypeOf<
      Given<ours.ChatCompletionDeveloperMessageParam>
    >().toExtend<theirs.ChatCompletionDeveloperMessageParam>();
    expectTypeOf<Given<ours.ChatCompletionSystemMessageParam>>().toExtend<theirs.ChatCompletionSystemMessageParam>();
    expectTypeOf<Given<ours.ChatCompletionUserMessageParam>>().toExtend<theirs.ChatCompletionUserMessageParam>();
    expectTypeOf<
      Given<ours.ChatCompletionAssistantMessageParam>
    >().toExtend<theirs.ChatCompletionAssistantMessageParam>();
    expectTypeOf<Given<ours.ChatCompletionToolMessageParam>>().toExtend<theirs.ChatCompletionToolMessageParam>();
    expectTypeOf<
      Given<ours.ChatCompletionFunctionMessageParam>
    >().toExtend<theirs.ChatCompletionFunctionMessageParam>();
    expectTypeOf<Given<ours.ChatCompletionContentPart>>().toExtend<theirs.ChatCompletionContentPart>();
    expectTypeOf<Given<ours.ChatCompletionTool>>().toExtend<theirs.ChatCompletionTool>();
    expectTypeOf<Given<ours.ChatCompletionToolChoiceOption>>().toExtend<theirs.ChatCompletionToolChoiceOption>();
    expectTypeOf<Given<ours.ResponseFormatJSONSchema>>().toExtend<theirShared.ResponseFormatJSONSchema>();
    expectTypeOf<Given<ours.ChatCompletionReasoningEffort>>().toExtend<theirs.ChatCompletionReasoningEffort>();
    expectTypeOf<theirs.ChatCompletionReasoningEffort>().toExtend<ours.ChatCompletionReasoningEffort>();
  });

  it('may give undefined for any optional member', () => {
    expectTypeOf<{
      model: string;
      messages: [{ role: 'user'; content: string; name: undefined }];
      temperature: undefined;
      tools: undefined;
      thinking: undefined;
    }>().toExtend<ours.ChatCompletionCreateParamsNonStreaming>();
  });
});

describe('a reply', () => {
  it('is assignable both ways, with and without exactOptionalPropertyTypes', () => {
    expectTypeOf<theirs.ChatCompletion>().toExtend<ours.ChatCompletion>();
    expectTypeOf<ours.ChatCompletion>().toExtend<theirs.ChatCompletion>();
    expectTypeOf<theirs.ChatCompletionChunk>().toExtend<ours.ChatCompletionChunk>();
    expectTypeOf<ours.ChatCompletionChunk>().toExtend<theirs.ChatCompletionChunk>();
    expectTypeOf<theirs.ChatCompletionMessage>().toExtend<ours.ChatCompletionMessage>();
    expectTypeOf<ours.ChatCompletionMessage>().toExtend<theirs.ChatCompletionMessage>();
    expectTypeOf<theirs.ChatCompletionMessageToolCall>().toExtend<ours.ChatCompletionMessageToolCall>();
    expectTypeOf<ours.ChatCompletionMessageToolCall>().toExtend<theirs.ChatCompletionMessageToolCall>();
    expectTypeOf<theirs.ChatCompletionTokenLogprob>().toExtend<ours.ChatCompletionTokenLogprob>();
    expectTypeOf<ours.ChatCompletionTokenLogprob>().toExtend<theirs.ChatCompletionTokenLogprob>();
    expectTypeOf<theirs.ChatCompletion['usage']>().toExtend<ours.CompletionUsage | undefined>();
    expectTypeOf<ours.CompletionUsage | undefined>().toExtend<theirs.ChatCompletion['usage']>();
    expectTypeOf<theirs.ChatCompletionDeleted>().toExtend<ours.ChatCompletionDeleted>();
    expectTypeOf<ours.ChatCompletionDeleted>().toExtend<theirs.ChatCompletionDeleted>();
  });

  it('names its parts as the openai package does', () => {
    expectTypeOf<theirs.ChatCompletion.Choice>().toExtend<ours.ChatCompletion.Choice>();
    expectTypeOf<ours.ChatCompletionChunk.Choice.Delta>().toExtend<theirs.ChatCompletionChunk.Choice.Delta>();
    expectTypeOf<ours.ChatCompletionChunk.Choice.Delta.ToolCall>().toExtend<theirs.ChatCompletionChunk.Choice.Delta.ToolCall>();
    expectTypeOf<ours.ChatCompletionMessageFunctionToolCall.Function>().toEqualTypeOf<theirs.ChatCompletionMessageFunctionToolCall.Function>();
  });

  it('goes back into the next request as it came', () => {
    expectTypeOf<ours.ChatCompletionMessage>().toExtend<ours.ChatCompletionMessageParam>();
  });

  it('may carry reasoning', () => {
    expectTypeOf<ours.ChatCompletionMessage['reasoning_content']>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<ours.ChatCompletionChunk.Choice.Delta['reasoning_content']>().toEqualTypeOf<
      string | null | undefined
    >();
  });
});

describe('models', () => {
  it('are assignable both ways', () => {
    expectTypeOf<theirModels.Model>().toEqualTypeOf<ours.Model>();
    expectTypeOf<theirModels.ModelDeleted>().toEqualTypeOf<ours.ModelDeleted>();
    expectTypeOf<theirModels.ModelsPage>().toExtend<ours.ModelsPage>();
  });
});

describe('checking', () => {
  const create = (_body: ours.ChatCompletionCreateParams) => undefined;

  it('accepts the fields providers add', () => {
    create({
      model: '@anthropic/claude',
      top_k: 40,
      thinking: { type: 'enabled', budget_tokens: 1024 },
      tools: [{ type: 'function', function: { name: 'f' }, cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'long', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
        { role: 'assistant', content: 'a', thinking_blocks: [{ type: 'thinking', thinking: 't', signature: 's' }] },
      ],
    });
  });

  it('accepts fields it does not list when the type of the body names them', () => {
    const body: ours.ChatCompletionCreateParamsNonStreaming & { guided_choice: string[] } = {
      model: 'm',
      messages: [],
      guided_choice: ['yes', 'no'],
    };
    create(body);
  });

  it('refuses misspelt keys and values', () => {
    // @ts-expect-error messages is misspelt
    create({ model: 'm', mesages: [] });
    // @ts-expect-error there is no such role
    create({ model: 'm', messages: [{ role: 'asistant', content: '' }] });
    // @ts-expect-error role is misspelt
    create({ model: 'm', messages: [{ rol: 'user', content: '' }] });
    // @ts-expect-error an optional key is misspelt
    create({ model: 'm', messages: [], temprature: 1 });
    // @ts-expect-error there is no such part
    create({ model: 'm', messages: [{ role: 'user', content: [{ type: 'img', text: '' }] }] });
    // @ts-expect-error a tool message names its call
    create({ model: 'm', messages: [{ role: 'tool', content: '' }] });
    // @ts-expect-error there is no such tool choice
    create({ model: 'm', messages: [], tool_choice: 'any' });
    // @ts-expect-error there is no such response format
    create({ model: 'm', messages: [], response_format: { type: 'json' } });
  });
});
