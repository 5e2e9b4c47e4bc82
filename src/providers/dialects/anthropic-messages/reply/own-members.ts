import type { JsonObject } from '../../../../core/json.ts';
import { omit, pick } from '../values.ts';

/** Members of a message that OpenAI's shape holds elsewhere; all others are kept beside it unless strict. */
const translated = ['id', 'type', 'role', 'model', 'content', 'usage', 'stop_reason', 'stop_sequence', 'stop_details'];

/** What a message says beyond OpenAI's shape: `container`, `context_management`, … Members that are null are left out. */
export function ownMembers(message: JsonObject): JsonObject {
  const rest = omit(message, translated);
  return pick(rest, Object.keys(rest));
}
