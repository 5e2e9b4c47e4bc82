import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { hasInk, pick, stringOr } from '../values.ts';

/** `tool_use` blocks of an assistant message: its `tool_calls`, or the legacy `function_call`. `path` is the message's JSON path. */
export function toolUseBlocks(message: JsonObject, path: string): readonly JsonObject[] {
  const calls = message['tool_calls'];
  if (Array.isArray(calls)) return calls.map((call, index) => toolUse(call, `${path}.tool_calls[${index}]`));
  const legacy = message['function_call'];
  if (!isJsonObject(legacy)) return [];
  return [
    {
      type: 'tool_use',
      id: functionCallId(path),
      name: stringOr(legacy['name']),
      input: toolInput(legacy['arguments'], `${path}.function_call.arguments`),
    },
  ];
}

/** The ID that stands for the legacy `function_call` of the message at `path`, which has none. */
export function functionCallId(path: string): string {
  return `function_call_${path.replace(/\D/g, '')}`;
}

/**
 * `id` in the characters Anthropic accepts in a `tool_use` ID, `[a-zA-Z0-9_-]`: any other becomes `_` and its code in
 * hex, so that IDs of other providers stay apart.
 */
export function toolUseId(id: string): string {
  return id.replace(/[^a-zA-Z0-9_-]/g, (character) => `_${character.charCodeAt(0).toString(16)}`);
}

function toolUse(call: unknown, path: string): JsonObject {
  const fn = isJsonObject(call) ? call['function'] : undefined;
  if (!isJsonObject(call) || !isJsonObject(fn)) {
    throw new TranslationError(path, `${path} must be a call of a function: Claude models know no other kind of call.`);
  }
  if (typeof call['id'] !== 'string') {
    throw new TranslationError(`${path}.id`, `${path}.id must be the ID the call was made with.`);
  }
  return {
    type: 'tool_use',
    id: toolUseId(call['id']),
    name: stringOr(fn['name']),
    input: toolInput(fn['arguments'], `${path}.function.arguments`),
    ...pick(call, ['cache_control']),
  };
}

function toolInput(written: unknown, path: string): JsonObject {
  if (isJsonObject(written)) return written;
  const input = parseArguments(stringOr(written), path) ?? {};
  if (!isJsonObject(input)) throw new TranslationError(path, `${path} must be a JSON object.`);
  return input;
}

function parseArguments(text: string, path: string): unknown {
  if (!hasInk(text)) return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TranslationError(path, `${path} must be a JSON object, but it is not valid JSON.`, error);
  }
}
