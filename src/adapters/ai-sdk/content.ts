import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { thinkingKeeper } from '../../providers/dialects/responses-bridge/thinking.ts';
import { keep } from './kept.ts';
import { toFiles, toSources } from './media.ts';
import type { Content } from './spec.ts';

/** A chat completion's message as the AI SDK's content: thoughts, text, files, sources, tool calls. */
export function toContent(message: JsonObject): Content[] {
  const { content, refusal, annotations } = message;
  const text = `${textOf(content)}${textOf(refusal)}`;
  return [
    ...thoughts(message),
    ...(text === '' ? [] : [{ type: 'text' as const, text, ...keep(extraOf(message)) }]),
    ...toFiles(message),
    ...toSources(annotations),
    ...toolCalls(message['tool_calls']),
  ];
}

function thoughts(message: JsonObject): Content[] {
  const keeper = thinkingKeeper(true);
  keeper.add(message);
  const thinkingBlocks = keeper.takeBlocks();
  const text = textOf(message['reasoning_content']);
  if (text === '' && thinkingBlocks.length === 0) return [];
  return [{ type: 'reasoning', text, ...keep(thinkingBlocks.length === 0 ? {} : { thinkingBlocks }) }];
}

function toolCalls(calls: unknown): Content[] {
  if (!Array.isArray(calls)) return [];
  return calls.filter(isJsonObject).flatMap((call, index) => {
    const called = isJsonObject(call['function']) ? call['function'] : undefined;
    if (called === undefined || typeof called['name'] !== 'string') return [];
    const toolCallId = typeof call['id'] === 'string' ? call['id'] : `call-${index}`;
    // No arguments may come as no text at all; the SDK parses what it gets.
    const input = textOf(called['arguments']) || '{}';
    return [{ type: 'tool-call', toolCallId, toolName: called['name'], input, ...keep(extraOf(call)) }];
  });
}

/** Google's signatures. */
export function extraOf({ extra_content: extraContent }: JsonObject): { readonly extraContent?: JsonObject } {
  return isJsonObject(extraContent) ? { extraContent } : {};
}

/** A text, empty where there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
