import type { Pricing } from '../../src/observe/pricing/own-price.ts';

/** 100 dollars per million tokens written: a call with `max_tokens: 1000` costs at most 0.10. The prompt is free. */
export const dime: Pricing = { input: 0, output: 100 };

/** A whole reply of `model` that used so many tokens. */
export function replyUsing(completionTokens: number, model = 'a', more: object = {}) {
  return {
    status: 200,
    body: {
      id: '1',
      object: 'chat.completion',
      created: 1,
      model,
      choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: completionTokens, total_tokens: 10 + completionTokens },
      ...more,
    },
  };
}

/** A body that asks for at most so many tokens. */
export function asking(maxTokens: number) {
  return { max_tokens: maxTokens };
}

export const day = 86_400_000;
