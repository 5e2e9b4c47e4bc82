import { isJsonObject, type JsonObject } from '../../core/json.ts';

/** Where tool calls and tool messages do not fit together. */
export interface ToolMismatch {
  /** Index of the message that is wrong, or that stands where a tool message is missing. */
  readonly index: number;
  /** IDs of calls without a tool message; empty where the tool message is the one too many. */
  readonly unanswered: readonly string[];
}

/** The first place where an assistant's `tool_calls` are not answered right after it by one message of role `tool` each. */
export function toolMismatch(messages: readonly JsonObject[]): ToolMismatch | undefined {
  let open = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id)) return { index, unanswered: [] };
    } else {
      if (open.size > 0) return { index, unanswered: [...open].map(String) };
      open = new Set(calledIds(message));
    }
  }
  return open.size > 0 ? { index: messages.length, unanswered: [...open].map(String) } : undefined;
}

function calledIds({ role, tool_calls: calls }: JsonObject): readonly unknown[] {
  if (role !== 'assistant' || !Array.isArray(calls)) return [];
  return calls.map((call: unknown) => (isJsonObject(call) ? call.id : undefined));
}
