import type { JsonObject } from '../../../core/json.ts';
import type { Answer } from '../../answer.ts';
import type { StreamEvent } from '../../framing.ts';
import { tokens } from '../../text.ts';
import { textOf } from '../prompt.ts';
import type { Call, Operation } from '../wire-format.ts';
import { chatUsage, finishReason } from './chat.ts';
import { checkRequired } from './check.ts';

/** Legacy text completions (OpenAI API reference, "Completions"). */
export const completions: Operation = {
  check: ({ body }) => checkRequired(body, ['model', 'prompt']),
  prompt: ({ body }) => ({ lastUserText: textOf(body.prompt), length: textOf(body.prompt).length }),
  reply: (_call, answer) => ({
    json: {
      ...chunk(answer, answer.text, finishReason(answer)),
      ...(answer.usage === undefined ? {} : { usage: chatUsage(answer.usage, 1) }),
    },
  }),
  events,
};

function events(_call: Call, answer: Answer): readonly StreamEvent[] {
  return [
    ...tokens(answer.text).map((piece) => ({ data: chunk(answer, piece, null), token: true })),
    { data: chunk(answer, '', finishReason(answer)) },
    { data: '[DONE]', end: true },
  ];
}

function chunk(answer: Answer, text: string, finish: string | null): JsonObject {
  return {
    id: `cmpl-${answer.id}`,
    object: 'text_completion',
    created: answer.created,
    model: answer.model,
    system_fingerprint: 'simulator',
    choices: [{ text, index: 0, logprobs: null, finish_reason: finish }],
  };
}
