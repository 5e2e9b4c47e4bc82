import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { toolMismatch } from '../tool-messages.ts';
import type { Call, Failure } from '../wire-format.ts';

/** What Cohere refuses in a chat request; the parts a translation may get wrong. */
export function checkChat({ body }: Call): Failure | undefined {
  if (typeof body.model !== 'string' || body.model === '') return refused('model is required.');
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) return refused('at least one message is required.');
  const strange = messages.findIndex((message) => !isJsonObject(message) || !roles.includes(message.role as string));
  if (strange >= 0) return refused(`messages[${strange}].role must be one of ${roles.join(', ')}.`);
  return checkToolResults(messages as readonly JsonObject[]);
}

const roles = ['user', 'assistant', 'system', 'tool'];

function refused(what: string): Failure {
  return { kind: 'invalid_request', message: `invalid request: ${what}` };
}

function checkToolResults(messages: readonly JsonObject[]): Failure | undefined {
  const mismatch = toolMismatch(messages);
  if (mismatch === undefined) return undefined;
  const { index, unanswered } = mismatch;
  return unanswered.length === 0
    ? refused(`messages[${index}] answers no tool call of the message before.`)
    : refused(`tool calls without a tool message: ${unanswered.join(', ')}.`);
}
