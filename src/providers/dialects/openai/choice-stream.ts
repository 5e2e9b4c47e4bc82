import { apiError } from '../../../core/errors/api-error.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { StreamDecoder } from '../../../core/provider.ts';
import { errorFacts } from '../shared/error-facts.ts';
import { carriesError, isEndMarker, parseEventData } from '../shared/event-data.ts';

/**
 * Decodes a stream of chunks with `choices`, passing each on as it is. Complete when `[DONE]` came or every choice seen has a
 * finish reason: some providers and proxies leave the marker out. Source: OpenAI API reference, "The chat completion chunk object".
 */
export function choiceStream(): StreamDecoder {
  let marked = false;
  const finished = new Map<number, boolean>();
  return {
    push({ event, data }, emit) {
      if (marked || data === '') return marked;
      if (isEndMarker(data)) {
        marked = true;
        return marked;
      }
      const chunk = parseEventData(data);
      if (event === 'error' || carriesError(chunk)) throw apiError(errorFacts(undefined, chunk));
      const { choices } = chunk;
      if (Array.isArray(choices)) for (const choice of choices) note(finished, choice);
      handOn(chunk, data, emit);
      return false;
    },
    end: () => marked || (finished.size > 0 && [...finished.values()].every(Boolean)),
  };
}

function handOn(chunk: JsonObject, data: string, emit: (chunk: JsonObject, text?: string) => void): void {
  if (Array.isArray(chunk['choices'])) emit(chunk, data);
  else emit({ ...chunk, choices: [] });
}

function note(finished: Map<number, boolean>, choice: unknown): void {
  if (!isJsonObject(choice)) return;
  const { index = 0, finish_reason: reason } = choice as JsonObject & { index?: number };
  // Once finished, always finished: a usage or empty chunk may follow with the same index.
  if (reason) finished.set(index, true);
  else if (!finished.has(index)) finished.set(index, false);
}
