import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { objectsIn, omit } from '../values.ts';

/** Did the caller ask with `functions`, and so wait for `function_call` instead of `tool_calls`? */
export function asksForFunctionCall(body: JsonObject): boolean {
  return Array.isArray(body['functions']) && !Array.isArray(body['tools']);
}

/** A chat completion or chunk with its tool call as the legacy `function_call`. */
export function withFunctionCall(reply: JsonObject): JsonObject {
  return { ...reply, choices: objectsIn(reply['choices']).map(toLegacyChoice) };
}

function toLegacyChoice(choice: JsonObject): JsonObject {
  return {
    ...choice,
    ...(isJsonObject(choice['message']) ? { message: toLegacyMessage(choice['message']) } : {}),
    ...(isJsonObject(choice['delta']) ? { delta: toLegacyMessage(choice['delta']) } : {}),
    finish_reason: choice['finish_reason'] === 'tool_calls' ? 'function_call' : choice['finish_reason'],
  };
}

function toLegacyMessage(message: JsonObject): JsonObject {
  const call = objectsIn(message['tool_calls'])[0];
  return call === undefined ? message : { ...omit(message, ['tool_calls']), function_call: call['function'] };
}
