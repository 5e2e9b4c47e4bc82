import { PortkeyError } from '../core/errors/portkey-error.ts';
import type { ChatCompletion, ChatCompletionMessage } from '../core/openai/chat-reply.ts';
import type {
  ChatCompletionCreateParamsBase,
  ChatCompletionCreateParamsNonStreaming,
} from '../core/openai/chat-request.ts';
import type {
  ChatCompletionMessageCustomToolCall,
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionMessageToolCall,
} from '../core/openai/tools.ts';
import { ContentFilterFinishReasonError, LengthFinishReasonError, UnparsableContentError } from './parse-errors.ts';
import { isParseableFormat, isParseableTool, type ParsedBy } from './parseable.ts';
import { type ReplyFacts, withFactsOf } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';

/**
 * Calls `create` and parses the answer as {@link parseCompletion} does. Throws at once when a function tool is not
 * `strict`: its arguments could be anything.
 */
export function parseChat<Params extends ChatCompletionCreateParamsNonStreaming>(
  params: Params,
  create: (params: Params) => ResponsePromise<ChatCompletion & ReplyFacts>,
): ResponsePromise<ParsedChatCompletion<ParsedContent<Params>> & ReplyFacts> {
  for (const tool of params.tools ?? []) {
    if (tool.type === 'function' && !isParseableTool(tool) && tool.function.strict !== true) {
      const message = `Tool "${tool.function.name}" cannot be parsed: set strict: true on its function, or make it with zodFunction().`;
      throw new PortkeyError('invalid_request', message);
    }
  }
  return create(params).map((completion) => withFactsOf(completion, parseCompletion(completion, params)));
}

/** What of a request decides how its answer is parsed. */
export type ParseParams = Pick<ChatCompletionCreateParamsBase, 'response_format' | 'tools'>;

/**
 * Adds `message.parsed`, and `parsed_arguments` of strict or parseable tools. A refusal is kept and `parsed` is null.
 * Throws `LengthFinishReasonError`, `ContentFilterFinishReasonError`, or `UnparsableContentError` for content that is
 * not JSON or does not fit.
 */
export function parseCompletion<Params extends ParseParams>(
  completion: ChatCompletion,
  params: Params,
): ParsedChatCompletion<ParsedContent<Params>> {
  const choices = completion.choices.map((choice) => {
    if (choice.finish_reason === 'length') throw new LengthFinishReasonError(completion);
    if (choice.finish_reason === 'content_filter') throw new ContentFilterFinishReasonError(completion);
    const { message } = choice;
    const calls = message.tool_calls?.map((call) => parseCall(call, params));
    const parsed = hasContent(message) ? parseContent(params, message.content) : null;
    return {
      ...choice,
      message: { ...message, ...(calls && { tool_calls: calls }), parsed: parsed as ParsedContent<Params> },
    };
  });
  return { ...completion, choices };
}

/** {@link parseCompletion} where the request asks for something parseable; else the same with `parsed: null`. */
export function maybeParseCompletion<Params extends ParseParams>(
  completion: ChatCompletion,
  params: Params,
): ParsedChatCompletion<ParsedContent<Params>> {
  if (asksForParsing(params)) return parseCompletion(completion, params);
  const choices = completion.choices.map((choice) => ({ ...choice, message: { ...choice.message, parsed: null } }));
  return { ...completion, choices };
}

/** Does the request ask for a JSON schema, or offer a strict function? */
export function asksForParsing(params: ParseParams): boolean {
  return params.response_format?.type === 'json_schema' || (params.tools ?? []).some(isStrict);
}

/** `content` as the request's `response_format` parses it; null where that asks for no schema. */
export function parseContent({ response_format }: ParseParams, content: string): unknown {
  return parseBy(response_format, content);
}

/** `content` as a format of text parses it; null where that is no schema. */
export function parseBy(format: { readonly type: string } | undefined, content: string): unknown {
  if (isParseableFormat(format)) return format.$parseRaw(content);
  return format?.type === 'json_schema' ? parseJson('The content', content) : null;
}

/** The arguments of a call as its tool parses them; null where the tool is neither strict nor parseable. */
export function parseArguments({ tools }: ParseParams, { name, arguments: args }: NamedArguments): unknown {
  const tool = tools?.find((each) => each.type === 'function' && each.function.name === name);
  if (isParseableTool(tool)) return tool.$parseRaw(args);
  return tool !== undefined && isStrict(tool) ? parseJson(`The call of "${name}"`, args) : null;
}

/** Text the model wrote as JSON. Throws `UnparsableContentError`, whose message begins with `what`. */
export function parseJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnparsableContentError(what, text, cause);
  }
}

type NamedArguments = ChatCompletionMessageFunctionToolCall.Function;

function isStrict(tool: NonNullable<ParseParams['tools']>[number]): boolean {
  return tool.type === 'function' && (isParseableTool(tool) || tool.function.strict === true);
}

/** Empty content beside tool calls is no content. */
function hasContent(message: ChatCompletionMessage): message is ChatCompletionMessage & { content: string } {
  if (message.refusal || message.content === null) return false;
  return message.content !== '' || !(message.tool_calls?.length || message.function_call);
}

function parseCall(call: ChatCompletionMessageToolCall, params: ParseParams): ParsedChatCompletionMessageToolCall {
  if (call.type === 'custom') return call;
  return { ...call, function: { ...call.function, parsed_arguments: parseArguments(params, call.function) } };
}

/** A chat answer with what was parsed in it. */
export interface ParsedChatCompletion<Parsed> extends ChatCompletion {
  choices: ParsedChoice<Parsed>[];
}

/** One of `n` answers. */
export interface ParsedChoice<Parsed> extends ChatCompletion.Choice {
  message: ParsedChatCompletionMessage<Parsed>;
}

/** `parsed` is null when the model refused or called tools instead. */
export interface ParsedChatCompletionMessage<Parsed> extends ChatCompletionMessage {
  parsed: Parsed | null;
  tool_calls?: ParsedChatCompletionMessageToolCall[];
}

/** A call the model asks for. */
export type ParsedChatCompletionMessageToolCall = ParsedFunctionToolCall | ChatCompletionMessageCustomToolCall;

/** A call of a function; `parsed_arguments` is null where the tool is neither strict nor parseable. */
export interface ParsedFunctionToolCall extends ChatCompletionMessageFunctionToolCall {
  function: NamedArguments & { parsed_arguments?: unknown };
}

/** The type of `message.parsed` for a request. */
export type ParsedContent<Params> = Params extends { response_format?: infer Format } ? ParsedBy<Format> : null;
