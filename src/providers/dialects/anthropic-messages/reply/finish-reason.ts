import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { lookup, pick } from '../values.ts';

const finishReasons: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'content_filter',
};

/**
 * OpenAI's finish reason for Anthropic's stop reason; `stop` for one not known. A reply whose only call stands for a JSON
 * answer has no calls for the caller and ends like any answer. Source: Claude docs, "Stop reasons".
 */
export function toFinishReason(stopReason: unknown, hasToolCalls: boolean): string {
  const reason = lookup(finishReasons, stopReason) ?? 'stop';
  return reason === 'tool_calls' && !hasToolCalls ? 'stop' : reason;
}

/** Anthropic's own words on why it stopped, as members of a choice. `stop` holds `stop_reason` and its companions. */
export function ownStop(stop: JsonObject): JsonObject {
  return pick(stop, ['stop_reason', 'stop_sequence', 'stop_details']);
}

/** The model's explanation of a refusal, as OpenAI's `refusal`; null when there is none. */
export function toRefusal(stop: JsonObject): string | null {
  const details = stop['stop_details'];
  const explanation = isJsonObject(details) && stop['stop_reason'] === 'refusal' ? details['explanation'] : null;
  return typeof explanation === 'string' ? explanation : null;
}
