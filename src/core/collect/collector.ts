import type { JsonObject } from '../json.ts';

/** Puts the chunks of a stream together while they pass, for whoever wants to see the whole answer. Changes none of them. */
export interface StreamCollector {
  add(chunk: JsonObject): void;
  /** What came so far, in the shape of a whole reply; undefined when nothing did. */
  whole(): JsonObject | undefined;
}
