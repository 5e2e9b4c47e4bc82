import * as z from 'zod/mini';
import { didYouMean } from '../../core/did-you-mean.ts';
import type { HookStage } from '../../core/hooks.ts';
import { readShape } from '../../core/read-shape.ts';
import type { CheckKind, CheckOutcome, CheckRules, ParametersOf, ReportIssue, Subject } from './check.ts';
import { textsOf } from './texts/place.ts';

/** What a check on a text says of it. */
export interface TextVerdict {
  readonly verdict: boolean;
  readonly explanation: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Judges one text; throws when that cannot be done. */
export type JudgeText = (text: string) => TextVerdict | Promise<TextVerdict>;

/**
 * A check on texts. Each text of a reply with several choices must pass. `not` turns the verdict round. A request or reply without any
 * text, such as one of tool calls only, passes unchecked.
 */
export function textCheck<Shape extends z.core.$ZodShape>(
  shape: Shape,
  build: (parameters: ParametersOf<Shape>, report: ReportIssue) => JudgeText | undefined,
): CheckKind {
  return verdictKind(shape, (parameters, report) => {
    const judge = build(parameters, report);
    return judge && ((subject, isTurned) => judgeTexts(subject, judge, isTurned));
  });
}

/** Without a turn of the event loop where every verdict is there at once. */
function judgeTexts({ places }: Subject, judge: JudgeText, isTurned: boolean): CheckOutcome | Promise<CheckOutcome> {
  const texts = places === undefined ? [] : textsOf(places);
  if (texts.length === 0) return { verdict: true, skipped: true, data: { explanation: 'There is no text to check.' } };
  const verdicts = texts.map(judge);
  const told = (all: readonly TextVerdict[]): CheckOutcome => {
    const outcomes = all.map(({ verdict, explanation, data }) => ({
      verdict: verdict !== isTurned,
      data: { ...data, explanation },
    }));
    return outcomes.find(({ verdict }) => !verdict) ?? (outcomes[0] as CheckOutcome);
  };
  return isAllThere(verdicts) ? told(verdicts) : Promise.all(verdicts).then(told);
}

function isAllThere(verdicts: readonly (TextVerdict | Promise<TextVerdict>)[]): verdicts is readonly TextVerdict[] {
  return !verdicts.some((verdict) => verdict instanceof Promise);
}

/** A check on what is asked, not on its text. */
export function requestCheck<Shape extends z.core.$ZodShape>(
  shape: Shape,
  build: (parameters: ParametersOf<Shape>, report: ReportIssue) => ((subject: Subject) => TextVerdict) | undefined,
): CheckKind {
  return verdictKind(shape, (parameters, report) => {
    const judge = build(parameters, report);
    if (judge === undefined) return undefined;
    return (subject, isTurned) => {
      const { verdict, explanation, data } = judge(subject);
      return { verdict: verdict !== isTurned, data: { ...data, explanation } };
    };
  });
}

function verdictKind<Shape extends z.core.$ZodShape>(
  shape: Shape,
  build: (
    parameters: ParametersOf<Shape>,
    report: ReportIssue,
  ) => ((subject: Subject, isTurned: boolean) => CheckOutcome | Promise<CheckOutcome>) | undefined,
): CheckKind {
  return {
    build(given, report) {
      const parameters = readParameters({ ...shape, not: z.optional(z.boolean()) }, given, report);
      const judge = parameters && build(parameters as unknown as ParametersOf<Shape>, report);
      const isTurned = (parameters as { readonly not?: boolean } | undefined)?.not === true;
      return judge && { run: (subject) => judge(subject, isTurned) };
    },
  };
}

/** A check that changes what it looks at, or asks somebody else. */
export function otherCheck<Shape extends z.core.$ZodShape>(
  shape: Shape,
  build: (parameters: ParametersOf<Shape>, report: ReportIssue) => CheckRules | undefined,
  stage?: HookStage,
): CheckKind {
  return {
    ...(stage === undefined ? {} : { stage }),
    build(given, report) {
      const parameters = readParameters(shape, given, report);
      return parameters && build(parameters, report);
    },
  };
}

/** Parameters of the shape, strictly: a name nobody knows is a mistake. Undefined after reporting. */
function readParameters<Shape extends z.core.$ZodShape>(
  shape: Shape,
  given: unknown,
  report: ReportIssue,
): ParametersOf<Shape> | undefined {
  const result = readShape(z.strictObject(shape), given ?? {});
  if (result.success) return result.data as ParametersOf<Shape>;
  for (const issue of result.error.issues) {
    const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
    if (issue.code !== 'unrecognized_keys') report(path, `${sentence(issue.message)}.`);
    else for (const key of issue.keys) report(`${path}.${key}`, unknownParameter(key, Object.keys(shape)));
  }
  return undefined;
}

function sentence(message: string): string {
  const text = message.replace(/^Invalid (?:input|option): /, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function unknownParameter(key: string, known: readonly string[]): string {
  const hint =
    didYouMean(key, known) || (known.length === 0 ? ' This check takes none.' : ` Valid: ${known.join(', ')}.`);
  return `Unknown parameter "${key}".${hint}`;
}
