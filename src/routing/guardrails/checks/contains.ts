import * as z from 'zod/mini';
import { textCheck } from '../check-kind.ts';

/** How many of a list must be there. */
export const operator = z.enum(['any', 'all', 'none']);

/** Does finding `found` of `all` fulfil the operator? */
export function holds(by: z.infer<typeof operator>, found: number, all: number): boolean {
  if (by === 'any') return found > 0;
  return by === 'all' ? found === all : found === 0;
}

/** `default.contains`: the text holds any, all or none of the words. */
export const contains = textCheck(
  {
    words: z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
    operator: z.optional(operator),
    caseSensitive: z.optional(z.boolean()),
  },
  ({ words, operator: by = 'any', caseSensitive = true }) => {
    const fold = (text: string) => (caseSensitive ? text : text.toLowerCase());
    const wanted = words.map((word) => ({ word, folded: fold(word) }));
    return (text) => {
      const folded = fold(text);
      const found = wanted.filter((each) => folded.includes(each.folded)).map(({ word }) => word);
      return {
        verdict: holds(by, found.length, words.length),
        explanation: `The text holds ${found.length} of ${words.length} words; ${by} is asked for.`,
        data: { operator: by, foundWords: found, missingWords: words.filter((word) => !found.includes(word)) },
      };
    };
  },
);
