import * as z from 'zod';

const name = z.string().min(1);
const fallbacks = z.record(name, z.array(name));

/** The shape of what may stand beside `model_groups`. */
export const groupFields = {
  aliases: z.record(name, z.union([name, z.strictObject({ model: name, hidden: z.boolean().optional() })])).optional(),
  fallbacks: fallbacks.optional(),
  context_window_fallbacks: fallbacks.optional(),
  content_policy_fallbacks: fallbacks.optional(),
  default_fallbacks: z.array(name).optional(),
  max_fallbacks: z.int().min(0).max(100).optional(),
  compat: z.enum(['litellm']).optional(),
};

const keysOfNames: ReadonlySet<unknown> = new Set(['model_groups', 'aliases', ...Object.keys(groupFields)]);

/** Are the keys below this one names of models? */
export function isKeyOfNames(key: unknown): boolean {
  return keysOfNames.has(key);
}
