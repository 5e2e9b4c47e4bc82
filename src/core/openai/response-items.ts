/** An entry of a response's `input`. */
export type ResponseInputItem =
  | EasyInputMessage
  | ResponseInputMessage
  | ResponseOutputMessage
  | ResponseFunctionToolCall
  | ResponseFunctionCallOutput
  | ResponseReasoningItem
  | ResponseCustomToolCall
  | ResponseCustomToolCallOutput
  | ResponseItemReference
  | ResponseHostedToolCall
  | LooseItem<OtherItemType | 'compaction_trigger' | 'configuration_update'>;

/** An entry of a response's `output`. */
export type ResponseOutputItem =
  | ResponseOutputMessage
  | ResponseFunctionToolCall
  | ResponseFunctionToolCallOutputItem
  | ResponseReasoningItem
  | ResponseCustomToolCall
  | ResponseCustomToolCallOutputItem
  | ResponseHostedToolCall
  | LooseItem<OtherItemType>;

/** A call of a tool that the provider itself runs. */
export type ResponseHostedToolCall =
  | ResponseFileSearchToolCall
  | ResponseFunctionWebSearch
  | ResponseCodeInterpreterToolCall
  | ResponseImageGenerationCall;

/** Kinds of item whose members are passed on as they are. */
export type OtherItemType =
  | 'additional_tools'
  | 'apply_patch_call'
  | 'apply_patch_call_output'
  | 'compaction'
  | 'computer_call'
  | 'computer_call_output'
  | 'local_shell_call'
  | 'local_shell_call_output'
  | 'mcp_approval_request'
  | 'mcp_approval_response'
  | 'mcp_call'
  | 'mcp_list_tools'
  | 'program'
  | 'program_output'
  | 'shell_call'
  | 'shell_call_output'
  | 'tool_search_call'
  | 'tool_search_output';

/**
 * Something of a known `type` whose other members are not declared. The second form lets literals have any, the first
 * takes interfaces, which no type with an index signature does.
 */
export type LooseItem<Type extends string> = { type: Type } | { type: Type; [key: string]: unknown };

/** Where an item is in its life. */
export type ResponseItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** A message of any role, in short. */
export interface EasyInputMessage {
  type?: 'message' | undefined;
  role: 'user' | 'assistant' | 'system' | 'developer';
  content: string | ResponseInputContent[];
  phase?: 'commentary' | 'final_answer' | null | undefined;
}

/** A message from outside the model. */
export interface ResponseInputMessage {
  type?: 'message' | undefined;
  role: 'user' | 'system' | 'developer';
  content: ResponseInputContent[];
  status?: ResponseItemStatus | undefined;
}

/** A part of an input message. */
export type ResponseInputContent = ResponseInputText | ResponseInputImage | ResponseInputFile;

/** Text. */
export interface ResponseInputText {
  type: 'input_text';
  text: string;
  prompt_cache_breakpoint?: CacheBreakpoint | undefined;
}

/** An image by URL (`data:` too) or file ID. */
export interface ResponseInputImage {
  type: 'input_image';
  detail: 'low' | 'high' | 'auto' | 'original';
  file_id?: string | null | undefined;
  image_url?: string | null | undefined;
  prompt_cache_breakpoint?: CacheBreakpoint | undefined;
}

/** A document: inline, by URL or by file ID. */
export interface ResponseInputFile {
  type: 'input_file';
  detail?: 'auto' | 'low' | 'high' | undefined;
  file_data?: string | undefined;
  file_id?: string | null | undefined;
  file_url?: string | undefined;
  filename?: string | undefined;
  prompt_cache_breakpoint?: CacheBreakpoint | undefined;
}

interface CacheBreakpoint {
  mode: 'explicit';
  ttl?: '30m' | '12h';
}

/** What the model said. */
export interface ResponseOutputMessage {
  type: 'message';
  id: string;
  role: 'assistant';
  status: ResponseItemStatus;
  content: (ResponseOutputText | ResponseOutputRefusal)[];
  phase?: 'commentary' | 'final_answer' | null;
}

/** Text the model wrote. */
export interface ResponseOutputText {
  type: 'output_text';
  text: string;
  annotations: ResponseAnnotation[];
  logprobs?: ResponseLogprob[];
}

/** A source of a stretch of text. */
export type ResponseAnnotation =
  | { type: 'file_citation'; file_id: string; filename: string; index: number }
  | { type: 'url_citation'; start_index: number; end_index: number; title: string; url: string }
  | {
      type: 'container_file_citation';
      container_id: string;
      file_id: string;
      filename: string;
      start_index: number;
      end_index: number;
    }
  | { type: 'file_path'; file_id: string; index: number };

/** A token's log probability. */
export interface ResponseLogprob {
  token: string;
  bytes: number[];
  logprob: number;
  top_logprobs: { token: string; bytes: number[]; logprob: number }[];
}

