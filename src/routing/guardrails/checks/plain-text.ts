import * as z from 'zod/mini';
import { textCheck } from '../check-kind.ts';

/** `default.endsWith`: the text ends with `suffix`, white space after it aside. */
export const endsWith = textCheck({ suffix: z.string().check(z.minLength(1)) }, ({ suffix }) => (text) => {
  const verdict = text.endsWith(suffix) || text.trimEnd().endsWith(suffix);
  return { verdict, explanation: verdict ? 'The text ends so.' : 'The text does not end so.' };
});

/** `default.alluppercase`: every letter is a capital. */
export const alluppercase = textCheck({}, () => (text) => {
  const verdict = text === text.toUpperCase();
  return { verdict, explanation: verdict ? 'All letters are capitals.' : 'Some letters are no capitals.' };
});

/** `default.alllowercase`: no letter is a capital. */
export const alllowercase = textCheck({}, () => (text) => {
  const verdict = text === text.toLowerCase();
  return { verdict, explanation: verdict ? 'No letter is a capital.' : 'Some letters are capitals.' };
});

/** `default.notNull`: there is more than white space. */
export const notNull = textCheck({}, () => (text) => {
  const verdict = text.trim() !== '';
  return { verdict, explanation: verdict ? 'There is text.' : 'The text is empty.' };
});
