import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { constrainedSchema } from '../../anthropic-messages/request/constrained-schema.ts';
import { asText, present } from '../../shared/lenient.ts';
import { jsonToolName, placeholderToolName } from '../json-tool.ts';
import { cachePoints } from './cache-point.ts';
import type { Encoding } from './encoding.ts';

/** One entry of `toolConfig.tools` with what it is called; cache points have no name. */
export interface EncodedTool {
  readonly name?: string;
  readonly entry: JsonObject;
}

/**
 * `tools` as Converse takes them: a function's schema whole, its cache point after it, tools in Converse's own form as
 * they are. Tools that only OpenAI runs are reported. Source: Bedrock API reference, "Tool" and "ToolSpecification".
 */
export function encodeTools(body: JsonObject, encoding: Encoding): readonly EncodedTool[] {
  const tools = body.tools ?? [];
  if (!Array.isArray(tools)) throw new TranslationError('tools', 'tools must be a list.');
  return tools.flatMap((tool: unknown, index) => {
    const path = `tools[${index}]`;
    if (!isJsonObject(tool)) throw new TranslationError(path, `${path} must be a tool.`);
    return encodeTool(tool, path, encoding);
  });
}

/** The tool that stands for all others where none may be called. */
export const placeholderTool: JsonObject = {
  toolSpec: {
    name: placeholderToolName,
    description: 'Not a tool. Never call it: no tool may be called now, so answer in text.',
    inputSchema: { json: { type: 'object', properties: {} } },
  },
};

function encodeTool(tool: JsonObject, path: string, encoding: Encoding): readonly EncodedTool[] {
  if (tool.type === undefined) return converseTool(tool, path);
  if (tool.type !== 'function') {
    encoding.scope.drop(path, `Bedrock Converse has no tool of type ${JSON.stringify(tool.type)}`);
    return [];
  }
  const fn = tool.function;
  if (!isJsonObject(fn) || typeof fn.name !== 'string') {
    throw new TranslationError(`${path}.function`, `${path}.function must be an object with the function's name.`);
  }
  if (fn.name === jsonToolName || fn.name === placeholderToolName) {
    throw new TranslationError(`${path}.function.name`, `${path}.function.name is reserved. Choose another name.`);
  }
  const points = cachePoints({ ...fn, ...tool }, path, encoding);
  const entry = { toolSpec: toolSpec(fn, `${path}.function`, encoding) };
  return [{ name: fn.name, entry }, ...points.map((point) => ({ entry: point }))];
}

function converseTool(tool: JsonObject, path: string): readonly EncodedTool[] {
  const spec = [tool.toolSpec, tool.systemTool].find(isJsonObject);
  const name = asText(spec?.name);
  if (name !== undefined) return [{ name, entry: tool }];
  if (isJsonObject(tool.cachePoint)) return [{ entry: tool }];
  throw new TranslationError(`${path}.type`, `${path}.type is missing: it must be "function".`);
}

function toolSpec(fn: JsonObject, path: string, { traits, scope }: Encoding): JsonObject {
  const isStrict = fn.strict === true && traits.structuredOutputs;
  if (fn.strict === true && !isStrict) scope.drop(`${path}.strict`, 'This model cannot be held to a schema');
  const schema = { type: 'object', ...parameters(fn.parameters, `${path}.parameters`) };
  return present({
    name: fn.name,
    description: asText(fn.description)?.trim() ? fn.description : undefined,
    inputSchema: { json: isStrict ? constrainedSchema(schema) : schema },
    strict: isStrict ? true : undefined,
  });
}

function parameters(schema: unknown, path: string): JsonObject {
  if (schema === undefined || schema === null) return { properties: {} };
  if (isJsonObject(schema)) return schema;
  throw new TranslationError(path, `${path} must be a JSON schema.`);
}
