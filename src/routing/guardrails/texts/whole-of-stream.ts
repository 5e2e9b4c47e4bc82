import type { Endpoint } from '../../../core/endpoint.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { chatAssembler } from '../../../core/openai/assemble.ts';
import type { ChatCompletionChunk } from '../../../core/openai/index.ts';

/** The reply that the chunks of a stream make together, in the shape the endpoint has without `stream`. */
export function wholeOfStream(endpoint: Endpoint, chunks: readonly JsonObject[]): JsonObject {
  return assemblers[endpoint]?.(chunks) ?? {};
}

const assemblers: Readonly<Partial<Record<Endpoint, (chunks: readonly JsonObject[]) => JsonObject | undefined>>> = {
  'chat/completions': wholeChat,
  completions: wholeCompletion,
  // The last event that carries the response carries all of it.
  responses: (events) => events.map(({ response }) => response).findLast(isJsonObject),
  messages: wholeMessage,
};

function wholeChat(chunks: readonly JsonObject[]): JsonObject | undefined {
  const assembler = chatAssembler();
  for (const chunk of chunks) assembler.add(chunk as unknown as ChatCompletionChunk);
  try {
    return assembler.complete() as unknown as JsonObject;
  } catch {
    // Without a finish reason it is not whole; its text is there all the same.
    return assembler.snapshot as unknown as JsonObject | undefined;
  }
}

function wholeCompletion(chunks: readonly JsonObject[]): JsonObject {
  const choices = new Map<unknown, Record<string, unknown>>();
  for (const choice of chunks.flatMap((chunk) => objectsIn(chunk.choices))) {
    const known = choices.get(choice.index) ?? { text: '' };
    const given = Object.entries(choice).filter(([, value]) => value !== null && value !== undefined);
    choices.set(choice.index, { ...known, ...Object.fromEntries(given), text: `${known.text}${choice.text ?? ''}` });
  }
  return { ...chunks[0], choices: [...choices.values()] };
}

/** Source: Claude docs, "Streaming Messages". */
function wholeMessage(events: readonly JsonObject[]): JsonObject {
  let message: Record<string, unknown> = {};
  const blocks = new Map<unknown, Record<string, unknown>>();
  for (const { type, index, message: started, content_block, delta, usage } of events) {
    if (isJsonObject(started)) message = { ...started };
    if (isJsonObject(content_block)) blocks.set(index, { ...content_block });
    if (type === 'message_delta') {
      message = { ...message, ...objectOr(delta), usage: { ...objectOr(message.usage), ...objectOr(usage) } };
    }
    const block = blocks.get(index);
    if (type === 'content_block_delta' && block !== undefined) addDelta(block, objectOr(delta));
  }
  return { ...message, content: [...blocks.values()].map(finished) };
}

function addDelta(block: Record<string, unknown>, { type: _type, ...delta }: JsonObject): void {
  for (const [name, value] of Object.entries(delta)) {
    if (name === 'citation') block.citations = [...(Array.isArray(block.citations) ? block.citations : []), value];
    else block[name] = typeof block[name] === 'string' && typeof value === 'string' ? block[name] + value : value;
  }
}

/** The input of a tool comes as pieces of JSON. */
function finished({ partial_json, ...block }: Record<string, unknown>): JsonObject {
  if (typeof partial_json !== 'string' || partial_json === '') return block;
  try {
    return { ...block, input: JSON.parse(partial_json) };
  } catch {
    return { ...block, input: partial_json };
  }
}

function objectOr(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function objectsIn(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}
