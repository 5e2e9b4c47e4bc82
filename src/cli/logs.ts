import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type LogEntry, type LogListParams, Portkey, PortkeyError, traceText } from '../index.ts';
import { CliFailure, type CliIo } from './io.ts';

/** Adds `modelmux logs`: what was called, from a log file, a database or a gateway. */
export function addLogs(program: Command, io: CliIo): void {
  program
    .command('logs')
    .description('Show what was called: a list, the tree of one trace, or JSON lines.')
    .addOption(new Option('-f, --file <file>', 'log file').conflicts(['postgres', 'gateway']))
    .addOption(
      new Option('--postgres <url>', 'database with logs; better in MODELMUX_LOGS_POSTGRES').conflicts(['gateway']),
    )
    .option('--gateway <url>', 'gateway that keeps logs, with /v1; its key is in PORTKEY_API_KEY')
    .option('-t, --trace <id>', 'the tree of one trace')
    .option('--status <statuses>', 'HTTP statuses, with commas between them', statuses)
    .addOption(new Option('--outcome <outcome>', 'how it ended').choices(['success', 'failure', 'aborted']))
    .option('--provider <name>', 'who answered')
    .option('--model <name>', 'which model')
    .option('--config <id>', 'ID of the config')
    .addOption(
      new Option('--mark <mark>', 'what happened').choices([
        'cache',
        'retry',
        'fallback',
        'loadbalance',
        'conditional',
      ]),
    )
    .addOption(
      new Option('--cache <status>', 'what the cache said').choices([
        'HIT',
        'MISS',
        'REFRESH',
        'DISABLED',
        'SEMANTIC HIT',
        'SEMANTIC MISS',
      ]),
    )
    .option('--metadata <key=value>', 'a fact of the metadata; may be given again', metadata, {})
    .option('--since <time>', 'a date, or how long ago: 15m, 6h, 2d')
    .option('-n, --limit <count>', 'records at most', count, 20)
    .option('--json', 'JSON lines under the names of Portkey, with bodies')
    .addHelpText('after', examples)
    .action((options: LogsFlags) => show(options, io));
}

const examples = `
Examples:
  $ modelmux logs --file logs.db --outcome failure --since 1h
  $ modelmux logs --file logs.db --trace request-loadbalance-fallback
  $ modelmux logs --file logs.db --json > export.jsonl
`;

interface LogsFlags {
  readonly file?: string;
  readonly postgres?: string;
  readonly gateway?: string;
  readonly trace?: string;
  readonly status?: readonly number[];
  readonly outcome?: 'success' | 'failure' | 'aborted';
  readonly provider?: string;
  readonly model?: string;
  readonly config?: string;
  readonly mark?: NonNullable<LogListParams['mark']>;
  readonly cache?: NonNullable<LogListParams['cache']>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly since?: string;
  readonly limit: number;
  readonly json?: boolean;
}

async function show(flags: LogsFlags, io: CliIo): Promise<void> {
  const portkey = clientFor(flags, io);
  try {
    if (flags.trace !== undefined && flags.json !== true) io.stdout(await treeOf(flags.trace, portkey));
    else if (flags.json === true) await writeLines(portkey, flags, io);
    else io.stdout(table((await portkey.logs.list(paramsOf(flags))).data));
  } catch (error) {
    if (error instanceof PortkeyError) throw new CliFailure(error.message);
    throw error;
  }
}

function clientFor({ file, postgres, gateway }: LogsFlags, { env }: CliIo): Portkey {
  if (gateway !== undefined) return new Portkey({ baseURL: gateway, apiKey: env.PORTKEY_API_KEY ?? null });
  const database = postgres ?? (file === undefined ? env.MODELMUX_LOGS_POSTGRES : undefined);
  if (database !== undefined) return new Portkey({ logs: { postgres: database } });
  if (file !== undefined) return new Portkey({ logs: { file: existing(file) } });
  throw new CliFailure('Say where the logs are: --file, --postgres or --gateway.');
}

/** To look is not to make. */
function existing(file: string): string {
  if (existsSync(file)) return file;
  throw new CliFailure(`There is no log file ${file}.`);
}

async function treeOf(traceId: string, portkey: Portkey): Promise<string> {
  const trace = await portkey.logs.trace(traceId);
  if (trace === null) throw new CliFailure(`There are no logs of trace "${traceId}".`);
  return traceText(trace);
}

async function writeLines(portkey: Portkey, flags: LogsFlags, io: CliIo): Promise<void> {
  let left = flags.limit;
  for await (const line of portkey.logs.export(paramsOf(flags))) {
    io.stdout(line);
    if (--left === 0) return;
  }
}

function paramsOf({ trace, metadata: facts, since, limit, ...flags }: LogsFlags): LogListParams {
  const { status, outcome, provider, model, config, mark, cache } = flags;
  const from = since === undefined ? undefined : sinceWhen(since);
  const facets = Object.keys(facts).length === 0 ? undefined : facts;
  return { traceId: trace, status, outcome, provider, model, config, mark, cache, metadata: facets, from, limit };
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function sinceWhen(since: string): number {
  const [, amount, unit = ''] = /^(\d+)([mhd])$/.exec(since) ?? [];
  const time = amount === undefined ? Date.parse(since) : Date.now() - Number(amount) * (unitMs[unit] ?? 0);
  if (Number.isFinite(time)) return time;
  throw new CliFailure(`"${since}" is no time. Give a date such as 2026-01-31, or 15m, 6h, 2d.`);
}

const columns = ['time', 'trace', 'call', 'answered by', 'status', 'ms', 'tokens', 'cost', 'marks'];

function table(entries: readonly LogEntry[]): string {
  if (entries.length === 0) return 'Nothing was logged that matches.\n';
  const rows = [columns, ...entries.map(rowOf)];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  // What was logged may hold anything, but nothing that moves the cursor.
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
      .replaceAll(/\p{Cc}/gu, '?');
  return `${rows.map(line).join('\n')}\n`;
}

function rowOf(entry: LogEntry): readonly string[] {
  const { usage, cost, error, status, outcome } = entry;
  return [
    new Date(entry.startedAt).toISOString().replace('T', ' ').slice(0, 19),
    entry.traceId,
    [entry.endpoint, entry.requestedModel].filter(Boolean).join(' '),
    [entry.provider, entry.path].filter(Boolean).join(' '),
    [status, error?.kind ?? (outcome === 'aborted' ? outcome : undefined)].filter(Boolean).join(' '),
    String(Math.round(entry.durationMs)),
    usage === undefined ? '' : String(usage.promptTokens + usage.completionTokens),
    cost === undefined ? '' : `$${(cost.microUsd / 1_000_000).toFixed(6)}`,
    entry.marks.join(' '),
  ];
}

function statuses(text: string): readonly number[] {
  const list = text.split(',').map(Number);
  if (list.every((status) => Number.isInteger(status) && status >= 100 && status <= 599)) return list;
  throw new InvalidArgumentError('Give statuses such as 429 or 500,503.');
}

function metadata(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give a key and its value, such as customer=Zoe.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('Give a whole number above 0.');
}
