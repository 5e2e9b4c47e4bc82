import { isJsonObject, type JsonObject } from '../json.ts';
import type { StreamCollector } from './collector.ts';

/** Puts Anthropic's events together to the message they tell of. Source: Claude API reference, "Streaming Messages". */
export function collectMessage(): StreamCollector {
  let message: Record<string, unknown> | undefined;
  const blocks = new Map<unknown, Record<string, unknown>>();
  const byType: Readonly<Record<string, (event: JsonObject) => void>> = {
    message_start(event) {
      if (isJsonObject(event.message)) message = { ...event.message };
    },
    content_block_start({ index, content_block: block }) {
      if (isJsonObject(block)) blocks.set(index, { ...block });
    },
    content_block_delta({ index, delta }) {
      const block = blocks.get(index);
      if (block !== undefined && isJsonObject(delta)) grow(block, delta);
    },
    message_delta({ delta, usage }) {
      if (message === undefined) return;
      Object.assign(message, delta);
      if (isJsonObject(usage)) message.usage = { ...(message.usage as object), ...usage };
    },
  };
  return {
    add: (event) => byType[String(event.type)]?.(event),
    whole: () => message && { ...message, content: [...blocks.values()] },
  };
}

/** Deltas of text name their member; those of a tool's input are pieces of JSON. */
function grow(block: Record<string, unknown>, delta: JsonObject): void {
  for (const [name, piece] of Object.entries(delta)) {
    if (name === 'type' || typeof piece !== 'string') continue;
    const member = name === 'partial_json' ? 'input' : name;
    const before = block[member];
    block[member] = (typeof before === 'string' ? before : '') + piece;
  }
}
