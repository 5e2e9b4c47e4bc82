import * as z from 'zod/mini';
import { textCheck } from '../check-kind.ts';

const count = z.int().check(z.minimum(0));

/** `default.characterCount`: the number of characters (code points) lies in the range. */
export const characterCount = textCheck(
  { minCharacters: z.optional(count), maxCharacters: z.optional(count) },
  ({ minCharacters, maxCharacters }, report) =>
    within({ least: minCharacters, most: maxCharacters }, report, countCharacters, 'characters'),
);

/** `default.wordCount`: the number of words, which white space parts, lies in the range. */
export const wordCount = textCheck(
  { minWords: z.optional(count), maxWords: z.optional(count) },
  ({ minWords, maxWords }, report) => within({ least: minWords, most: maxWords }, report, countWords, 'words'),
);

/** `default.sentenceCount`: the number of sentences lies in the range. */
export const sentenceCount = textCheck(
  { minSentences: z.optional(count), maxSentences: z.optional(count) },
  ({ minSentences, maxSentences }, report) =>
    within({ least: minSentences, most: maxSentences }, report, countSentences, 'sentences'),
);

interface Range {
  readonly least: number | undefined;
  readonly most: number | undefined;
}

function within(
  { least = 0, most = Number.POSITIVE_INFINITY }: Range,
  report: (path: string, message: string) => void,
  countIn: (text: string) => number,
  what: string,
) {
  if (least === 0 && most === Number.POSITIVE_INFINITY)
    return refuse(report, 'Gives neither a minimum nor a maximum, so that every text would pass.');
  if (least > most) return refuse(report, `The minimum, ${least}, is above the maximum, ${most}.`);
  return (text: string) => {
    const number = countIn(text);
    const range = most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
    return {
      verdict: number >= least && number <= most,
      explanation: `The text has ${number} ${what}; ${range} are asked for.`,
      data: { count: number },
    };
  };
}

function refuse(report: (path: string, message: string) => void, message: string): undefined {
  report('', message);
}

function countCharacters(text: string): number {
  let characters = 0;
  for (const _ of text) characters++;
  return characters;
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Parts that hold a letter or digit, ended by `.`, `!`, `?`, `…` before white space or the end, or by their full-width forms anywhere. */
function countSentences(text: string): number {
  const parts = text.split(/[.!?…]["'”’)\]]?(?=\s|$)|[。！？]/u);
  return parts.filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
}
