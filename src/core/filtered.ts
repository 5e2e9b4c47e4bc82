import type { Endpoint } from './endpoint.ts';
import type { ErrorFacts } from './errors/api-error.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** What a reply that a provider's content filter ended stands for, where it counts as a failure. */
export const filteredFacts: ErrorFacts = {
  status: 400,
  kind: 'content_policy',
  type: 'content_policy_violation',
  code: 'content_filter',
  message: "The provider's content filter ended the reply.",
};

/** Did a content filter end this whole reply, or with this chunk every choice of a stream? */
export function isFiltered(endpoint: Endpoint, value: JsonObject): boolean {
  switch (endpoint) {
    case 'chat/completions':
    case 'completions':
      return everyChoice(value);
    case 'messages':
      return stopReason(value) === 'refusal';
    case 'responses':
      return incompleteReason(value) === 'content_filter';
    default:
      return false;
  }
}

function everyChoice({ choices }: JsonObject): boolean {
  return (
    Array.isArray(choices) &&
    choices.length > 0 &&
    choices.every((choice) => isJsonObject(choice) && choice['finish_reason'] === 'content_filter')
  );
}

/** In a stream it comes with `message_delta`. */
function stopReason(value: JsonObject): unknown {
  return isJsonObject(value['delta']) ? value['delta']['stop_reason'] : value['stop_reason'];
}

/** In a stream it comes with `response.incomplete`. */
function incompleteReason(value: JsonObject): unknown {
  const response = isJsonObject(value['response']) ? value['response'] : value;
  const details = response['incomplete_details'];
  return isJsonObject(details) ? details['reason'] : undefined;
}
