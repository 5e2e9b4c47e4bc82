import type { CliIo } from '../io.ts';
import { bar, type Paint, table } from '../style.ts';
import type { Reading, Row } from './scoreboard.ts';

/** Where a demo shows itself. */
export interface Screen {
  /** A reading of a second, counted from 1. */
  show(reading: Reading, second: number): void;
  /** Something happened. */
  tell(text: string): void;
}

/** A table that stays in place, on a terminal. */
export function liveScreen(io: CliIo, paint: Paint): Screen {
  let shown = 0;
  const draw = (lines: readonly string[]) => {
    // Back to the first line of the table, and everything below away.
    io.stdout(`${shown === 0 ? '' : `\u001b[${shown}A\u001b[J`}${lines.join('\n')}\n`);
    shown = lines.length;
  };
  return {
    show: (reading, second) => draw(tableLines(reading, second, paint)),
    tell(text) {
      io.stdout(`${shown === 0 ? '' : `\u001b[${shown}A\u001b[J`}${paint('yellow', text)}\n`);
      shown = 0;
    },
  };
}

/** One plain line a second, for files and pipes. */
export function plainScreen(io: CliIo): Screen {
  return {
    show({ rows }, second) {
      const told = rows.map(
        ({ name, lately, failed, isCooling }) =>
          `${name} ${lately} answered${failed === 0 ? '' : `, ${failed} failed so far`}${isCooling ? ', cooling' : ''}`,
      );
      io.stdout(`${String(second).padStart(3)} s  ${told.join(' | ')}\n`);
    },
    tell: (text) => io.stdout(`     ${text}\n`),
  };
}

/** One JSON object a line. */
export function jsonScreen(io: CliIo): Screen {
  const write = (value: object) => io.stdout(`${JSON.stringify(value)}\n`);
  return {
    show: (reading, second) => write({ type: 'second', second, ...reading }),
    tell: (text) => write({ type: 'event', text }),
  };
}

const barWidth = 30;

function tableLines({ requests, failed, rows }: Reading, second: number, paint: Paint): readonly string[] {
  const lately = rows.reduce((sum, row) => sum + row.lately, 0);
  const [header = '', ...lines] = table(
    [['target', 'answered', 'failed', 'p50', 'state', 'last second'], ...rows.map((row) => cells(row, lately))],
    [1, 2, 3],
  );
  const painted = lines.map((line, index) => (rows[index]?.isCooling ? paint('red', line) : line));
  return [`${second} s, ${requests} requests, ${failed} failed`, paint('dim', header), ...painted];
}

function cells({ name, answered, failed, p50Ms, isCooling, lately }: Row, all: number): readonly string[] {
  return [
    name,
    String(answered),
    String(failed),
    p50Ms === undefined ? '' : `${Math.round(p50Ms)} ms`,
    isCooling ? 'cooling' : 'ready',
    bar(all === 0 ? 0 : lately / all, barWidth),
  ];
}
