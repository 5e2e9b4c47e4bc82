import { FieldProblem } from './draft.ts';

const longestSeconds = 2_147_483;

/** Seconds above 0, as milliseconds. Throws `FieldProblem`. */
export function toMilliseconds(value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= longestSeconds) return Math.max(1, Math.round(value * 1000));
  throw new FieldProblem(`Must be a number of seconds above 0${shown(value)}.`);
}

/** A whole number from 0 to `most`. Throws `FieldProblem`. */
export function toCount(value: unknown, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new FieldProblem(`Must be a whole number from 0 to ${most}${shown(value)}.`);
}

/** Throws `FieldProblem`. */
export function toBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new FieldProblem(`Must be true or false${shown(value)}.`);
}

/** A text that is not empty, of at most 512 characters. Throws `FieldProblem`. */
export function toText(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= 512) return value;
  throw new FieldProblem('Must be a text of 1 to 512 characters.');
}

/** A list of texts. Throws `FieldProblem`. */
export function toTexts(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new FieldProblem('Must be a list of texts.');
}

/** Numbers and the like are quoted back; anything longer may be a secret put in the wrong place. */
function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? `, received ${value}` : '';
}
