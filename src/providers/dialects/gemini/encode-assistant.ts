import { TranslationError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asObject, asObjects, asText, present } from '../shared/lenient.ts';
import { encodePart } from './encode-part.ts';
import { thinkingControl } from './thinking.ts';
import { signatureOf } from './thought-signature.ts';

/** An assistant message of the history. */
export interface AssistantTurn {
  readonly message: JsonObject;
  /** `messages[1]` */
  readonly path: string;
  readonly scope: CodecScope;
  readonly flavor: { readonly service: 'gemini' | 'vertex' };
}

/**
 * Parts of an assistant message: its text, its images, then its tool calls. Thought signatures go back to where they
 * came from. Gemini 3 refuses a history whose first call of a step has none, as when another provider made the call:
 * such a call bears the placeholder Google documents for it. An empty message has no parts.
 * Source: "Thought signatures", Gemini API docs.
 */
export function assistantParts(turn: AssistantTurn): readonly JsonObject[] {
  const { message, path, scope } = turn;
  const texts = textParts(turn);
  const images = asObjects(message.images).map((part, index) => ({
    ...encodePart({ part, path: `${path}.images[${index}]` }, scope),
    ...present({ thoughtSignature: signatureOf(part) }),
  }));
  const calls = callParts(turn);
  if (texts.length + images.length + calls.length === 0 && isJsonObject(message.audio)) {
    throw new TranslationError(
      `${path}.audio`,
      'Gemini keeps no earlier audio: send the transcript of this message as its content.',
    );
  }
  return [...texts, ...images, ...calls];
}

function textParts({ message, path, scope }: AssistantTurn): readonly JsonObject[] {
  const content = message.content ?? message.refusal ?? [];
  const parts =
    typeof content === 'string'
      ? [{ text: content }]
      : asObjects(content).map((part, index) => encodePart({ part, path: `${path}.content[${index}]` }, scope));
  const signature = signatureOf(message);
  if (signature === undefined) return parts.filter((part) => part.text !== '');
  const last = parts.at(-1) ?? { text: '' };
  return [...parts.slice(0, -1), { ...last, thoughtSignature: signature }];
}

/** Stands for a signature that another model never made; "Thought signatures", FAQ. */
const foreignCallSignature = 'skip_thought_signature_validator';

function callParts({ message, path, scope, flavor }: AssistantTurn): readonly JsonObject[] {
  const calls = isJsonObject(message.function_call)
    ? [{ function: message.function_call, path: `${path}.function_call` }]
    : asObjects(message.tool_calls).map((call, index) => ({ ...call, path: `${path}.tool_calls[${index}].function` }));
  const mustSign = thinkingControl(scope.model) === 'level';
  return calls.map((call, index) => {
    const thoughtSignature = signatureOf(call) ?? (mustSign && index === 0 ? foreignCallSignature : undefined);
    return present({ functionCall: functionCall(call, flavor.service === 'gemini'), thoughtSignature });
  });
}

interface PlacedCall extends JsonObject {
  /** Of the object that bears name and arguments. */
  readonly path: string;
}

function functionCall(call: PlacedCall, callIds: boolean): JsonObject {
  const { name, arguments: text } = asObject(call.function);
  if (typeof name !== 'string') {
    throw new TranslationError(
      `${call.path}.name`,
      'Gemini takes calls of functions only: give a tool call with a function.',
    );
  }
  return present({
    id: callIds ? asText(call.id) : undefined,
    name,
    args: argumentsOf(text, `${call.path}.arguments`),
  });
}

function argumentsOf(text: unknown, path: string): JsonObject {
  if (text === undefined || text === null || text === '') return {};
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : text;
    if (isJsonObject(value)) return value;
  } catch {
    // Falls through to the error below, which names the place.
  }
  throw new TranslationError(path, 'The arguments of a tool call must be a JSON object as text, such as "{}".');
}
