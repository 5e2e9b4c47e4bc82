import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Failure } from '../wire-format.ts';

/** Every `tool_use` of a turn is answered by a `tool_result` in the next user turn, and nothing else is. */
export function checkToolUse(messages: readonly JsonObject[]): Failure | undefined {
  let asked: readonly string[] = [];
  let askedAt = 0;
  // Neighbours of the same role are one turn.
  for (const { role, from, blocks } of turns(messages)) {
    const answered = role === 'user' ? ids(blocks, 'tool_result', 'tool_use_id') : [];
    const stray = answered.find((id) => !asked.includes(id));
    if (stray !== undefined) return strayResult(stray, from);
    const open = asked.filter((id) => !answered.includes(id));
    if (open.length > 0) return unanswered(open, askedAt);
    asked = role === 'assistant' ? ids(blocks, 'tool_use', 'id') : [];
    askedAt = from;
  }
  return asked.length > 0 ? unanswered(asked, askedAt) : undefined;
}

interface Turn {
  readonly role: unknown;
  /** Index of its first message. */
  readonly from: number;
  readonly blocks: JsonObject[];
}

function turns(messages: readonly JsonObject[]): readonly Turn[] {
  const result: Turn[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const blocks = Array.isArray(content) ? content.filter(isJsonObject) : [];
    const last = result.at(-1);
    if (last !== undefined && last.role === role) last.blocks.push(...blocks);
    else result.push({ role, from: index, blocks });
  }
  return result;
}

function ids(blocks: readonly JsonObject[], type: string, field: string): readonly string[] {
  return blocks.filter((block) => block.type === type).map((block) => String(block[field]));
}

function strayResult(id: string, index: number): Failure {
  return {
    kind: 'invalid_request',
    message: `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
  };
}

function unanswered(open: readonly string[], index: number): Failure {
  return {
    kind: 'invalid_request',
    message: `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  };
}
