import { hash, seededRandom } from '../random.ts';

/** Short, to be cheap; requests may ask for any other length. */
export const defaultDimensions = 16;

/** A vector of length 1 in `dimensions` dimensions, in single precision, the same for the same text. */
export function unitVector(text: string, dimensions: number): readonly number[] {
  const random = seededRandom(hash(text));
  const values = Array.from({ length: dimensions }, () => random.next() * 2 - 1);
  const norm = Math.hypot(...values) || 1;
  return values.map((value) => Math.fround(value / norm));
}
