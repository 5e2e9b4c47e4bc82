import * as z from 'zod/mini';

const name = z.string().check(z.minLength(1));
const fallbacks = z.record(name, z.array(name));

/** The shape of what may stand beside `model_groups`. */
export const groupFields = {
  aliases: z.optional(
    z.record(name, z.union([name, z.strictObject({ model: name, hidden: z.optional(z.boolean()) })])),
  ),
  fallbacks: z.optional(fallbacks),
  context_window_fallbacks: z.optional(fallbacks),
  content_policy_fallbacks: z.optional(fallbacks),
  default_fallbacks: z.optional(z.array(name)),
  max_fallbacks: z.optional(z.int().check(z.minimum(0), z.maximum(100))),
  compat: z.optional(z.enum(['litellm'])),
};

const keysOfNames: ReadonlySet<unknown> = new Set(['model_groups', 'aliases', ...Object.keys(groupFields)]);

/** Are the keys below this one names of models? */
export function isKeyOfNames(key: unknown): boolean {
  return keysOfNames.has(key);
}
