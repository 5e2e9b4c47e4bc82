import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { constrainedSchema, isConstrainable } from '../../anthropic-messages/request/constrained-schema.ts';
import { asObject, asText, present } from '../../shared/lenient.ts';
import { jsonToolName } from '../json-tool.ts';
import { type Encoding, encodingOf } from './encoding.ts';
import { encodeReasoning, type Reasoning } from './reasoning.ts';

/** How a reply is held to JSON: at most one of these. */
export interface ResponseFormat {
  /** `outputConfig.textFormat`: Bedrock enforces the schema. */
  readonly textFormat?: JsonObject;
  /** A `toolSpec` whose input is the answer. */
  readonly tool?: JsonObject;
  /** A last system text: the model is only asked. */
  readonly instruction?: string;
}

/**
 * `response_format` by the strongest means the model has: Bedrock's structured outputs, a forced tool, an instruction
 * (reported, since it does not bind). Sources: Amazon Bedrock User Guide, "Get validated JSON results from models"; API
 * reference, "OutputFormat".
 */
export function encodeResponseFormat(body: JsonObject, mode: Reasoning['mode'], encoding: Encoding): ResponseFormat {
  const format = body.response_format ?? undefined;
  if (format === undefined) return {};
  const asked = readFormat(format);
  if (asked === undefined) return {};
  const { traits, scope } = encoding;
  const { schema } = asked;
  if (traits.structuredOutputs && schema !== undefined && isConstrainable(schema)) {
    return { textFormat: textFormat(asked, schema) };
  }
  if (traits.forcedTools && mode !== 'budget') return { tool: answerTool(asked) };
  scope.drop('response_format', 'This model cannot be held to it here; it is asked for in the instructions');
  return { instruction: instruction(schema) };
}

/** Is the answer to the caller's request asked for as a tool's input, as far as that request alone tells? */
export function answersByTool(scope: CodecScope): boolean {
  const { body } = scope.request;
  const encoding = encodingOf({ ...scope, drop: () => undefined });
  return encodeResponseFormat(body, encodeReasoning(body, encoding).mode, encoding).tool !== undefined;
}

interface AskedFormat {
  /** Undefined for any JSON object. */
  readonly schema: JsonObject | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
}

/** Undefined for plain text. */
function readFormat(format: unknown): AskedFormat | undefined {
  const { type, json_schema } = asObject(format);
  if (type === 'text') return undefined;
  const { schema, name, description } = asObject(json_schema);
  const asked = { name: asText(name), description: asText(description) };
  if (type === 'json_schema' && isJsonObject(schema)) return { ...asked, schema };
  if (type === 'json_object' || type === 'json_schema') return { ...asked, schema: undefined };
  throw new TranslationError(
    'response_format.type',
    `response_format.type is ${JSON.stringify(type)}. Valid are text, json_object and json_schema.`,
  );
}

function textFormat({ name, description }: AskedFormat, schema: JsonObject): JsonObject {
  // Bedrock takes the schema as text.
  const jsonSchema = present({ schema: JSON.stringify(constrainedSchema(schema)), name, description });
  return { type: 'json_schema', structure: { jsonSchema } };
}

function answerTool({ schema, name, description }: AskedFormat): JsonObject {
  const use = 'Give your final answer by calling this tool. Its input is the JSON object that was asked for.';
  const about = description ?? name;
  return {
    name: jsonToolName,
    description: about === undefined ? use : `${use} ${about}`,
    inputSchema: { json: { type: 'object', ...(schema ?? { additionalProperties: true }) } },
  };
}

function instruction(schema: JsonObject | undefined): string {
  const answer = 'Answer with one JSON object and nothing else: no explanation, no code fence.';
  return schema === undefined ? answer : `${answer} It must match this JSON Schema: ${JSON.stringify(schema)}`;
}
