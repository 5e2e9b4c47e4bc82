import { type LogMark, logMarks } from '../../core/log-record.ts';

/** Marks as the bits of a number. Their order is kept in databases: new ones are added at the end of `logMarks`. */
export function markBits(marks: readonly LogMark[]): number {
  return marks.reduce((bits, mark) => bits | (1 << logMarks.indexOf(mark)), 0);
}
