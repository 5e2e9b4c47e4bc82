import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { asObject, asText } from '../../shared/lenient.ts';
import { cachePoints } from './cache-point.ts';
import { contentBlocks } from './content.ts';
import type { Encoding } from './encoding.ts';

/** The `toolUse` blocks of an assistant message's `tool_calls`. `path` is the message's JSON path. */
export function toolUseBlocks(message: JsonObject, path: string, encoding: Encoding): readonly JsonObject[] {
  const calls = message.tool_calls;
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call: unknown, index) => {
    const callPath = `${path}.tool_calls[${index}]`;
    const { id, function: called } = asObject(call);
    if (!isJsonObject(called)) {
      throw new TranslationError(callPath, `${callPath} must be a call of a function: Bedrock knows no other kind.`);
    }
    const name = asText(called.name);
    if (name === undefined)
      throw new TranslationError(`${callPath}.function.name`, `${callPath}.function.name is missing.`);
    const input = toolInput(called.arguments, `${callPath}.function.arguments`);
    const toolUse = { toolUseId: toolUseId(id, `${callPath}.id`, encoding), name, input };
    return [{ toolUse }, ...cachePoints(asObject(call), callPath, encoding)];
  });
}

/**
 * The `toolResult` block of a tool message, and the cache point after it: inside a result Bedrock takes none. Text stays
 * text, even where it is JSON: reading it would change long numbers. A failure is said by `is_error: true` or
 * `status: "error"`.
 */
export function toolResultBlocks(message: JsonObject, path: string, encoding: Encoding): readonly JsonObject[] {
  const isError = message.is_error === true || message.status === 'error';
  const blocks = resultContent(message.content, `${path}.content`, encoding);
  const toolResult = {
    toolUseId: toolUseId(message.tool_call_id, `${path}.tool_call_id`, encoding),
    content: blocks.filter((block) => !isCachePoint(block)),
    ...(isError && encoding.traits.resultStatus ? { status: 'error' } : {}),
  };
  return [{ toolResult }, ...blocks.filter(isCachePoint).slice(-1)];
}

function isCachePoint(block: JsonObject): boolean {
  return 'cachePoint' in block;
}

function resultContent(content: unknown, path: string, encoding: Encoding): readonly JsonObject[] {
  if (isJsonObject(content)) return [{ json: content }];
  const blocks = contentBlocks(content, path, encoding);
  if (blocks.some((block) => 'audio' in block)) {
    throw new TranslationError(path, `${path} holds sound, which a tool result cannot on Bedrock.`);
  }
  return blocks;
}

function toolInput(written: unknown, path: string): JsonObject {
  if (isJsonObject(written)) return written;
  const text = asText(written) ?? '';
  const input = text.trim() === '' ? {} : parse(text, path);
  if (isJsonObject(input)) return input;
  throw new TranslationError(path, `${path} must be a JSON object, but it is ${JSON.stringify(input).slice(0, 60)}.`);
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TranslationError(path, `${path} must be a JSON object, but it is not valid JSON.`, error);
  }
}

/**
 * An ID as Bedrock takes it: up to 64 letters, digits, `_` and `-`; other characters become `_` and their code, so that
 * IDs of other providers stay apart. Mistral models take exactly nine letters and digits: the last ones, since IDs begin
 * alike.
 */
function toolUseId(id: unknown, path: string, { traits }: Encoding): string {
  if (typeof id !== 'string' || id === '') throw new TranslationError(path, `${path} must be the ID of the tool call.`);
  if (traits.shortToolIds)
    return id
      .replace(/[^a-zA-Z0-9]/g, '')
      .slice(-9)
      .padStart(9, '0');
  return id.replace(/[^a-zA-Z0-9_-]/g, (character) => `_${character.charCodeAt(0).toString(16)}`).slice(-64);
}
