import * as z from 'zod/mini';
import { type SafePattern, safePattern } from '../../../core/pattern/safe-pattern.ts';
import type { ReportIssue } from '../check.ts';
import { textCheck } from '../check-kind.ts';

/** `default.regexMatch`: the text matches the pattern, anywhere. */
export const regexMatch = textCheck(
  {
    rule: z.optional(z.string().check(z.minLength(1))),
    regex: z.optional(z.string().check(z.minLength(1))),
    caseSensitive: z.optional(z.boolean()),
  },
  ({ rule, regex, caseSensitive = true }, report) => {
    const pattern = patternOf(rule, regex, { flags: caseSensitive ? '' : 'i', report });
    return (
      pattern &&
      ((text) => {
        const verdict = pattern.test(text);
        if (verdict === undefined) throw tooLong(text, pattern);
        return { verdict, explanation: verdict ? 'The pattern matches.' : 'The pattern does not match.' };
      })
    );
  },
);

/** Portkey's documents write both names. */
function patternOf(
  rule: string | undefined,
  regex: string | undefined,
  { flags, report }: { readonly flags: string; readonly report: ReportIssue },
): SafePattern | undefined {
  if (rule !== undefined && regex !== undefined)
    report('.regex', 'Given beside "rule", which says the same. Keep one.');
  else if (rule === undefined && regex === undefined) report('.rule', 'Missing: the regular expression.');
  else
    return readPattern(
      rule ?? regex ?? '',
      { flags, use: 'test', path: rule === undefined ? '.regex' : '.rule' },
      report,
    );
  return undefined;
}

/** What a pattern is read for. */
interface PatternUse {
  readonly flags: string;
  readonly use: 'test' | 'replace';
  readonly path: string;
}

/** A pattern of a config; undefined after reporting what is wrong with it. */
export function readPattern(
  source: string,
  { flags, use, path }: PatternUse,
  report: ReportIssue,
): SafePattern | undefined {
  const pattern = safePattern(source, flags, use);
  if (typeof pattern !== 'string') return pattern;
  report(path, pattern);
  return undefined;
}

/** Says that a text would take too long. */
export function tooLong(text: string, { maxLength }: Pick<SafePattern, 'maxLength'>): Error {
  return new RangeError(
    `A text of ${text.length} characters is too long: this pattern can be run over ${maxLength} at a time in bounded time.`,
  );
}
