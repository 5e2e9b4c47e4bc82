import type { JsonObject } from '../../../../core/json.ts';
import { lookup, stringOr } from '../../anthropic-messages/values.ts';

const ownReasons = new Set([
  ...['end_turn', 'stop_sequence', 'pause_turn', 'tool_use', 'max_tokens', 'refusal', 'model_context_window_exceeded'],
]);

const stopReasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  length: 'max_tokens',
  content_filter: 'refusal',
};

/** Why a reply ended, in Anthropic's words. */
export interface Stop {
  readonly stop_reason: string;
  readonly stop_sequence: string | null;
}

/**
 * Anthropic's stop for an OpenAI choice: its own words where the codec below kept them. A reply with calls ends for them,
 * also where a provider says `stop`. Source: Claude docs, "Stop reasons".
 */
export function toStop(choice: JsonObject, hasCalls: boolean): Stop {
  const sequence = choice['stop_sequence'];
  const stop_sequence = typeof sequence === 'string' ? sequence : null;
  const own = stringOr(choice['stop_reason']);
  if (ownReasons.has(own)) return { stop_reason: own, stop_sequence };
  const reason = lookup(stopReasons, choice['finish_reason']) ?? 'end_turn';
  return { stop_reason: hasCalls && reason === 'end_turn' ? 'tool_use' : reason, stop_sequence };
}
