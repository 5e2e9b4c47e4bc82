import type { Endpoint } from './endpoint.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** Does this chunk carry content, so that a stream must not change its source after it? Roles, pings and empty deltas do not; a finish does. */
export function bearsContent(endpoint: Endpoint, chunk: JsonObject): boolean {
  if (endpoint === 'chat/completions' || endpoint === 'completions') return someChoice(chunk);
  const { type } = chunk;
  if (endpoint === 'proxy' || typeof type !== 'string') return true;
  if (endpoint === 'messages')
    return type === 'content_block_delta' || type === 'message_delta' || type === 'message_stop';
  return contentEnds.some((end) => type.endsWith(end));
}

/** Of events that name themselves: responses, transcripts, images. */
const contentEnds = ['.delta', '.done', '.completed', '.incomplete', '.segment', '.partial_image'];

function someChoice({ choices }: JsonObject): boolean {
  return Array.isArray(choices) && choices.some(isContentChoice);
}

const contentKeys = [
  'content',
  'tool_calls',
  'refusal',
  'reasoning_content',
  'reasoning',
  'function_call',
  'audio',
  'images',
  'thinking_blocks',
];

function isContentChoice(choice: unknown): boolean {
  if (!isJsonObject(choice)) return false;
  if (choice.finish_reason !== null && choice.finish_reason !== undefined && choice.finish_reason !== '') return true;
  if (typeof choice.text === 'string' && choice.text !== '') return true;
  const { delta } = choice;
  if (!isJsonObject(delta)) return false;
  return contentKeys.some((key) => isFilled(delta[key])) || someBlock(delta.content_blocks);
}

/** A block that only begins, its text still empty, is none. */
function someBlock(blocks: unknown): boolean {
  return Array.isArray(blocks) && blocks.some((block) => isJsonObject(block) && isStarted(block.delta));
}

function isStarted(delta: unknown): boolean {
  return isJsonObject(delta) && Object.entries(delta).some(([key, value]) => key !== 'type' && isFilled(value));
}

function isFilled(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return !Array.isArray(value) || value.length > 0;
}

/** The text a chunk adds for the reader, whichever endpoint it belongs to; empty when it adds none. */
export function textOf(chunk: JsonObject): string {
  if (Array.isArray(chunk.choices)) return textOfChoices(chunk.choices);
  if (typeof chunk.delta === 'string') return chunk.delta;
  return isJsonObject(chunk.delta) && typeof chunk.delta.text === 'string' ? chunk.delta.text : '';
}

function textOfChoices(choices: readonly unknown[]): string {
  let text = '';
  for (const choice of choices) text += textOfChoice(choice);
  return text;
}

function textOfChoice(choice: unknown): string {
  if (!isJsonObject(choice)) return '';
  if (typeof choice.text === 'string') return choice.text;
  return isJsonObject(choice.delta) && typeof choice.delta.content === 'string' ? choice.delta.content : '';
}

/** What a chunk adds beside text: reasoning, and the arguments of tool calls; empty when it adds none. */
export function otherTextOf({ choices, delta }: JsonObject): string {
  if (isJsonObject(delta)) return stringIn(delta.partial_json) + stringIn(delta.thinking);
  if (!Array.isArray(choices)) return '';
  let text = '';
  for (const choice of choices) {
    if (!isJsonObject(choice) || !isJsonObject(choice.delta)) continue;
    const { reasoning_content: reasoning, tool_calls: calls } = choice.delta;
    text += stringIn(reasoning);
    if (Array.isArray(calls)) for (const call of calls) text += textOfCall(call);
  }
  return text;
}

function textOfCall(call: unknown): string {
  if (!isJsonObject(call) || !isJsonObject(call.function)) return '';
  return stringIn(call.function.name) + stringIn(call.function.arguments);
}

function stringIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