/** Text in which the model declines. */
export interface ResponseOutputRefusal {
  type: 'refusal';
  refusal: string;
}

/** A call of a function. `arguments` is JSON text written by the model: it may be invalid. */
export interface ResponseFunctionToolCall {
  type: 'function_call';
  call_id: string;
  name: string;
  arguments: string;
  id?: string;
  async?: boolean;
  caller?: ToolCaller | null;
  namespace?: string;
  status?: ResponseItemStatus;
}

/** Who calls: the model itself, or a program it wrote. */
export type ToolCaller = { type: 'direct' } | { type: 'program'; caller_id: string };

/** The result of a function call, sent back. */
export interface ResponseFunctionCallOutput {
  type: 'function_call_output';
  output: string | ResponseFunctionCallOutputPart[];
  id?: string | null | undefined;
  call_id?: string | null | undefined;
  caller?: ToolCaller | null | undefined;
  name?: string | null | undefined;
  namespace?: string | null | undefined;
  status?: ResponseItemStatus | null | undefined;
}

/** A part of a function's result. */
export type ResponseFunctionCallOutputPart =
  | { type: 'input_text'; text: string; prompt_cache_breakpoint?: CacheBreakpoint | null | undefined }
  | {
      type: 'input_image';
      detail?: 'low' | 'high' | 'auto' | 'original' | null | undefined;
      file_id?: string | null | undefined;
      image_url?: string | null | undefined;
      prompt_cache_breakpoint?: CacheBreakpoint | null | undefined;
    }
  | {
      type: 'input_file';
      detail?: 'auto' | 'low' | 'high' | undefined;
      file_data?: string | null | undefined;
      file_id?: string | null | undefined;
      file_url?: string | null | undefined;
      filename?: string | null | undefined;
      prompt_cache_breakpoint?: CacheBreakpoint | null | undefined;
    };

/** The result of a function call, as part of an output. */
export interface ResponseFunctionToolCallOutputItem {
  type: 'function_call_output';
  id: string;
  output: string | ResponseInputContent[];
  status: ResponseItemStatus;
  call_id?: string;
  caller?: ToolCaller | null;
  created_by?: string;
  name?: string;
  namespace?: string;
}

/** A call of a custom tool. */
export interface ResponseCustomToolCall {
  type: 'custom_tool_call';
  call_id: string;
  name: string;
  input: string;
  id?: string;
  async?: boolean;
  caller?: ToolCaller | null;
  namespace?: string;
}

/** The result of a custom tool, sent back. */
export interface ResponseCustomToolCallOutput {
  type: 'custom_tool_call_output';
  call_id: string;
  output: string | ResponseInputContent[];
  id?: string;
  caller?: ToolCaller | null;
}

/** The result of a custom tool, as part of an output. */
export interface ResponseCustomToolCallOutputItem extends ResponseCustomToolCallOutput {
  id: string;
  status: ResponseItemStatus;
  created_by?: string;
}

/** What the model thought. Sent back unchanged, `encrypted_content` lets it go on from there. */
export interface ResponseReasoningItem {
  type: 'reasoning';
  id: string;
  summary: { type: 'summary_text'; text: string }[];
  content?: { type: 'reasoning_text'; text: string }[];
  encrypted_content?: string | null;
  status?: ResponseItemStatus;
}

/** An item of an earlier response, by ID. */
export interface ResponseItemReference {
  type?: 'item_reference' | null | undefined;
  id: string;
}

/** A search in uploaded files. */
export interface ResponseFileSearchToolCall {
  type: 'file_search_call';
  id: string;
  queries: string[];
  status: ResponseItemStatus | 'searching' | 'failed';
  results?:
    | {
        attributes?: { [key: string]: string | number | boolean } | null;
        file_id?: string;
        filename?: string;
        score?: number;
        text?: string;
      }[]
    | null;
}

/** A search on the web. */
export interface ResponseFunctionWebSearch {
  type: 'web_search_call';
  id: string;
  action:
    | { type: 'search'; queries?: string[]; query?: string; sources?: { type: 'url'; url: string }[] }
    | { type: 'open_page'; url?: string | null }
    | { type: 'find_in_page'; pattern: string; url: string };
  status: ResponseItemStatus | 'searching' | 'failed';
}

/** Code the model ran. */
export interface ResponseCodeInterpreterToolCall {
  type: 'code_interpreter_call';
  id: string;
  code: string | null;
  container_id: string;
  outputs: ({ type: 'logs'; logs: string } | { type: 'image'; url: string })[] | null;
  status: ResponseItemStatus | 'interpreting' | 'failed';
}

/** An image the model made. */
export interface ResponseImageGenerationCall {
  type: 'image_generation_call';
  id: string;
  /** Base64. */
  result: string | null;
  status: 'in_progress' | 'completed' | 'generating' | 'failed';
}
