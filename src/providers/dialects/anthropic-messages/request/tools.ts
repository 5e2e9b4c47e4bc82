import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { jsonToolName } from '../json-tool.ts';
import type { ModelFacts } from '../model-facts.ts';
import { compact, omit, pick, stringOr } from '../values.ts';
import { cacheControl } from './cache-control.ts';
import { constrainedSchema } from './constrained-schema.ts';

/**
 * `tools` (and the legacy `functions`) in Anthropic's shape, and the web search that `web_search_options` asks for. A
 * function's schema is kept whole, Anthropic's own members (`cache_control`, `defer_loading`, …) are kept, its server tools
 * pass as they are. Source: Claude docs, "Define tools", "Strict tool use", "Web search tool".
 */
export function encodeTools(body: JsonObject, facts: ModelFacts, scope: CodecScope): readonly JsonObject[] {
  const functions = listOf(body, 'functions').map((fn, index) => {
    return functionTool(fn, {}, { path: `functions[${index}]`, facts, scope });
  });
  const tools = listOf(body, 'tools').map((tool, index) => encodeTool(tool, { path: `tools[${index}]`, facts, scope }));
  return [...tools, ...functions, ...webSearch(body['web_search_options'], scope)];
}

interface ToolScope {
  readonly path: string;
  readonly facts: ModelFacts;
  readonly scope: CodecScope;
}

function listOf(body: JsonObject, name: string): readonly unknown[] {
  const list = body[name] ?? [];
  if (!Array.isArray(list)) throw new TranslationError(name, `${name} must be a list.`);
  return list;
}

function encodeTool(tool: unknown, { path, facts, scope }: ToolScope): JsonObject {
  if (!isJsonObject(tool)) throw new TranslationError(path, `${path} must be a tool.`);
  if (tool['type'] === 'function') {
    return functionTool(tool['function'], omit(tool, ['type', 'function']), { path: `${path}.function`, facts, scope });
  }
  if (isJsonObject(tool['custom'])) {
    throw new TranslationError(path, `${path} takes free text, which Claude models do not write. Make it a function.`);
  }
  return tool;
}

function functionTool(fn: unknown, extras: JsonObject, { path, facts, scope }: ToolScope): JsonObject {
  if (!isJsonObject(fn) || typeof fn['name'] !== 'string') {
    throw new TranslationError(path, `${path} must be an object with the function's name.`);
  }
  if (fn['name'] === jsonToolName) {
    throw new TranslationError(`${path}.name`, `${path}.name is reserved. Choose another name.`);
  }
  const isStrict = strictness(fn['strict'] ?? extras['strict'], path, facts, scope);
  const schema = { type: 'object', ...parameters(fn['parameters'], path) };
  const members = { ...extras, ...omit(fn, ['parameters', 'strict']) };
  return compact({
    ...omit(members, ['strict', 'description', 'prompt_cache_breakpoint']),
    description: typeof fn['description'] === 'string' ? fn['description'] : undefined,
    input_schema: isStrict === true ? constrainedSchema(schema) : schema,
    strict: isStrict,
    ...cacheControl(members, path, scope),
  });
}

function parameters(schema: unknown, path: string): JsonObject {
  if (schema === undefined || schema === null) return { properties: {} };
  if (isJsonObject(schema)) return schema;
  throw new TranslationError(`${path}.parameters`, `${path}.parameters must be a JSON schema.`);
}

function strictness(strict: unknown, path: string, facts: ModelFacts, scope: CodecScope): boolean | undefined {
  if (typeof strict !== 'boolean' || facts.structuredOutputs) return typeof strict === 'boolean' ? strict : undefined;
  if (strict) scope.drop(`${path}.strict`, 'This model cannot be held to a schema');
  return undefined;
}

function webSearch(options: unknown, scope: CodecScope): readonly JsonObject[] {
  if (!isJsonObject(options)) return [];
  if (stringOr(options['search_context_size'], 'medium') !== 'medium') {
    scope.drop('web_search_options.search_context_size', 'Anthropic has no such setting');
  }
  const location = isJsonObject(options['user_location']) ? options['user_location']['approximate'] : undefined;
  const approximate = isJsonObject(location)
    ? { user_location: { type: 'approximate', ...pick(location, ['city', 'country', 'region', 'timezone']) } }
    : {};
  return [{ type: 'web_search_20250305', name: 'web_search', ...approximate }];
}
