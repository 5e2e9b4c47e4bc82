import { apiError } from '../../../../core/errors/api-error.ts';

/** OpenAI's words for why a reply ended. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/**
 * Converse's `stopReason` in OpenAI's words. A reply with tool calls that ended by itself ends as `tool_calls`, one whose
 * only call was the answer's own tool as `stop`; an unknown reason counts as the model's own end. Throws the error that
 * malformed output stands for, 502 of kind `server`: told `stop`, a caller would take the missing call for the model's
 * decision. Source: Bedrock API reference, "Converse", `stopReason`.
 */
export function finishReasonOf(stopReason: string | undefined, hasToolCalls: boolean): FinishReason {
  if (stopReason === 'malformed_model_output' || stopReason === 'malformed_tool_use') {
    throw apiError({
      status: 502,
      kind: 'server',
      type: 'malformed_output',
      code: stopReason,
      message: `The model's output was unusable (${stopReason}). Another try may do better.`,
    });
  }
  return reasons.get(stopReason ?? '') ?? (hasToolCalls ? 'tool_calls' : 'stop');
}

/** `end_turn`, `stop_sequence` and `tool_use` say that the model ended by itself. */
const reasons: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['guardrail_intervened', 'content_filter'],
  ['content_filtered', 'content_filter'],
]);
