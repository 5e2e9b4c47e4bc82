import type { JsonObject } from '../../../core/json.ts';
import { asNumber, asObject, asObjects, asText } from '../shared/lenient.ts';

/** Members of the assistant message that `encrypted_content` belongs to; none where it is another provider's. */
export function readThinking(encrypted: unknown): JsonObject {
  const blocks = asObjects(parse(asText(encrypted) ?? '')).filter(isThinking);
  return blocks.length > 0 ? { thinking_blocks: blocks } : {};
}

/** Gathers the signed thinking of a chat message. */
export interface ThinkingKeeper {
  /** Takes a message, or a delta, with `thinking_blocks` or Portkey's `content_blocks`. True when it brought thinking. */
  add(delta: JsonObject): boolean;
  /** What has been gathered since, as the text of `encrypted_content`, which OpenAI's clients hand back as it is; null where there is none. */
  take(): string | null;
  /** The same as blocks. */
  takeBlocks(): readonly JsonObject[];
}

/** A {@link ThinkingKeeper}; unless `isWanted` it keeps nothing. */
export function thinkingKeeper(isWanted: boolean): ThinkingKeeper {
  let whole: JsonObject[] = [];
  const pieced = new Map<number, JsonObject>();
  function takeBlocks(): readonly JsonObject[] {
    const blocks = [...whole, ...pieced.values()];
    whole = [];
    pieced.clear();
    return blocks;
  }
  return {
    takeBlocks,
    add(delta) {
      if (!isWanted) return false;
      const blocks = asObjects(delta.thinking_blocks).filter(isThinking);
      whole.push(...blocks);
      const pieces = asObjects(delta.content_blocks).map((block, position) => addPiece(block, position, pieced));
      return blocks.length > 0 || pieces.includes(true);
    },
    take() {
      const blocks = takeBlocks();
      return blocks.length > 0 ? JSON.stringify(blocks) : null;
    },
  };
}

/** Blocks of a whole message have no index: they stand where they stand. */
function addPiece(block: JsonObject, position: number, pieced: Map<number, JsonObject>): boolean {
  const index = asNumber(block.index) ?? position;
  const piece = block.delta === undefined ? block : asObject(block.delta);
  const before = pieced.get(index);
  if (before === undefined && !isThinking(piece)) return false;
  pieced.set(index, merged(before ?? {}, piece));
  return true;
}

function isThinking({ type }: JsonObject): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}

/** Texts grow, everything else is set. */
function merged(block: JsonObject, piece: JsonObject): JsonObject {
  const grown = ['thinking', 'signature'].flatMap((name) => {
    const [before, more] = [asText(block[name]), asText(piece[name])];
    return before === undefined || more === undefined ? [] : [[name, before + more] as const];
  });
  return { ...block, ...piece, ...Object.fromEntries(grown) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
