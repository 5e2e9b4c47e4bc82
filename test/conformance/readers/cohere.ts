import { readOpenAi } from './openai.ts';
import { type Conversation, list, type Wire } from './turns.ts';

/** Reads a chat request (Cohere API reference, "Chat API (v2)"), which is OpenAI's but for the text before tool calls, `tool_plan`. */
export function readCohere({ messages }: Wire): Conversation {
  return readOpenAi({
    messages: list(messages).map((message) =>
      message.tool_plan === undefined ? message : { ...message, content: message.tool_plan },
    ),
  });
}
