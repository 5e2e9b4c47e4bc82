import { UnreadableReplyError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { objectsIn, parseJson, pick, stringOr } from '../../anthropic-messages/values.ts';
import { toMessageUsage } from './message-usage.ts';
import { toStop } from './stop-reason.ts';

/** An OpenAI chat completion as an Anthropic message: thinking, then text, then calls. Its first choice only, as Anthropic has one. */
export function toMessage(completion: JsonObject, scope: CodecScope): JsonObject {
  const choice = objectsIn(completion['choices'])[0];
  if (choice === undefined || !isJsonObject(choice['message'])) {
    throw new UnreadableReplyError('The reply has no choice with a message', completion);
  }
  const { message } = choice;
  const calls = toolUses(message, scope);
  const text = `${stringOr(message['content'])}${stringOr(message['refusal'])}`;
  return {
    id: stringOr(completion['id'], scope.id()),
    type: 'message',
    role: 'assistant',
    model: stringOr(completion['model'], scope.model),
    content: [...thinkingOf(message), ...(text === '' ? [] : [{ type: 'text', text, citations: null }]), ...calls],
    ...toStop(choice, calls.length > 0),
    usage: toMessageUsage(completion['usage']),
  };
}

function thinkingOf(message: JsonObject): readonly JsonObject[] {
  const kept = [message['content_blocks'], message['thinking_blocks']]
    .map((blocks) => objectsIn(blocks).filter(({ type }) => type === 'thinking' || type === 'redacted_thinking'))
    .find((blocks) => blocks.length > 0);
  if (kept !== undefined) return kept.map(asThinking);
  const reasoning = stringOr(message['reasoning_content']);
  return reasoning === '' ? [] : [asThinking({ thinking: reasoning })];
}

// Without a signature the thinking cannot go back to Anthropic; the empty one says so.
function asThinking(block: JsonObject): JsonObject {
  if (block['type'] === 'redacted_thinking') return { type: 'redacted_thinking', data: block['data'] };
  return { type: 'thinking', thinking: stringOr(block['thinking']), signature: stringOr(block['signature']) };
}

function toolUses(message: JsonObject, scope: CodecScope): readonly JsonObject[] {
  const legacy = isJsonObject(message['function_call']) ? [{ function: message['function_call'] }] : [];
  return [...objectsIn(message['tool_calls']), ...legacy].map((call: JsonObject) => {
    const fn = isJsonObject(call['function']) ? call['function'] : {};
    return {
      type: 'tool_use',
      id: stringOr(call['id'], scope.id()),
      name: stringOr(fn['name']),
      input: inputOf(fn['arguments']),
      ...pick(call, ['extra_content']),
    };
  });
}

function inputOf(written: unknown): JsonObject {
  const text = stringOr(written).trim();
  const input = text === '' ? {} : parseJson(text);
  if (isJsonObject(input)) return input;
  throw new UnreadableReplyError('The arguments of a tool call are not a JSON object', written);
}
