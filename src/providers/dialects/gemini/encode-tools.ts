import { TranslationError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asList, asObject, asObjects, asText, present, presentOrNothing } from '../shared/lenient.ts';
import { nativeField, toSnakeCase } from './native-fields.ts';

/** `tools` and `toolConfig` of a request; members without anything to say are absent. */
export interface EncodedTools {
  readonly tools?: readonly JsonObject[];
  readonly toolConfig?: JsonObject;
}

/**
 * OpenAI's tools and tool choice in Gemini's words. Function schemas travel whole, as JSON schema. Google's own tools
 * come as `{type: 'google_search', …}`, as Gemini's own objects, or, as Portkey has it, as a function of that name.
 * Source: "Tool" and "ToolConfig", Gemini API reference.
 */
export function encodeTools(body: JsonObject, scope: CodecScope): EncodedTools {
  const read = [
    ...asList(body.tools).map((tool, index) => readTool(asObject(tool), `tools[${index}]`)),
    ...asList(body.functions).map((fn, index) => readFunction(asObject(fn), `functions[${index}]`)),
  ];
  const functions = read.filter((tool) => tool.kind === 'function');
  const natives = [
    ...read.filter((tool) => tool.kind === 'native').map(({ tool }) => tool),
    ...webSearch(body.web_search_options, scope),
  ];
  const declarations = functions.map(({ declaration }) => declaration);
  const tools = [
    ...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []),
    ...natives.map(withoutRetrieval),
  ];
  const strict = functions.some((tool) => tool.strict);
  const toolConfig = presentOrNothing({
    functionCallingConfig: callingConfig(body.tool_choice ?? body.function_call, strict),
    retrievalConfig: natives.map(retrievalOf).find((config) => config !== undefined),
    ...asObject(nativeField(body, 'toolConfig')),
  });
  return { ...(tools.length > 0 ? { tools } : {}), ...(toolConfig === undefined ? {} : { toolConfig }) };
}

type ReadTool =
  | { readonly kind: 'function'; readonly declaration: JsonObject; readonly strict: boolean }
  | { readonly kind: 'native'; readonly tool: JsonObject };

const nativeTools = [
  'googleSearch',
  'googleSearchRetrieval',
  'codeExecution',
  'urlContext',
  'googleMaps',
  'computerUse',
  'fileSearch',
  'enterpriseWebSearch',
  'retrieval',
];
/** Those that Portkey knows by a function's name. */
const nativeByFunctionName = ['googleSearch', 'googleSearchRetrieval', 'computerUse', 'googleMaps'];

function readTool(tool: JsonObject, path: string): ReadTool {
  if (tool.type === 'function') return readFunction(asObject(tool.function), `${path}.function`);
  if (
    tool.type === undefined &&
    Object.keys(tool).some((key) => isOneOf(key, [...nativeTools, 'functionDeclarations']))
  )
    return { kind: 'native', tool };
  const name = nativeTools.find((known) => isOneOf(asText(tool.type) ?? '', [known]));
  if (name === undefined) {
    throw new TranslationError(
      `${path}.type`,
      `Gemini takes tools of type "function" and Google's own: ${nativeTools.map(toSnakeCase).join(', ')}.`,
    );
  }
  const { type, ...rest } = tool;
  return { kind: 'native', tool: { [name]: nativeField(tool, name) ?? rest } };
}

function readFunction(fn: JsonObject, path: string): ReadTool {
  const name = asText(fn.name);
  if (name === undefined) throw new TranslationError(`${path}.name`, 'Give the function a name.');
  const native = nativeByFunctionName.find((known) => isOneOf(name, [known]));
  if (native !== undefined) return { kind: 'native', tool: { [native]: asObject(fn.parameters) } };
  const declaration = present({ name, description: fn.description, parametersJsonSchema: fn.parameters });
  return { kind: 'function', declaration, strict: fn.strict === true };
}

function isOneOf(name: string, known: readonly string[]): boolean {
  return known.some((camelCase) => name === camelCase || name === toSnakeCase(camelCase));
}

/** OpenAI's `web_search_options` is Google Search; where to search and how much cannot be told. */
function webSearch(options: unknown, scope: CodecScope): readonly JsonObject[] {
  if (options === undefined || options === null) return [];
  for (const option of Object.keys(asObject(options))) {
    scope.drop(`web_search_options.${option}`, 'Google Search has no such option');
  }
  return [{ googleSearch: {} }];
}

/** Google Maps is told where to look in `toolConfig`, not in the tool. */
function retrievalOf(tool: JsonObject): unknown {
  return nativeField(asObject(nativeField(tool, 'googleMaps')), 'retrievalConfig');
}

function withoutRetrieval(tool: JsonObject): JsonObject {
  if (retrievalOf(tool) === undefined) return tool;
  const { retrievalConfig, retrieval_config, ...googleMaps } = asObject(nativeField(tool, 'googleMaps'));
  return { googleMaps };
}

/** `strict` functions under `auto` ask for `VALIDATED`: a call, where there is one, keeps to its schema. `ANY` does anyway. */
function callingConfig(choice: unknown, strict: boolean): JsonObject | undefined {
  if (choice === undefined || choice === null) return strict ? { mode: 'VALIDATED' } : undefined;
  if (choice === 'auto') return { mode: strict ? 'VALIDATED' : 'AUTO' };
  if (choice === 'none') return { mode: 'NONE' };
  if (choice === 'required' || choice === 'any') return { mode: 'ANY' };
  const { type, function: named, allowed_tools: allowed, name } = asObject(choice);
  if (type === 'allowed_tools') return allowedConfig(asObject(allowed));
  const only = asText(asObject(named).name) ?? asText(name);
  if (only !== undefined) return { mode: 'ANY', allowedFunctionNames: [only] };
  throw new TranslationError(
    'tool_choice',
    'Valid: "auto", "none", "required", {type: "function", function: {name}}, {type: "allowed_tools", allowed_tools: {mode, tools}}.',
  );
}

/** Gemini restricts names under `ANY` and `VALIDATED` only; the latter leaves the model free not to call. */
function allowedConfig({ mode, tools }: JsonObject): JsonObject {
  const names = asObjects(tools).map((tool) => asText(asObject(tool.function).name) ?? asText(tool.name));
  return {
    mode: mode === 'required' ? 'ANY' : 'VALIDATED',
    allowedFunctionNames: names.filter((name) => name !== undefined),
  };
}
