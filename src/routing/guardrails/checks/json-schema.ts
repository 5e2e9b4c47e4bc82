import * as z from 'zod/mini';
import type { JsonObject } from '../../../core/json.ts';
import { textCheck } from '../check-kind.ts';
import { jsonIn } from './json-in-text.ts';
import { compileJsonSchema } from './json-schema-rules.ts';
import { tooLong } from './regex-match.ts';

const document = z.union(
  [z.boolean(), z.record(z.string(), z.unknown()), z.string()],
  'Expected a JSON Schema: an object, true, false, or the JSON text of one',
);

/** `default.jsonSchema`: some JSON in the text follows the schema, which may be given as JSON text. */
export const jsonSchema = textCheck({ schema: document }, ({ schema }, report) => {
  const given = typeof schema === 'string' ? parsed(schema) : schema;
  if (given === undefined) {
    report('.schema', 'Is not JSON.');
    return undefined;
  }
  const rules = compileJsonSchema(given, (path, message) => report(`.schema${path}`, message));
  if (rules === undefined) return undefined;
  return async (text) => {
    if (text.length > rules.maxLength) throw tooLong(text, rules);
    const found = jsonIn(text);
    const problems = await Promise.all(found.map(rules.problemsOf));
    const verdict = problems.some((list) => list.length === 0);
    const explanation =
      found.length === 0 ? 'There is no JSON in the text.' : `The JSON ${verdict ? 'follows' : 'breaks'} the schema.`;
    return {
      verdict,
      explanation,
      ...(verdict || found.length === 0 ? {} : { data: { validationErrors: problems[0] } }),
    };
  };
});

function parsed(text: string): JsonObject | boolean | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
