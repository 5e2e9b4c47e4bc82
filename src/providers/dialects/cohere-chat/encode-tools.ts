import { TranslationError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asList, asObject, asObjects, asText, present } from '../shared/lenient.ts';

/**
 * `tools`, `tool_choice` and `strict_tools` of a request. Cohere knows `REQUIRED` and `NONE` only: a choice among named
 * functions sends no other, and is reported. One strict function makes all strict. Source: "Chat", Cohere API v2 reference.
 */
export function encodeTools(body: JsonObject, scope: CodecScope): JsonObject {
  if (body.functions !== undefined && body.functions !== null) {
    throw new TranslationError('functions', 'Cohere takes tools instead: [{type: "function", function: {…}}].');
  }
  const tools = asList(body.tools).map((tool, index) => encodeTool(asObject(tool), `tools[${index}]`));
  const choice = readChoice(body.tool_choice);
  if (choice.names !== undefined) {
    scope.drop('tool_choice', 'Cohere cannot choose by name: the tools that were not named are left out');
  }
  const sent = tools.filter(({ name }) => choice.names?.includes(name) ?? true);
  if (choice.names !== undefined && sent.length === 0) {
    throw new TranslationError('tool_choice', 'No tool has the name that is chosen.');
  }
  return present({
    tools: sent.length > 0 ? sent.map(({ tool }) => tool) : undefined,
    tool_choice: choice.mode,
    strict_tools: body.strict_tools ?? (sent.some(({ strict }) => strict) || undefined),
  });
}

interface NamedTool {
  readonly name: string;
  readonly strict: boolean;
  readonly tool: JsonObject;
}

function encodeTool(tool: JsonObject, path: string): NamedTool {
  if (tool.type !== 'function') throw new TranslationError(`${path}.type`, 'Cohere takes tools of type "function".');
  const fn = asObject(tool.function);
  const name = asText(fn.name);
  if (name === undefined) throw new TranslationError(`${path}.function.name`, 'Give the function a name.');
  const parameters = fn.parameters ?? { type: 'object', properties: {} };
  return {
    name,
    strict: fn.strict === true,
    tool: { type: 'function', function: present({ name, description: fn.description, parameters }) },
  };
}

interface Choice {
  readonly mode?: 'REQUIRED' | 'NONE';
  readonly names?: readonly string[];
}

function readChoice(choice: unknown): Choice {
  if (choice === undefined || choice === null || choice === 'auto') return {};
  if (choice === 'none' || choice === 'NONE') return { mode: 'NONE' };
  if (choice === 'required' || choice === 'any' || choice === 'REQUIRED') return { mode: 'REQUIRED' };
  const { type, function: named, allowed_tools } = asObject(choice);
  if (type === 'allowed_tools') return allowed(asObject(allowed_tools));
  const name = asText(asObject(named).name);
  if (name !== undefined) return { mode: 'REQUIRED', names: [name] };
  throw new TranslationError(
    'tool_choice',
    'Valid: "auto", "none", "required", {type: "function", function: {name}}, {type: "allowed_tools", allowed_tools: {mode, tools}}.',
  );
}

function allowed({ mode, tools }: JsonObject): Choice {
  const names = asObjects(tools).map((tool) => asText(asObject(tool.function).name) ?? '');
  return mode === 'required' ? { mode: 'REQUIRED', names } : { names };
}
