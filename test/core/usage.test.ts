import { expect, it } from 'vitest';
import { mergeUsage, usageOf } from '../../src/core/usage.ts';

it.each([
  [
    'chat',
    {
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        prompt_tokens_details: { cached_tokens: 60, audio_tokens: 5, cache_write_tokens: 10 },
        completion_tokens_details: { reasoning_tokens: 8, audio_tokens: 0 },
      },
    },
    {
      promptTokens: 100,
      completionTokens: 20,
      cachedTokens: 60,
      cacheWriteTokens: 10,
      reasoningTokens: 8,
      audioInputTokens: 5,
    },
  ],
  ['embeddings', { usage: { prompt_tokens: 7, total_tokens: 7 } }, { promptTokens: 7, completionTokens: 0 }],
  [
    'responses, at the end of a stream',
    {
      type: 'response.completed',
      response: {
        usage: {
          input_tokens: 50,
          input_tokens_details: { cached_tokens: 30 },
          output_tokens: 9,
          output_tokens_details: { reasoning_tokens: 4 },
        },
      },
    },
    { promptTokens: 50, completionTokens: 9, cachedTokens: 30, reasoningTokens: 4 },
  ],
  [
    'messages, which count what the cache held apart',
    { usage: { input_tokens: 3, output_tokens: 5, cache_read_input_tokens: 90, cache_creation_input_tokens: 7 } },
    { promptTokens: 100, completionTokens: 5, cachedTokens: 90, cacheWriteTokens: 7 },
  ],
  ['a reply without counts', { usage: null }, undefined],
])('reads the usage of %s', (_, reply, expected) => {
  expect(usageOf(reply)).toEqual(expected);
});

it('keeps what the first report of a stream said when the last leaves it out', () => {
  const start = usageOf({
    type: 'message_start',
    message: { usage: { input_tokens: 3, output_tokens: 1, cache_read_input_tokens: 90 } },
  });
  const end = usageOf({ type: 'message_delta', usage: { output_tokens: 42 } });
  expect(start && end && mergeUsage(start, end)).toEqual({ promptTokens: 93, completionTokens: 42, cachedTokens: 90 });
});
