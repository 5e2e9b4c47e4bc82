import type { JsonObject } from '../../../core/json.ts';
import type { Answer } from '../../answer.ts';
import { textOf } from '../prompt.ts';
import { defaultDimensions, unitVector } from '../vectors.ts';
import type { Call, Operation } from '../wire-format.ts';
import { checkRequired } from './check.ts';

/** Embeddings (OpenAI API reference, "Embeddings"): unit vectors fixed by model and input, as floats or base64. */
export const embeddings: Operation = {
  check: ({ body }) => checkRequired(body, ['model', 'input']),
  prompt: ({ body }) => ({ lastUserText: undefined, length: textOf(body.input).length }),
  reply: (call, answer) => ({ json: list(call, answer) }),
};

function list({ body }: Call, answer: Answer): JsonObject {
  const length = typeof body.dimensions === 'number' ? body.dimensions : defaultDimensions;
  const used = answer.usage?.inputTokens ?? 0;
  return {
    object: 'list',
    data: inputs(body.input).map((input, index) => {
      const vector = unitVector(`${answer.model}/${input}`, length);
      return { object: 'embedding', index, embedding: body.encoding_format === 'base64' ? base64(vector) : vector };
    }),
    model: answer.model,
    ...(answer.usage === undefined ? {} : { usage: { prompt_tokens: used, total_tokens: used } }),
  };
}

/** One text, a list of texts, one list of token numbers, or a list of such lists. */
function inputs(input: unknown): readonly string[] {
  if (!Array.isArray(input)) return [String(input)];
  if (typeof input[0] === 'number') return [input.join(' ')];
  return input.map(String);
}

/** Little-endian 32-bit floats. */
function base64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
