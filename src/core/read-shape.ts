import { en } from 'zod/locales';
import * as z from 'zod/mini';

const { localeError } = en();

/** Reads `given` by a schema: what is wrong is said in English, whatever a program has set for zod of its own. */
export function readShape<Schema extends z.ZodMiniType>(
  schema: Schema,
  given: unknown,
): z.core.util.SafeParseResult<z.core.output<Schema>> {
  return z.safeParse(schema, given, { error: localeError });
}
