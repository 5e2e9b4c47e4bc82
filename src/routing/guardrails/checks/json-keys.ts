import * as z from 'zod/mini';
import { isJsonObject } from '../../../core/json.ts';
import { textCheck } from '../check-kind.ts';
import { holds, operator } from './contains.ts';
import { jsonIn } from './json-in-text.ts';

/** `default.jsonKeys`: a JSON object in the text has any, all or none of the keys. */
export const jsonKeys = textCheck(
  { keys: z.array(z.string().check(z.minLength(1))).check(z.minLength(1)), operator: z.optional(operator) },
  ({ keys, operator: by = 'any' }) =>
    (text) => {
      const objects = jsonIn(text).filter(isJsonObject);
      const present = objects.map((object) => keys.filter((key) => Object.hasOwn(object, key)));
      const best = present.find((found) => holds(by, found.length, keys.length));
      const found = best ?? present[0] ?? [];
      return {
        verdict: best !== undefined,
        explanation:
          objects.length === 0
            ? 'There is no JSON object in the text.'
            : `A JSON object has ${found.length} of ${keys.length} keys; ${by} is asked for.`,
        data: { operator: by, presentKeys: found, missingKeys: keys.filter((key) => !found.includes(key)) },
      };
    },
);
