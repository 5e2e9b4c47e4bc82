import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { jsonTool } from '../json-tool.ts';
import type { ModelFacts } from '../model-facts.ts';
import { stringOr } from '../values.ts';
import { constrainedSchema, isConstrainable } from './constrained-schema.ts';
import type { Thinking } from './thinking.ts';
import { forcesCall } from './tool-choice.ts';

/** How a reply is held to JSON: at most one of these. */
export interface ResponseFormat {
  /** For `output_config.format`: Anthropic enforces the schema. */
  readonly format?: JsonObject;
  /** A tool to force, whose input is the answer. */
  readonly tool?: JsonObject;
  /** A last instruction: the model is only asked. */
  readonly instruction?: string;
}

/** What decides how JSON can be had. */
export interface FormatScope {
  readonly facts: ModelFacts;
  readonly mode: Thinking['mode'];
  readonly scope: CodecScope;
}

/**
 * `response_format` by the strongest means the model has: structured outputs, a forced tool, an instruction (reported,
 * since it does not bind). A forced call of a function
 * leaves no room for an answer, and so for no tool. Source: Claude docs, "Structured outputs".
 */
export function encodeResponseFormat(body: JsonObject, { facts, mode, scope }: FormatScope): ResponseFormat {
  const format = body['response_format'];
  if (format === undefined || format === null) return {};
  const schema = wantedSchema(format);
  if (schema === undefined) return {};
  if (hasNativeFormat(body)) {
    scope.drop('response_format', 'output_config.format is set as well and wins');
    return {};
  }
  if (facts.structuredOutputs && isJsonObject(schema) && isConstrainable(schema)) {
    return { format: { type: 'json_schema', schema: constrainedSchema(schema) } };
  }
  if (facts.forcedTools && mode !== 'budget') return forcesCall(body) ? {} : { tool: answerTool(format, schema) };
  scope.drop('response_format', 'This model cannot be held to it here; it is asked for in the instructions');
  return { instruction: instruction(schema) };
}

function hasNativeFormat(body: JsonObject): boolean {
  return isJsonObject(body['output_config']) && isJsonObject(body['output_config']['format']);
}

/** The schema asked for, `any` for any JSON object, undefined for plain text. */
function wantedSchema(format: unknown): JsonObject | 'any' | undefined {
  const type = isJsonObject(format) ? format['type'] : undefined;
  if (!isJsonObject(format) || !['text', 'json_object', 'json_schema'].includes(stringOr(type))) {
    throw new TranslationError(
      'response_format',
      `response_format.type is ${JSON.stringify(type)}. Valid are text, json_object and json_schema.`,
    );
  }
  if (type === 'text') return undefined;
  const asked = format['json_schema'];
  return isJsonObject(asked) && isJsonObject(asked['schema']) ? asked['schema'] : 'any';
}

function answerTool(format: unknown, schema: JsonObject | 'any'): JsonObject {
  const asked = isJsonObject(format) ? format['json_schema'] : undefined;
  const about = isJsonObject(asked) ? stringOr(asked['description'], stringOr(asked['name'])) : '';
  const use = 'Give your final answer by calling this tool. Its input is the JSON object that was asked for.';
  return jsonTool(schema === 'any' ? { additionalProperties: true } : schema, about === '' ? use : `${use} ${about}`);
}

function instruction(schema: JsonObject | 'any'): string {
  const answer = 'Answer with one JSON object and nothing else: no explanation, no code fence.';
  return schema === 'any' ? answer : `${answer} It must match this JSON Schema: ${JSON.stringify(schema)}`;
}
