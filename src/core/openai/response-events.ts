import type { LooseItem, ResponseOutputItem, ResponseOutputRefusal, ResponseOutputText } from './response-items.ts';
import type { ResponseObject } from './responses.ts';

/** One event of a streamed response (OpenAI API reference, Responses streaming events), told apart by `type`. */
export type ResponseStreamEvent =
  | ResponseLifeEvent
  | ResponseErrorEvent
  | ResponseOutputItemAddedEvent
  | ResponseOutputItemDoneEvent
  | ResponseContentPartAddedEvent
  | ResponseContentPartDoneEvent
  | ResponseTextDeltaEvent
  | ResponseTextDoneEvent
  | ResponseRefusalDeltaEvent
  | ResponseRefusalDoneEvent
  | ResponseFunctionCallArgumentsDeltaEvent
  | ResponseFunctionCallArgumentsDoneEvent
  | ResponseCustomToolCallInputDeltaEvent
  | ResponseCustomToolCallInputDoneEvent
  | ResponseReasoningTextDeltaEvent
  | ResponseReasoningTextDoneEvent
  | ResponseReasoningSummaryTextDeltaEvent
  | ResponseReasoningSummaryTextDoneEvent
  | LooseItem<OtherEventType>;

/** Kinds of event whose members are passed on as they are. */
export type OtherEventType =
  | `response.audio.${string}`
  | `response.code_interpreter_call${'.' | '_code.'}${string}`
  | `response.compaction.${string}`
  | `response.file_search_call.${string}`
  | `response.image_generation_call.${string}`
  | `response.mcp_call${'.' | '_arguments.'}${string}`
  | `response.mcp_list_tools.${string}`
  | `response.output_text.annotation.${string}`
  | `response.reasoning_summary_part.${string}`
  | `response.shell_call_${string}`
  | `response.web_search_call.${string}`;

/** The response as a whole changed. */
export type ResponseLifeEvent =
  | ResponseCreatedEvent
  | ResponseQueuedEvent
  | ResponseInProgressEvent
  | ResponseCompletedEvent
  | ResponseIncompleteEvent
  | ResponseFailedEvent;

interface Numbered {
  /** Place in the stream, from 0. */
  sequence_number: number;
}

interface WithResponse extends Numbered {
  /** The response as it is now. */
  response: ResponseObject;
}

/** The first event. */
export interface ResponseCreatedEvent extends WithResponse {
  type: 'response.created';
}

/** It waits to be run. */
export interface ResponseQueuedEvent extends WithResponse {
  type: 'response.queued';
}

/** It runs. */
export interface ResponseInProgressEvent extends WithResponse {
  type: 'response.in_progress';
}

/** It is done; the last event. */
export interface ResponseCompletedEvent extends WithResponse {
  type: 'response.completed';
}

/** It stopped early, `incomplete_details` says why; the last event. */
export interface ResponseIncompleteEvent extends WithResponse {
  type: 'response.incomplete';
}

/** It failed, `error` says why; the last event. */
export interface ResponseFailedEvent extends WithResponse {
  type: 'response.failed';
}

/** The stream itself failed. */
export interface ResponseErrorEvent extends Numbered {
  type: 'error';
  code: string | null;
  message: string;
  param: string | null;
}

/** An item began. */
export interface ResponseOutputItemAddedEvent extends Numbered {
  type: 'response.output_item.added';
  output_index: number;
  item: ResponseOutputItem;
}

/** An item is whole. */
export interface ResponseOutputItemDoneEvent extends Numbered {
  type: 'response.output_item.done';
  output_index: number;
  item: ResponseOutputItem;
}

/** Where in the output an event belongs. */
interface InItem extends Numbered {
  item_id: string;
  output_index: number;
}

interface InPart extends InItem {
  content_index: number;
}

type ResponsePart = ResponseOutputText | ResponseOutputRefusal | { type: 'reasoning_text'; text: string };

/** A part of a message began. */
export interface ResponseContentPartAddedEvent extends InPart {
  type: 'response.content_part.added';
  part: ResponsePart;
}

/** A part of a message is whole. */
export interface ResponseContentPartDoneEvent extends InPart {
  type: 'response.content_part.done';
  part: ResponsePart;
}

interface EventLogprob {
  token: string;
  logprob: number;
  top_logprobs?: { token?: string; logprob?: number }[];
}

/** Text that is new. */
export interface ResponseTextDeltaEvent extends InPart {
  type: 'response.output_text.delta';
  delta: string;
  logprobs: EventLogprob[];
}

/** The whole text of a part. */
export interface ResponseTextDoneEvent extends InPart {
  type: 'response.output_text.done';
  text: string;
  logprobs: EventLogprob[];
}

/** Text of a refusal that is new. */
export interface ResponseRefusalDeltaEvent extends InPart {
  type: 'response.refusal.delta';
  delta: string;
}

/** The whole refusal. */
export interface ResponseRefusalDoneEvent extends InPart {
  type: 'response.refusal.done';
  refusal: string;
}

/** JSON text of arguments that is new. */
export interface ResponseFunctionCallArgumentsDeltaEvent extends InItem {
  type: 'response.function_call_arguments.delta';
  delta: string;
}

/** The whole arguments. */
export interface ResponseFunctionCallArgumentsDoneEvent extends InItem {
  type: 'response.function_call_arguments.done';
  arguments: string;
}

/** Input of a custom tool that is new. */
export interface ResponseCustomToolCallInputDeltaEvent extends InItem {
  type: 'response.custom_tool_call_input.delta';
  delta: string;
}

/** The whole input. */
export interface ResponseCustomToolCallInputDoneEvent extends InItem {
  type: 'response.custom_tool_call_input.done';
  input: string;
}

/** Reasoning that is new. */
export interface ResponseReasoningTextDeltaEvent extends InPart {
  type: 'response.reasoning_text.delta';
  delta: string;
}

/** The whole reasoning of a part. */
export interface ResponseReasoningTextDoneEvent extends InPart {
  type: 'response.reasoning_text.done';
  text: string;
}

/** Summary of the reasoning that is new. */
export interface ResponseReasoningSummaryTextDeltaEvent extends InItem {
  type: 'response.reasoning_summary_text.delta';
  summary_index: number;
  delta: string;
}

/** The whole summary. */
export interface ResponseReasoningSummaryTextDoneEvent extends InItem {
  type: 'response.reasoning_summary_text.done';
  summary_index: number;
  text: string;
}
