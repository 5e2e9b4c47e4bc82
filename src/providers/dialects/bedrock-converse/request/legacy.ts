import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { asList, present } from '../../shared/lenient.ts';

/**
 * `body` with OpenAI's deprecated functions in the form that replaced them: `functions` as `tools`, `function_call` as
 * `tool_choice` and `tool_calls`, messages of role `function` as results. Such calls bear no IDs: they are numbered.
 */
export function withoutLegacy(body: JsonObject): JsonObject {
  const { functions, function_call, ...rest } = body;
  const tools = [...asList(body.tools), ...asList(functions).map((fn) => ({ type: 'function', function: fn }))];
  return {
    ...rest,
    ...(functions === undefined ? {} : { tools }),
    ...present({ tool_choice: body.tool_choice ?? modernChoice(function_call) }),
    ...(Array.isArray(body.messages) ? { messages: modernMessages(body.messages) } : {}),
  };
}

function modernChoice(choice: unknown): unknown {
  return isJsonObject(choice) ? { type: 'function', function: choice } : choice;
}

function modernMessages(messages: readonly unknown[]): readonly unknown[] {
  let calls = 0;
  return messages.map((message) => {
    if (!isJsonObject(message)) return message;
    if (message.role === 'function') return { ...message, role: 'tool', tool_call_id: `function_call_${calls}` };
    const { function_call, ...rest } = message;
    if (!isJsonObject(function_call)) return message;
    calls += 1;
    return { ...rest, tool_calls: [{ id: `function_call_${calls}`, type: 'function', function: function_call }] };
  });
}
