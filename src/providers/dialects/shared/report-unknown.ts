import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';

/** What a wire format makes of a body's fields. */
export interface KnownFields {
  /** As people say it: `Gemini`. */
  readonly provider: string;
  /** Fields the codec reads. */
  readonly known: ReadonlySet<string>;
}

/** Reports every field of `body` that the codec does not read, unless its value is null or asks for nothing special. */
export function reportUnknown(body: JsonObject, fields: KnownFields, scope: CodecScope): void {
  for (const [field, value] of Object.entries(body)) {
    if (value === undefined || value === null || fields.known.has(field)) continue;
    if (!harmless.get(field)?.includes(value)) scope.drop(field, `${fields.provider} has no such parameter`);
  }
}

/** OpenAI's defaults: to ask for them is to ask for nothing. */
const harmless: ReadonlyMap<string, readonly unknown[]> = new Map<string, readonly unknown[]>([
  ['parallel_tool_calls', [true]],
  ['store', [false]],
  ['service_tier', ['auto', 'default']],
  ['n', [1]],
  ['logprobs', [false]],
  ['top_logprobs', [0]],
  ['frequency_penalty', [0]],
  ['presence_penalty', [0]],
]);
