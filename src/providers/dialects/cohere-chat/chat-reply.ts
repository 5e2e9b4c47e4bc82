import { apiError } from '../../../core/errors/api-error.ts';
import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asObject, asObjects, asText, present } from '../shared/lenient.ts';
import { cohereErrorFacts } from './decode-error.ts';
import { annotationsOf, finishReasonOf, logprobOf, usageOf } from './reply-parts.ts';

/**
 * A reply of `/v2/chat` as OpenAI's chat completion. Thoughts and the plan before tool calls are `reasoning_content`;
 * unless strict, citations, content blocks, billed units and Cohere's own finish reason are kept beside.
 * Source: "Chat", Cohere API v2 reference.
 */
export function decodeChat(reply: unknown, scope: CodecScope): JsonObject {
  throwForReply(reply);
  const { id, message, finish_reason, usage, logprobs } = asObject(reply);
  if (!isJsonObject(message)) throw new UnreadableReplyError('A Cohere reply without a message', reply);
  const hasToolCalls = asObjects(message.tool_calls).length > 0;
  return present({
    id: asText(id) ?? `chatcmpl-${scope.id()}`,
    object: 'chat.completion',
    created: Math.floor(scope.now() / 1000),
    model: scope.model,
    choices: [
      {
        index: 0,
        message: messageOf(message, scope),
        logprobs: Array.isArray(logprobs) ? { content: asObjects(logprobs).map(logprobOf), refusal: null } : null,
        finish_reason: finishReasonOf(finish_reason, hasToolCalls),
        ...(scope.strict ? {} : present({ native_finish_reason: finish_reason })),
      },
    ],
    usage: isJsonObject(usage) ? usageOf(usage, scope.strict) : undefined,
  });
}

/** Throws when a reply, or an event, is an error: `{message}` and nothing of a reply. */
export function throwForReply(reply: unknown): void {
  const { message, error, type } = asObject(reply);
  if (type === undefined && (typeof message === 'string' || (error !== undefined && error !== null))) {
    throw apiError(cohereErrorFacts(undefined, reply));
  }
}

function messageOf(message: JsonObject, scope: CodecScope): JsonObject {
  const blocks = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  const text = joined(blocks, 'text');
  const reasoning = joined(blocks, 'thinking') + (asText(message.tool_plan) ?? '');
  const calls = asObjects(message.tool_calls).map(callOf);
  const citations = asObjects(message.citations);
  const annotations = citations.flatMap(annotationsOf);
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    refusal: null,
    ...present({
      reasoning_content: reasoning === '' ? undefined : reasoning,
      tool_calls: calls.length > 0 ? calls : undefined,
      annotations: annotations.length > 0 ? annotations : undefined,
      citations: scope.strict || citations.length === 0 ? undefined : citations,
      content_blocks: scope.strict || asObjects(blocks).length === 0 ? undefined : blocks,
    }),
  };
}

function joined(blocks: unknown, member: 'text' | 'thinking'): string {
  return asObjects(blocks)
    .map((block) => asText(block[member]) ?? '')
    .join('');
}

/** A call without parameters has no arguments at Cohere; OpenAI's are always JSON. */
function callOf(call: JsonObject): JsonObject {
  const { name, arguments: text } = asObject(call.function);
  return {
    id: asText(call.id) ?? '',
    type: 'function',
    function: { name: asText(name) ?? '', arguments: asText(text) || '{}' },
  };
}
