import type { JsonObject } from '../../core/json.ts';
import { keptIn } from './kept.ts';
import type { AssistantMessage, Warning } from './spec.ts';

/** An earlier answer as OpenAI's message, with the thoughts and signatures its provider wants back. */
export function assistantMessage({ content }: AssistantMessage, warnings: Warning[]): JsonObject {
  let text = '';
  let reasoning = '';
  let extraContent: JsonObject | undefined;
  const thinkingBlocks: JsonObject[] = [];
  const toolCalls: JsonObject[] = [];
  for (const part of content) {
    if (part.type === 'text') {
      text += part.text;
      extraContent ??= keptIn(part.providerOptions).extraContent;
    } else if (part.type === 'reasoning') {
      reasoning += part.text;
      thinkingBlocks.push(...(keptIn(part.providerOptions).thinkingBlocks ?? []));
    } else if (part.type === 'tool-call' && part.providerExecuted !== true) toolCalls.push(toolCall(part));
    else warnings.push(leftOut(part.type));
  }
  return {
    role: 'assistant',
    content: text === '' && toolCalls.length > 0 ? null : text,
    ...filled({
      reasoning_content: reasoning,
      thinking_blocks: thinkingBlocks,
      extra_content: extraContent,
      tool_calls: toolCalls,
    }),
  };
}

/** Without texts and lists that are empty. */
function filled(members: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => {
      const isEmpty = value === '' || (Array.isArray(value) && value.length === 0);
      return value !== undefined && !isEmpty;
    }),
  );
}

type ToolCallPart = Extract<AssistantMessage['content'][number], { readonly type: 'tool-call' }>;

function toolCall({ toolCallId, toolName, input, providerOptions }: ToolCallPart): JsonObject {
  const { extraContent } = keptIn(providerOptions);
  return {
    id: toolCallId,
    type: 'function',
    function: { name: toolName, arguments: JSON.stringify(input ?? {}) },
    ...(extraContent === undefined ? {} : { extra_content: extraContent }),
  };
}

function leftOut(type: string): Warning {
  return {
    type: 'other',
    message: `A part of type "${type}" in an earlier answer has no place in a chat completion and was left out.`,
  };
}
