import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { compact, objectsIn, omit, pick, stringOr } from '../../anthropic-messages/values.ts';
import { type BridgeScope, cacheMark } from './bridge-scope.ts';

/**
 * `tools`, `tool_choice` and `parallel_tool_calls` of a chat body. Tools that Anthropic runs or defines by a dated type
 * cannot be offered to another model; they are left out and reported. Source: Claude docs, "Define tools".
 */
export function toChatTools(body: JsonObject, bridge: BridgeScope): JsonObject {
  const tools = objectsIn(body['tools']).flatMap((tool, index) => toFunction(tool, `tools[${index}]`, bridge));
  if (tools.length === 0) return {};
  const choice = isJsonObject(body['tool_choice']) ? body['tool_choice'] : {};
  return compact({
    tools,
    tool_choice: toChatChoice(choice),
    parallel_tool_calls: choice['disable_parallel_tool_use'] === true ? false : undefined,
  });
}

function toFunction(tool: JsonObject, path: string, bridge: BridgeScope): readonly JsonObject[] {
  const { name, description, input_schema: schema, strict } = tool;
  if (!isJsonObject(schema)) {
    bridge.scope.drop(path, `${stringOr(tool['type'], 'A tool without a schema')} is known to Anthropic only`);
    return [];
  }
  const others = omit(tool, ['name', 'description', 'input_schema', 'strict', 'type', 'cache_control']);
  for (const member of Object.keys(pick(others, Object.keys(others)))) {
    bridge.scope.drop(`${path}.${member}`, 'Functions of a chat request have no such member');
  }
  const fn = { name, ...pick({ description, strict }, ['description', 'strict']), parameters: schema };
  return [{ type: 'function', function: fn, ...cacheMark(tool, bridge) }];
}

function toChatChoice(choice: JsonObject): unknown {
  switch (choice['type']) {
    case 'auto':
      return 'auto';
    case 'any':
      return 'required';
    case 'none':
      return 'none';
    case 'tool':
      return { type: 'function', function: { name: choice['name'] } };
    default:
      return undefined;
  }
}
