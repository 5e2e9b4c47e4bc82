import { textOf } from '../../core/content.ts';
import type { ReceivedContent } from '../../core/errors/api-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../../core/usage.ts';

/** What a stream has brought so far. */
export interface StreamTally {
  note(chunk: JsonObject): void;
  /** The last usage any chunk carried. */
  usage(): Usage | undefined;
  received(): ReceivedContent;
  chunkCount(): number;
}

/** Counts the chunks of one stream; keeps their text, not the chunks. */
export function streamTally(): StreamTally {
  let usage: Usage | undefined;
  let content = '';
  let chunkCount = 0;
  return {
    note(chunk) {
      chunkCount++;
      content += textOf(chunk);
      if (mayCarryUsage(chunk)) usage = usageOf(chunk) ?? usage;
    },
    usage: () => usage,
    received: () => ({ content, chunkCount }),
    chunkCount: () => chunkCount,
  };
}

function mayCarryUsage(chunk: JsonObject): boolean {
  return (
    (chunk.usage !== undefined && chunk.usage !== null) || chunk.response !== undefined || chunk.message !== undefined
  );
}
