import type { ChatCompletionAudio } from '../core/openai/chat-reply.ts';
import type { ChatCompletionAssistantMessageParam, ChatCompletionMessageParam } from '../core/openai/messages.ts';
import type { ChatCompletionMessageToolCall } from '../core/openai/tools.ts';
import type { ParsedChatCompletionMessageToolCall } from './chat-parse.ts';

/**
 * A message of a conversation as it may be sent: an answer loses what was parsed in it and what only answers have.
 * Reasoning and signatures stay, for providers that want them back.
 */
export function requestMessage(message: ChatCompletionMessageParam): ChatCompletionMessageParam {
  if (message.role !== 'assistant') return message;
  const { parsed: _, annotations: __, audio, refusal, tool_calls: calls, ...rest }: Answer = message;
  return {
    ...rest,
    ...(refusal && { refusal }),
    ...(audio && { audio: { id: audio.id } }),
    ...(calls && { tool_calls: calls.map(requestCall) }),
  };
}

interface Answer extends Omit<ChatCompletionAssistantMessageParam, 'audio'> {
  parsed?: unknown;
  annotations?: unknown;
  audio?: { id: string } | ChatCompletionAudio | null | undefined;
}

function requestCall(call: ChatCompletionMessageToolCall): ChatCompletionMessageToolCall {
  if (call.type === 'custom') return call;
  const { parsed_arguments: _, ...named }: (ParsedChatCompletionMessageToolCall & { type: 'function' })['function'] =
    call.function;
  return { ...call, function: named };
}
