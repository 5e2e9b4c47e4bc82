import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Codec, CodecScope } from '../../../core/provider.ts';
import { type CallForm, isMainCall, toCall } from './call.ts';
import { choiceStream } from './choice-stream.ts';
import { requireList, toReplyObject } from './reply.ts';

/** `chat/completions`. Source: OpenAI API reference, "Create chat completion". */
export const chatCompletions = choicesCodec({ path: '/chat/completions' }, 'chat.completion');

/** `completions`. Source: OpenAI API reference, "Create completion". */
export const completions = choicesCodec({ path: '/completions' }, 'text_completion');

function choicesCodec(form: CallForm, object: string): Codec {
  return {
    encode: (body, scope) => toCall(form, body, scope),
    decode(reply, scope) {
      const value = toReplyObject(reply);
      if (!isMainCall(form, scope)) return value;
      requireList(value, 'choices');
      return repaired(value, object, scope);
    },
    decodeStream: choiceStream,
  };
}

/** The reply itself, or a copy with what OpenAI's clients rely on and this provider left out. */
function repaired(reply: JsonObject, object: string, scope: CodecScope): JsonObject {
  const usage = withTotal(reply['usage']);
  const whole = usage === reply['usage'] && reply['id'] && reply['object'] && reply['created'] && reply['model'];
  if (whole) return reply;
  return {
    ...reply,
    id: reply['id'] || scope.id(),
    object: reply['object'] || object,
    created: reply['created'] || Math.floor(scope.now() / 1000),
    model: reply['model'] || scope.model,
    ...(usage === undefined ? {} : { usage }),
  };
}

function withTotal(usage: unknown): unknown {
  if (!isJsonObject(usage) || usage['total_tokens'] !== undefined) return usage;
  const { prompt_tokens: prompt, completion_tokens: completion } = usage;
  if (typeof prompt !== 'number' || typeof completion !== 'number') return usage;
  return { ...usage, total_tokens: prompt + completion };
}
