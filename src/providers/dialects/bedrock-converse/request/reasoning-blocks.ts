import type { JsonObject } from '../../../../core/json.ts';
import { asObject, asObjects, asText } from '../../shared/lenient.ts';
import type { Encoding } from './encoding.ts';

/**
 * The `reasoningContent` blocks of an assistant message's thinking, in Anthropic's shape: signed thinking and redacted
 * thinking. Unsigned thinking goes, because no model takes it back, and so does all thinking for models that take none.
 * Source: Bedrock API reference, "ReasoningContentBlock".
 */
export function reasoningBlocks(thinking: readonly JsonObject[], { traits }: Encoding): readonly JsonObject[] {
  return traits.replaysReasoning ? thinking.flatMap(reasoningBlock) : [];
}

/** Thinking kept beside the content of an assistant message: `thinking_blocks`, else Portkey's `content_blocks`. */
export function keptThinking(message: JsonObject): readonly JsonObject[] {
  const blocks = asObjects(message.thinking_blocks);
  if (blocks.length > 0) return blocks;
  return asObjects(message.content_blocks).map((block) => ({ ...block, ...asObject(block.delta) }));
}

function reasoningBlock(block: JsonObject): readonly JsonObject[] {
  const data = asText(block.data);
  if (block.type === 'redacted_thinking') {
    return data === undefined ? [] : [{ reasoningContent: { redactedContent: data } }];
  }
  const text = asText(block.thinking);
  const signature = asText(block.signature);
  if (block.type !== 'thinking' || text === undefined || !signature) return [];
  return [{ reasoningContent: { reasoningText: { text, signature } } }];
}
