import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { toolMismatch } from '../tool-messages.ts';
import type { Call, Failure } from '../wire-format.ts';
import { invalid, missing } from './check.ts';

/** What OpenAI refuses in a chat completion request; the parts a translation may get wrong. */
export function checkChat(call: Call): Failure | undefined {
  const { body } = call;
  const list = checkList(body);
  if (list !== undefined) return list;
  const messages = body.messages as readonly unknown[];
  for (const [index, message] of messages.entries()) {
    const failure = checkMessage(message, `messages[${index}]`);
    if (failure !== undefined) return failure;
  }
  return checkToolResults(messages as readonly JsonObject[]) ?? checkParameters(body);
}

function checkList(body: JsonObject): Failure | undefined {
  const { model, messages } = body;
  if (typeof model !== 'string' || model === '') return invalid('you must provide a model parameter', null);
  if (messages === undefined) return missing('messages');
  if (!Array.isArray(messages)) {
    return invalid(
      `Invalid type for 'messages': expected an array of objects, but got ${typeof messages} instead.`,
      'messages',
      'invalid_type',
    );
  }
  if (messages.length > 0) return undefined;
  return invalid(
    "Invalid 'messages': empty array. Expected an array with minimum length 1.",
    'messages',
    'empty_array',
  );
}

const roles = ['system', 'assistant', 'user', 'function', 'tool', 'developer'];

function checkMessage(message: unknown, path: string): Failure | undefined {
  if (!isJsonObject(message)) return invalid(`Invalid type for '${path}': expected an object.`, path, 'invalid_type');
  const { role, content } = message;
  if (role === undefined) return missing(`${path}.role`);
  if (!roles.includes(role as string)) {
    const supported = roles.map((name) => `'${name}'`).join(', ');
    return invalid(`Invalid value: '${role}'. Supported values are: ${supported}.`, `${path}.role`, 'invalid_value');
  }
  if (role === 'tool' && typeof message.tool_call_id !== 'string') return missing(`${path}.tool_call_id`);
  return checkContent(message, content, path);
}

function checkContent(message: JsonObject, content: unknown, path: string): Failure | undefined {
  if (typeof content === 'string' || Array.isArray(content)) return undefined;
  const optional = message.role === 'assistant' && hasOtherContent(message);
  if (optional && (content === undefined || content === null)) return undefined;
  if (content === undefined) return missing(`${path}.content`);
  const got = content === null ? 'null' : typeof content;
  return invalid(`Invalid value for 'content': expected a string, got ${got}.`, `${path}.content`, 'invalid_type');
}

function hasOtherContent(message: JsonObject): boolean {
  return ['tool_calls', 'function_call', 'refusal', 'audio'].some((name) => message[name] !== undefined);
}

function checkToolResults(messages: readonly JsonObject[]): Failure | undefined {
  const mismatch = toolMismatch(messages);
  if (mismatch === undefined) return undefined;
  const param = `messages.[${mismatch.index}].role`;
  if (mismatch.unanswered.length === 0) {
    return invalid(
      "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
      param,
    );
  }
  return invalid(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${mismatch.unanswered.join(', ')}`,
    param,
  );
}

function checkParameters(body: JsonObject): Failure | undefined {
  if (body.stream_options != null && body.stream !== true) {
    return invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options');
  }
  if (body.tool_choice != null && body.tools == null) {
    return invalid("'tool_choice' is only allowed when 'tools' are specified.", 'tool_choice');
  }
  return ranges
    .map(([name, least, most]) => checkRange(body[name], name, [least, most]))
    .find((failure) => failure !== undefined);
}

const ranges = [
  ['temperature', 0, 2],
  ['top_p', 0, 1],
  ['n', 1, 128],
  ['presence_penalty', -2, 2],
  ['frequency_penalty', -2, 2],
  ['top_logprobs', 0, 20],
] as const;

function checkRange(value: unknown, name: string, [least, most]: readonly [number, number]): Failure | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') return invalid(`Invalid type for '${name}': expected a number.`, name, 'invalid_type');
  if (value < least)
    return invalid(
      `Invalid '${name}': expected a value >= ${least}, but got ${value} instead.`,
      name,
      'below_min_value',
    );
  if (value > most)
    return invalid(
      `Invalid '${name}': expected a value <= ${most}, but got ${value} instead.`,
      name,
      'above_max_value',
    );
  return undefined;
}
