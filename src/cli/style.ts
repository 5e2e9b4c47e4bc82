import { styleText } from 'node:util';
import { type CliIo, hasColor } from './io.ts';

type Format = Parameters<typeof styleText>[0];

/** Styles text where the output may be styled, else leaves it as it is. */
export type Paint = (format: Format, text: string) => string;

/** The paint for an output. */
export function painter(io: CliIo): Paint {
  return hasColor(io) ? (format, text) => styleText(format, text, { validateStream: false }) : (_format, text) => text;
}

/** Rows as text, columns aligned; `right` holds the indexes of columns that end at the same place. Styles must come after. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): readonly string[] {
  const widths = rows.reduce<number[]>((widest, row) => {
    row.forEach((cell, column) => {
      widest[column] = Math.max(widest[column] ?? 0, cell.length);
    });
    return widest;
  }, []);
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** `1 target`, `2 targets`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `part` (0 to 1) of `width` characters, in eighths of one. Something is never nothing. */
export function bar(part: number, width: number): string {
  const units = Math.max(part > 0 ? 1 : 0, Math.round(Math.min(1, part) * width * 8));
  return '█'.repeat(Math.floor(units / 8)) + (eighths[units % 8] ?? '');
}
