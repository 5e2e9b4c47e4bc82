import type { ResponseFormatJSONSchema } from '../core/openai/response-format.ts';
import type { ResponseFormatTextJSONSchemaConfig } from '../core/openai/responses.ts';
import type { ChatCompletionFunctionTool } from '../core/openai/tools.ts';

/**
 * A `response_format` that can parse what it asks for. Marked the way the `openai` package marks its own, so that the
 * helpers of either take those of the other.
 */
export type ParseableResponseFormat<Parsed> = ResponseFormatJSONSchema & {
  /** Never there: carries the type. */
  __output: Parsed;
  $brand: 'auto-parseable-response-format';
  $parseRaw(content: string): Parsed;
};

/** The same for the `text.format` of a response. */
export type ParseableTextFormat<Parsed> = ResponseFormatTextJSONSchemaConfig &
  Pick<ParseableResponseFormat<Parsed>, '__output' | '$brand' | '$parseRaw'>;

/** What a format of text parses to: unknown for a schema without a parser, null without a schema. */
export type ParsedBy<Format> =
  Format extends Pick<ParseableResponseFormat<infer Parsed>, '__output' | '$brand'>
    ? Parsed
    : Format extends { type: 'json_schema' }
      ? unknown
      : null;

/** A function tool that can parse its arguments and, for `runTools`, may be callable. */
export type ParseableTool<Arguments> = ChatCompletionFunctionTool & {
  /** Never there: carries the type. */
  __arguments: Arguments;
  $brand: 'auto-parseable-tool';
  $callback: ((args: Arguments) => unknown) | undefined;
  $parseRaw(args: string): Arguments;
};

/** `format` with a parser that is not part of its JSON. */
export function parseableFormat<Parsed, Format extends ResponseFormatJSONSchema | ResponseFormatTextJSONSchemaConfig>(
  format: Format,
  parse: (content: string) => Parsed,
): Format & Pick<ParseableResponseFormat<Parsed>, '__output' | '$brand' | '$parseRaw'> {
  return Object.defineProperties({ ...format } as ReturnType<typeof parseableFormat<Parsed, Format>>, {
    $brand: { value: 'auto-parseable-response-format' },
    $parseRaw: { value: parse },
  });
}

/** `tool` with a parser and a function that are not part of its JSON. */
export function parseableTool<Arguments>(
  tool: ChatCompletionFunctionTool,
  parse: (args: string) => Arguments,
  callback: ((args: Arguments) => unknown) | undefined,
): ParseableTool<Arguments> {
  return Object.defineProperties({ ...tool } as ParseableTool<Arguments>, {
    $brand: { value: 'auto-parseable-tool' },
    $parseRaw: { value: parse },
    $callback: { value: callback },
  });
}

/** Was `format` made to be parsed? */
export function isParseableFormat(format: unknown): format is ParseableResponseFormat<unknown> {
  return brandOf(format) === 'auto-parseable-response-format';
}

/** Was `tool` made to be parsed? */
export function isParseableTool(tool: unknown): tool is ParseableTool<unknown> {
  return brandOf(tool) === 'auto-parseable-tool';
}

function brandOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, '$brand') : undefined;
}
