import * as z from 'zod/mini';
import { otherCheck } from '../check-kind.ts';
import { readPattern, tooLong } from './regex-match.ts';

/** `default.regexReplace`: replaces what matches, in every message of a request; fails on a match where `failOnDetection` says so. */
export const regexReplace = otherCheck(
  {
    rule: z.string().check(z.minLength(1)),
    redactText: z.optional(z.string()),
    failOnDetection: z.optional(z.boolean()),
    caseSensitive: z.optional(z.boolean()),
  },
  ({ rule, redactText = '[REDACTED]', failOnDetection = false, caseSensitive = true }, report) => {
    const pattern = readPattern(rule, { flags: caseSensitive ? '' : 'i', use: 'replace', path: '.rule' }, report);
    if (pattern === undefined) return undefined;
    return {
      changes: true,
      // A conversation is sent whole each time: what was redacted in a message once must be again.
      messages: 'all',
      run({ places = [] }) {
        const texts = places.flatMap(({ path, text }) => {
          const replaced = pattern.replace(text, redactText);
          if (replaced === undefined) throw tooLong(text, pattern);
          return replaced.hasMatch ? [[path, replaced.text] as const] : [];
        });
        const data = { explanation: `The pattern matched in ${texts.length} of ${places.length} texts.` };
        if (texts.length === 0) return { verdict: true, data };
        return { verdict: !failOnDetection, data, change: { kind: 'texts', texts } };
      },
    };
  },
);
