import { type Command, InvalidArgumentError, Option } from 'commander';
import { CliFailure, type CliIo } from './io.ts';
import { type DeskFlags, type KeyDesk, openDesk } from './keys/key-desk.ts';
import { keyTable, keyText } from './keys/key-text.ts';
import { keyValue, numberFrom, wholeNumber } from './option-values.ts';

/** Adds `modelmux keys`: the keys that a server's clients show, with their limits. */
export function addKeys(program: Command, io: CliIo): void {
  const keys = program
    .command('keys')
    .description('Make, list, show and delete keys for the clients of a server, each with limits of its own.')
    .addHelpText('after', examples);
  withLimits(at(keys, 'generate', 'Make a key. It is printed once: nothing else can tell it again.')).action(
    (flags: GenerateFlags) => using(flags, io, async (desk) => generate(desk, flags, io)),
  );
  at(keys, 'list', 'List the keys: what they may do, and what they cost so far.').action((flags: KeyFlags) =>
    using(flags, io, async (desk) => {
      const all = await desk.list();
      io.stdout(flags.json ? `${JSON.stringify({ keys: all })}\n` : keyTable(all));
    }),
  );
  at(keys, 'info', 'Show one key.')
    .argument('<key>', 'its alias or hash; - reads the key itself from standard input')
    .action((name: string, flags: KeyFlags) =>
      using(flags, io, async (desk) => {
        const key = await desk.info(await nameFrom(name, io));
        io.stdout(flags.json ? `${JSON.stringify(key)}\n` : keyText(key));
      }),
    );
  at(
    keys,
    'delete',
    'Delete keys. They open nothing from then on; with a server on Redis, on every instance within a second.',
  )
    .argument('<keys...>', 'aliases or hashes; - reads a key itself from standard input')
    .action((names: readonly string[], flags: KeyFlags) =>
      using(flags, io, async (desk) => {
        const given = await Promise.all(names.map((name) => nameFrom(name, io)));
        await desk.remove(given);
        io.stdout(flags.json ? `${JSON.stringify({ deleted: given.length })}\n` : `Deleted ${given.length}.\n`);
      }),
    );
}

const examples = `
Examples:
  $ modelmux keys generate --data server.json --alias ci --models gpt-4o,claude-* --rpm 60
  $ modelmux keys generate --url http://127.0.0.1:8787 --max-budget 20 --budget-duration 30d --json
  $ modelmux keys list --data server.json
  $ modelmux keys info ci --url http://127.0.0.1:8787
  $ modelmux keys delete ci --data server.json

With --url the admin key of the server is read from MODELMUX_ADMIN_KEY. A server that runs sees what changes in its data file within a second.
`;

interface KeyFlags extends DeskFlags {
  readonly json?: boolean;
}

interface GenerateFlags extends KeyFlags {
  readonly alias?: string;
  readonly models?: readonly string[];
  readonly duration?: string;
  readonly maxBudget?: number;
  readonly budgetDuration?: string;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly maxParallel?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

function at(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .addOption(new Option('--data <file>', 'data file of a server, as in serve --data').conflicts('url'))
    .option('--url <url>', 'a server that runs, as in http://127.0.0.1:8787')
    .option('--json', 'print JSON')
    .addHelpText('after', examples);
}

const most = 1_000_000_000;

function withLimits(command: Command): Command {
  return command
    .option('--alias <name>', 'a name to know it by')
    .option(
      '--models <models>',
      'models it may ask for, with commas between them; a * at the end stands for any',
      names,
    )
    .option('--duration <time>', 'how long it opens anything: 30s, 12h, 30d, or never (default: 30d)')
    .option('--max-budget <usd>', 'what its calls may cost', numberFrom(0, most))
    .option('--budget-duration <time>', 'in any such time, as in 1d; without it altogether')
    .option('--rpm <count>', 'requests a minute', wholeNumber(1, most))
    .option('--tpm <count>', 'tokens a minute', wholeNumber(1, most))
    .option('--max-parallel <count>', 'requests at once', wholeNumber(1, most))
    .option('--metadata <key=value>', 'a fact that joins the metadata of its calls; may be given again', keyValue);
}

async function generate(desk: KeyDesk, flags: GenerateFlags, io: CliIo): Promise<void> {
  const { alias, models, duration, maxBudget, budgetDuration, rpm, tpm, maxParallel, metadata } = flags;
  const wish = {
    key_alias: alias,
    models,
    max_budget: maxBudget,
    budget_duration: budgetDuration,
    rpm_limit: rpm,
    tpm_limit: tpm,
    max_parallel_requests: maxParallel,
    metadata,
    ...(duration === undefined ? {} : { duration: duration === 'never' ? null : duration }),
  };
  const made = await desk.generate(Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)));
  io.stdout(flags.json ? `${JSON.stringify(made)}\n` : `${made.key}\n`);
  if (!flags.json) io.stderr(`${keyText(made)}This is the only time the key is shown.\n`);
}

async function using(flags: KeyFlags, io: CliIo, act: (desk: KeyDesk) => Promise<void>): Promise<void> {
  const desk = await openDesk(flags, io);
  try {
    await act(desk);
  } finally {
    desk.close();
  }
}

/** A key on the command line is seen by every user of the machine. */
async function nameFrom(name: string, { readInput }: CliIo): Promise<string> {
  if (name !== '-') return name;
  const key = (await readInput()).trim();
  if (key === '') throw new CliFailure('Standard input holds no key.');
  return key;
}

function names(text: string): readonly string[] {
  const list = text.split(',').flatMap((part) => part.trim() || []);
  if (list.length > 0) return list;
  throw new InvalidArgumentError('Give names such as gpt-4o,claude-*.');
}
