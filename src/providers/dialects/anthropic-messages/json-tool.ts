import type { JsonObject } from '../../../core/json.ts';

/**
 * Name of the tool whose input is the answer, for models that cannot be held to a JSON format otherwise. Reserved: a call
 * of it in a reply is the reply's content.
 */
export const jsonToolName = 'json_answer__';

/** The tool whose input has the shape of `schema`. */
export function jsonTool(schema: JsonObject, description: string): JsonObject {
  return { name: jsonToolName, description, input_schema: { type: 'object', ...schema } };
}
