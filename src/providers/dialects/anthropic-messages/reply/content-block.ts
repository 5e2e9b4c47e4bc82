import type { JsonObject } from '../../../../core/json.ts';
import { jsonToolName } from '../json-tool.ts';
import { omit } from '../values.ts';

/** Is `block` the call that stands for a JSON answer? */
export function isJsonAnswer(block: JsonObject): boolean {
  return block['type'] === 'tool_use' && block['name'] === jsonToolName;
}

/**
 * `block` as kept in `content_blocks`, so that the turn can be sent back as it came. The input of a call stands in
 * `tool_calls` already; here the block only marks its place.
 */
export function keptBlock(block: JsonObject): JsonObject {
  return block['type'] === 'tool_use' ? omit(block, ['input']) : block;
}
