import { apiError } from '../../../core/errors/api-error.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { StreamDecoder, WireEvent } from '../../../core/provider.ts';
import { errorFacts } from '../shared/error-facts.ts';
import { carriesError, isEndMarker, parseEventData } from '../shared/event-data.ts';

/**
 * Decodes a stream of events that name themselves in `type`, passing each on as it is. Complete after one of `ends` or `[DONE]`;
 * with `ends` undefined any stream is, since nothing is known of it. Throws for `error` and `response.failed`.
 */
export function eventStream(ends: readonly string[] | undefined): () => StreamDecoder {
  return () => {
    let complete = ends === undefined;
    return {
      push(event, emit) {
        if (event.data === '') return false;
        const chunk = isEndMarker(event.data) ? undefined : toTypedChunk(event);
        const isLast = chunk === undefined || (ends?.includes(String(chunk['type'])) ?? false);
        complete ||= isLast;
        if (chunk !== undefined) emit(chunk);
        return isLast;
      },
      end: () => complete,
    };
  };
}

function toTypedChunk({ event, data }: WireEvent): JsonObject {
  const chunk = parseEventData(data);
  const type = chunk['type'] ?? event;
  if (type === 'response.failed') {
    const response = chunk['response'];
    throw apiError(errorFacts(undefined, isJsonObject(response) ? { error: response['error'] } : chunk));
  }
  if (type === 'error' || carriesError(chunk)) throw apiError(errorFacts(undefined, chunk));
  return type === undefined || 'type' in chunk ? chunk : { ...chunk, type };
}
