import type * as theirs from 'openai/resources/responses/responses';
import { describe, expectTypeOf, it } from 'vitest';
import type * as ours from '../../../src/core/openai/index.ts';
import type { Given } from './given.ts';

describe("the openai package's types are ours", () => {
  it('whole', () => {
    expectTypeOf<theirs.ResponseCreateParams>().toExtend<ours.ResponseCreateParams>();
    expectTypeOf<theirs.ResponseCreateParamsStreaming>().toExtend<ours.ResponseCreateParamsStreaming>();
    expectTypeOf<theirs.ResponseCreateParamsNonStreaming>().toExtend<ours.ResponseCreateParamsNonStreaming>();
    expectTypeOf<theirs.Response>().toExtend<ours.ResponseObject>();
    expectTypeOf<theirs.ResponseStreamEvent>().toExtend<ours.ResponseStreamEvent>();
  });

  it('piece by piece', () => {
    expectTypeOf<theirs.ResponseInputItem>().toExtend<ours.ResponseInputItem>();
    expectTypeOf<theirs.ResponseOutputItem>().toExtend<ours.ResponseOutputItem>();
    expectTypeOf<theirs.Tool>().toExtend<ours.ResponseTool>();
    expectTypeOf<theirs.ResponseUsage>().toEqualTypeOf<ours.ResponseUsage>();
  });
});

describe("our types are the openai package's, in the parts declared whole", () => {
  it('requests', () => {
    expectTypeOf<
      Given<Omit<ours.ResponseCreateParamsBase, 'input' | 'tools'>>
    >().toExtend<theirs.ResponseCreateParamsBase>();
    expectTypeOf<Given<ours.EasyInputMessage>>().toExtend<theirs.ResponseInputItem>();
    expectTypeOf<Given<ours.ResponseInputMessage>>().toExtend<theirs.ResponseInputItem>();
    expectTypeOf<Given<ours.ResponseFunctionCallOutput>>().toExtend<theirs.ResponseInputItem>();
    expectTypeOf<Given<ours.ResponseItemReference>>().toExtend<theirs.ResponseInputItem>();
    expectTypeOf<Given<ours.FunctionTool>>().toExtend<theirs.Tool>();
    expectTypeOf<Given<ours.CustomTool>>().toExtend<theirs.Tool>();
    expectTypeOf<Given<ours.WebSearchTool>>().toExtend<theirs.Tool>();
    expectTypeOf<Given<ours.WebSearchPreviewTool>>().toExtend<theirs.Tool>();
    expectTypeOf<Given<ours.FileSearchTool>>().toExtend<theirs.Tool>();
    expectTypeOf<Given<Omit<ours.McpTool, 'connector_id'>>>().toExtend<theirs.Tool>();
    expectTypeOf<Given<ours.ResponseToolChoice>>().toExtend<theirs.ResponseCreateParamsBase['tool_choice']>();
    expectTypeOf<Given<ours.ResponseTextConfig>>().toExtend<theirs.ResponseTextConfig>();
  });

  it('replies', () => {
    expectTypeOf<ours.ResponseOutputMessage>().toExtend<theirs.ResponseOutputItem>();
    expectTypeOf<ours.ResponseFunctionToolCall>().toExtend<theirs.ResponseOutputItem>();
    expectTypeOf<Given<ours.ResponseFunctionToolCallOutputItem>>().toExtend<theirs.ResponseOutputItem>();
    expectTypeOf<ours.ResponseReasoningItem>().toExtend<theirs.ResponseOutputItem>();
    expectTypeOf<ours.ResponseCustomToolCall>().toExtend<theirs.ResponseOutputItem>();
    expectTypeOf<ours.ResponseHostedToolCall>().toExtend<theirs.ResponseOutputItem>();
    expectTypeOf<Exclude<DeltaEvent, { type: string; response: unknown }>>().toExtend<theirs.ResponseStreamEvent>();
  });
});

type DeltaEvent =
  | ours.ResponseErrorEvent
  | ours.ResponseContentPartAddedEvent
  | ours.ResponseContentPartDoneEvent
  | ours.ResponseTextDeltaEvent
  | ours.ResponseTextDoneEvent
  | ours.ResponseRefusalDeltaEvent
  | ours.ResponseRefusalDoneEvent
  | ours.ResponseFunctionCallArgumentsDeltaEvent
  | ours.ResponseFunctionCallArgumentsDoneEvent
  | ours.ResponseCustomToolCallInputDeltaEvent
  | ours.ResponseCustomToolCallInputDoneEvent
  | ours.ResponseReasoningTextDeltaEvent
  | ours.ResponseReasoningTextDoneEvent
  | ours.ResponseReasoningSummaryTextDeltaEvent
  | ours.ResponseReasoningSummaryTextDoneEvent;

describe('checking', () => {
  const create = (_body: ours.ResponseCreateParams) => undefined;

  it('gives output back as input', () => {
    expectTypeOf<ours.ResponseOutputItem>().toExtend<ours.ResponseInputItem>();
  });

  it('takes items and tools it does not declare, whole', () => {
    create({
      model: 'm',
      input: [{ type: 'local_shell_call_output', id: 'o', output: 'x' }],
      tools: [{ type: 'image_generation', size: '1024x1024' }],
    });
  });

  it('tells output items apart', () => {
    const read = (item: ours.ResponseOutputItem) => {
      if (item.type === 'message') expectTypeOf(item).toEqualTypeOf<ours.ResponseOutputMessage>();
      if (item.type === 'function_call') expectTypeOf(item).toEqualTypeOf<ours.ResponseFunctionToolCall>();
    };
    expectTypeOf(read).toBeFunction();
  });

  it('refuses misspelt keys and values', () => {
    // @ts-expect-error input is misspelt
    create({ model: 'm', inpt: 'x' });
    // @ts-expect-error there is no such role
    create({ model: 'm', input: [{ role: 'usr', content: '' }] });
    // @ts-expect-error there is no such tool
    create({ model: 'm', tools: [{ type: 'fnction', name: 'f', parameters: null, strict: true }] });
    // @ts-expect-error parameters is misspelt
    create({ model: 'm', tools: [{ type: 'function', name: 'f', params: null, strict: true }] });
  });
});
