import type { Cacheable, ToolCallExtensions } from './extensions.ts';

/** JSON Schema of a function's arguments; absent means no arguments. */
export type FunctionParameters = { [key: string]: unknown };

/** A function the model may call. */
export interface FunctionDefinition {
  /** Letters, digits, underscores and dashes, at most 64. */
  name: string;
  description?: string | undefined;
  parameters?: FunctionParameters | undefined;
  /** True: arguments follow `parameters` exactly (structured outputs). */
  strict?: boolean | null | undefined;
}

/** A function as an entry of `tools`. */
export interface ChatCompletionFunctionTool extends Cacheable {
  type: 'function';
  function: FunctionDefinition;
}

/** A tool whose input is free text, or text of a grammar. */
export interface ChatCompletionCustomTool extends Cacheable {
  type: 'custom';
  custom: {
    name: string;
    description?: string | undefined;
    format?: CustomToolFormat | undefined;
  };
}

/** The texts a custom tool takes. */
export type CustomToolFormat =
  | { type: 'text' }
  | { type: 'grammar'; grammar: { definition: string; syntax: 'lark' | 'regex' } };

/** An entry of `tools`. */
export type ChatCompletionTool = ChatCompletionFunctionTool | ChatCompletionCustomTool;

/** Which tools the model may or must call. */
export type ChatCompletionToolChoiceOption =
  | 'none'
  | 'auto'
  | 'required'
  | ChatCompletionAllowedToolChoice
  | ChatCompletionNamedToolChoice
  | ChatCompletionNamedToolChoiceCustom;

/** Restricts the model to some of `tools`. */
export interface ChatCompletionAllowedToolChoice {
  type: 'allowed_tools';
  allowed_tools: ChatCompletionAllowedTools;
}

/** The tools a model is restricted to, by type and name. */
export interface ChatCompletionAllowedTools {
  mode: 'auto' | 'required';
  tools: { [key: string]: unknown }[];
}

/** Makes the model call this function. */
export interface ChatCompletionNamedToolChoice {
  type: 'function';
  function: { name: string };
}

/** Makes the model call this custom tool. */
export interface ChatCompletionNamedToolChoiceCustom {
  type: 'custom';
  custom: { name: string };
}

/** The retired way to name one of `functions`. */
export interface ChatCompletionFunctionCallOption {
  name: string;
}

/** A call the model asks for. */
export type ChatCompletionMessageToolCall = ChatCompletionMessageFunctionToolCall | ChatCompletionMessageCustomToolCall;

/** A call of a function. */
export interface ChatCompletionMessageFunctionToolCall extends ToolCallExtensions {
  id: string;
  type: 'function';
  function: ChatCompletionMessageFunctionToolCall.Function;
}

export declare namespace ChatCompletionMessageFunctionToolCall {
  /** Name and arguments. `arguments` is JSON text written by the model: it may be invalid. */
  interface Function {
    name: string;
    arguments: string;
  }
}

/** A call of a custom tool. */
export interface ChatCompletionMessageCustomToolCall extends ToolCallExtensions {
  id: string;
  type: 'custom';
  custom: { name: string; input: string };
}
