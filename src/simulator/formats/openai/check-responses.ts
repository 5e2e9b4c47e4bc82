import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Call, Failure } from '../wire-format.ts';
import { checkRequired, invalid } from './check.ts';

/** What OpenAI refuses in a Responses request; calls and outputs are matched unless they stand in an earlier response. */
export function checkResponses({ body }: Call): Failure | undefined {
  const required = checkRequired(body, ['model', 'input']);
  if (required !== undefined || !Array.isArray(body.input) || body.previous_response_id != null) return required;
  const items = body.input.filter(isJsonObject);
  const called = callIds(items, 'function_call');
  const answered = callIds(items, 'function_call_output');
  const stray = [...answered].find((id) => !called.has(id));
  if (stray !== undefined)
    return invalid(`No tool call found for function call output with call_id ${stray}.`, 'input');
  const open = [...called].find((id) => !answered.has(id));
  return open === undefined ? undefined : invalid(`No tool output found for function call ${open}.`, 'input');
}

function callIds(items: readonly JsonObject[], type: string): ReadonlySet<unknown> {
  return new Set(items.filter((item) => item.type === type).map((item) => item.call_id));
}
