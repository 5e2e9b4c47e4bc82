import { TranslationError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asObject, asObjects, asText, present, presentOrNothing } from '../shared/lenient.ts';

/** `text.format` as `response_format`; undefined for plain text. */
export function responseFormat(text: unknown): JsonObject | undefined {
  const format = asObject(asObject(text).format);
  const { type, ...schema } = format;
  if (type === undefined || type === 'text') return undefined;
  return type === 'json_schema' ? { type, json_schema: schema } : format;
}

/** Function tools in chat's form; undefined when there are none. Other tools run at OpenAI and are reported, web search excepted. */
export function tools(given: unknown, scope: CodecScope): readonly JsonObject[] | undefined {
  if (given === undefined || given === null) return undefined;
  if (!Array.isArray(given)) throw new TranslationError('tools', 'tools must be a list.');
  const functions = given.flatMap((tool: unknown, index) => {
    const { type, name, description, parameters, strict } = asObject(tool);
    if (type === 'function') {
      return [{ ...functionExtras(tool), type, function: present({ name, description, parameters, strict }) }];
    }
    if (!isWebSearch(type)) scope.drop(`tools[${index}]`, `This target has no tool of type ${JSON.stringify(type)}`);
    return [];
  });
  return functions.length > 0 ? functions : undefined;
}

/** What providers take on a tool beyond OpenAI's members, such as `cache_control`. */
function functionExtras(tool: unknown): JsonObject {
  const { type, name, description, parameters, strict, ...extras } = asObject(tool);
  return extras;
}

/** A web search tool as chat's `web_search_options`, which codecs of models with a search of their own understand. */
export function webSearch(given: unknown): JsonObject | undefined {
  const tool = asObjects(given).find(({ type }) => isWebSearch(type));
  if (tool === undefined) return undefined;
  const { type, ...approximate } = asObject(tool.user_location);
  return present({
    search_context_size: tool.search_context_size,
    user_location: presentOrNothing(approximate) && { type: 'approximate', approximate },
  });
}

function isWebSearch(type: unknown): boolean {
  return typeof type === 'string' && type.startsWith('web_search');
}

/** `tool_choice` in chat's form. The choice of a tool that runs at OpenAI is reported. */
export function toolChoice(choice: unknown, scope: CodecScope): unknown {
  if (!isJsonObject(choice)) return choice;
  if (choice.type === 'function') return { type: 'function', function: { name: choice.name } };
  if (choice.type === 'allowed_tools') {
    const allowed = asObjects(choice.tools).filter(({ type }) => type === 'function');
    const functions = allowed.map(({ name }) => ({ type: 'function', function: { name } }));
    return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools: functions } };
  }
  scope.drop('tool_choice', `This target has no tool of type ${JSON.stringify(asText(choice.type))}`);
  return undefined;
}
