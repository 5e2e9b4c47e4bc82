import { otherTextOf, textOf } from '../../core/content.ts';
import type { ReceivedContent } from '../../core/errors/api-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Usage } from '../../core/usage.ts';
import { mergeUsage, usageOf } from '../../core/usage.ts';

/** What a stream has brought so far. */
export interface StreamTally {
  note(chunk: JsonObject): void;
  /** What the chunks that carried usage said together. */
  usage(): Usage | undefined;
  received(): ReceivedContent;
  chunkCount(): number;
  /** All that the model wrote, what no reader sees as text included. */
  written(): string;
}

/** Counts the chunks of one stream; keeps their text, not the chunks. */
export function streamTally(): StreamTally {
  let usage: Usage | undefined;
  let content = '';
  let other = '';
  let chunkCount = 0;
  return {
    note(chunk) {
      chunkCount++;
      content += textOf(chunk);
      other += otherTextOf(chunk);
      if (!mayCarryUsage(chunk)) return;
      const reported = usageOf(chunk);
      if (reported !== undefined) usage = mergeUsage(usage, reported);
    },
    usage: () => usage,
    written: () => content + other,
    received: () => ({ content, chunkCount }),
    chunkCount: () => chunkCount,
  };
}

function mayCarryUsage(chunk: JsonObject): boolean {
  return (
    (chunk.usage !== undefined && chunk.usage !== null) || chunk.response !== undefined || chunk.message !== undefined
  );
}
