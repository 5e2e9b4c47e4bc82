import type { ChatCompletionChunk } from '../../../src/core/openai/index.ts';

/** A chunk of one choice. */
export function chunk(
  delta: ChatCompletionChunk.Choice.Delta,
  more: Partial<ChatCompletionChunk.Choice> = {},
): ChatCompletionChunk {
  return chunkOf([{ index: 0, delta, finish_reason: null, ...more }]);
}

/** A chunk of any choices. */
export function chunkOf(
  choices: ChatCompletionChunk.Choice[],
  more: Partial<ChatCompletionChunk> = {},
): ChatCompletionChunk {
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 7, model: 'm', choices, ...more };
}

/** The last chunk of a choice. */
export function finish(finish_reason: ChatCompletionChunk.Choice['finish_reason'], index = 0): ChatCompletionChunk {
  return chunkOf([{ index, delta: {}, finish_reason }]);
}

/** The chunk that brings the usage. */
export const usageChunk = chunkOf([], { usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } });

/** A piece of a tool call. */
export function call(
  index: number,
  args: string,
  named?: { id: string; name: string },
): ChatCompletionChunk.Choice.Delta {
  return {
    tool_calls: [
      named
        ? { index, id: named.id, type: 'function', function: { name: named.name, arguments: args } }
        : { index, function: { arguments: args } },
    ],
  };
}
