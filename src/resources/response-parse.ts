import type {
  ResponseCreateParamsBase,
  ResponseFunctionToolCall,
  ResponseObject,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseOutputRefusal,
  ResponseOutputText,
} from '../core/openai/index.ts';
import { parseBy, parseJson } from './chat-parse.ts';
import { isParseableTool, type ParsedBy } from './parseable.ts';

/** What of a request decides how its response is parsed. */
export type ResponseParseParams = Pick<ResponseCreateParamsBase, 'text' | 'tools'>;

/**
 * `response` with `output_parsed`, `parsed` beside each text and `parsed_arguments` beside the arguments of strict or parseable functions. A
 * refusal is kept, and nothing is parsed of it. Throws `UnparsableContentError` for text that is no JSON, cut off perhaps, or does not fit.
 */
export function parseResponse<Params extends ResponseParseParams>(
  response: ResponseObject,
  params: Params,
): ParsedResponse<ParsedText<Params>> {
  const output = response.output.map((item) => parseItem<ParsedText<Params>>(item, params));
  const parsed = output.flatMap((item) => (isMessage(item) ? item.content : [])).find(hasParsed);
  return { ...response, output, output_parsed: parsed?.parsed ?? null };
}

function parseItem<Parsed>(item: ResponseOutputItem, params: ResponseParseParams): ParsedResponseOutputItem<Parsed> {
  if (isCall(item)) return { ...item, parsed_arguments: parseArguments(params, item) };
  if (!isMessage(item)) return item;
  const content = item.content.map((part) =>
    part.type === 'output_text' ? { ...part, parsed: parseBy(params.text?.format, part.text) as Parsed | null } : part,
  );
  return { ...item, content };
}

function parseArguments({ tools }: ResponseParseParams, { name, arguments: args }: ResponseFunctionToolCall): unknown {
  const tool: unknown = tools?.find((each) => each.type === 'function' && 'name' in each && each.name === name);
  if (isParseableTool(tool)) return tool.$parseRaw(args);
  const isStrict = typeof tool === 'object' && tool !== null && Reflect.get(tool, 'strict') === true;
  return isStrict ? parseJson(`The call of "${name}"`, args) : null;
}

function isCall(item: ResponseOutputItem): item is ResponseFunctionToolCall {
  return item.type === 'function_call';
}

function isMessage<Item extends { readonly type: string }>(item: Item): item is Extract<Item, { type: 'message' }> {
  return item.type === 'message';
}

function hasParsed<Parsed>(
  part: ParsedResponseOutputText<Parsed> | ResponseOutputRefusal,
): part is ParsedResponseOutputText<Parsed> {
  return part.type === 'output_text' && part.parsed !== null;
}

/** A response with what was parsed in it. */
export interface ParsedResponse<Parsed> extends Omit<ResponseObject, 'output'> {
  output: ParsedResponseOutputItem<Parsed>[];
  /** Of the first text that was parsed; null when the model refused or called tools instead. */
  output_parsed: Parsed | null;
}

/** A part of the output; calls of functions and messages with what was parsed in them. */
export type ParsedResponseOutputItem<Parsed> =
  | ParsedResponseOutputMessage<Parsed>
  | ParsedResponseFunctionToolCall
  | Exclude<ResponseOutputItem, ResponseOutputMessage | ResponseFunctionToolCall>;

/** What the model says. */
export interface ParsedResponseOutputMessage<Parsed> extends ResponseOutputMessage {
  content: (ParsedResponseOutputText<Parsed> | ResponseOutputRefusal)[];
}

/** Text, and what was parsed of it; null where the request asks for no schema. */
export interface ParsedResponseOutputText<Parsed> extends ResponseOutputText {
  parsed: Parsed | null;
}

/** A call of a function; `parsed_arguments` is null where it is neither strict nor parseable. */
export interface ParsedResponseFunctionToolCall extends ResponseFunctionToolCall {
  parsed_arguments: unknown;
}

/** The type of `output_parsed` for a request. */
export type ParsedText<Params> = Params extends { text?: { format?: infer Format } } ? ParsedBy<Format> : null;
