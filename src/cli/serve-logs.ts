import { dirname, join, parse } from 'node:path';
import type { Command } from 'commander';
import type { LogsOption } from '../config/log-options.ts';
import { CliFailure } from './io.ts';
import { numberFrom, wholeNumber } from './option-values.ts';

/** Adds what `serve` may be told of its logs and its console. */
export function addLogOptions(serve: Command): Command {
  return serve
    .option(
      '--logs <file>',
      'keep a record of each request in this SQLite file, `memory`, or nowhere: `off` (default: beside --data, without it in memory)',
    )
    .option('--log-days <days>', 'keep records so long (default: 30, in memory for ever)', numberFrom(0.001, 36_500))
    .option(
      '--log-records <count>',
      'keep so many records (default: 1000000, in memory 1000)',
      wholeNumber(1, 1_000_000_000),
    )
    .option('--log-bodies', 'keep what was sent and answered, too, secrets taken out')
    .option('--no-console', 'no console at /console')
    .option('--open', 'show the console in a browser');
}

/** What `serve` is told of its logs. */
export interface LogFlags {
  readonly logs?: string;
  readonly logDays?: number;
  readonly logRecords?: number;
  readonly logBodies?: boolean;
  readonly data?: string;
}

/**
 * The option `logs` of a server: where records of requests go, and how long they stay. Without a word of it: into a SQLite file beside that
 * of `--data` (`server.json`: `server.logs.db`), and in memory where nothing else is kept either. Throws `CliFailure`.
 */
export function logsFrom({ logs, logDays, logRecords, logBodies, data }: LogFlags): LogsOption {
  const place = logs ?? (data === undefined ? 'memory' : besides(data));
  if (place === 'off') {
    if (logDays !== undefined || logRecords !== undefined || logBodies === true)
      throw new CliFailure(
        'With --logs off there is nothing that --log-days, --log-records or --log-bodies could be about.',
      );
    return false;
  }
  const bodies = logBodies ?? false;
  if (place === 'memory') return { keep: { days: logDays, records: logRecords }, bodies };
  const keep = { days: logDays ?? 30, records: logRecords ?? 1_000_000 };
  return /^postgres(?:ql)?:\/\//.test(place) ? { postgres: place, keep, bodies } : { file: place, keep, bodies };
}

function besides(data: string): string {
  return join(dirname(data), `${parse(data).name}.logs.db`);
}
