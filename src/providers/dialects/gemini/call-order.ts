import type { JsonObject } from '../../../core/json.ts';
import { asObject, asObjects } from '../shared/lenient.ts';

/** A message and where the caller had it. */
export interface PlacedMessage {
  readonly message: JsonObject;
  readonly index: number;
}

/**
 * `messages` with the results of parallel calls in the order of the calls. OpenAI pairs them by ID and takes any order; Vertex AI
 * bears no IDs, so there the order alone says which of two calls of one function a result answers.
 */
export function inCallOrder(messages: readonly unknown[]): readonly PlacedMessage[] {
  let calls: readonly unknown[] = [];
  let start = 0;
  const placed = messages.map((given, index) => {
    const message = asObject(given);
    if (message.role === 'tool')
      return { message, index, place: resultPlace(calls.indexOf(message.tool_call_id), index) };
    calls = asObjects(message.tool_calls).map(({ id }) => id);
    start = index;
    return { message, index, place: index };
  });
  return placed.toSorted((one, other) => one.place - other.place);

  /** Between the calls and the message after them; a result of no known call stays where it is. */
  function resultPlace(rank: number, index: number): number {
    return rank < 0 ? index : start + (rank + 1) / (calls.length + 1);
  }
}
