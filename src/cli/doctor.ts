import { type Command, CommanderError } from 'commander';
import type { Check } from './doctor/check.ts';
import { readConfigFile } from './files/config-file.ts';
import type { CliIo } from './io.ts';
import { wholeNumber } from './option-values.ts';
import { count, type Paint, painter, table } from './style.ts';

/** Adds `modelmux doctor`: looks at keys, addresses and versions. */
export function addDoctor(program: Command, io: CliIo): void {
  program
    .command('doctor')
    .description(
      'Look for keys, versions and whether providers can be reached. No model is asked, no key is sent or shown.',
    )
    .option('-c, --config <file>', 'look at the targets of this config')
    .option('-p, --provider <name>', 'reach this provider, too; repeatable', listed, [])
    .option('--timeout <ms>', 'wait this long for an answer', wholeNumber(1, 60_000), 5000)
    .option('--offline', 'reach nobody')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((options: DoctorOptions) => doctor(options, program.version() ?? '', io));
}

const examples = `
Reached are the targets of the config, the providers given, else those whose key is set; and Redis when REDIS_URL is set.
Exit code: 1 when something failed.

Examples:
  $ modelmux doctor
  $ modelmux doctor --config config.yaml --json
  $ modelmux doctor --provider openai --provider groq --timeout 2000
`;

interface DoctorOptions {
  readonly config?: string;
  readonly provider: readonly string[];
  readonly timeout: number;
  readonly offline?: boolean;
  readonly json?: boolean;
}

function listed(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function doctor(options: DoctorOptions, version: string, io: CliIo): Promise<void> {
  const checks = await examine(options, version, io);
  const failed = checks.filter(({ status }) => status === 'failed').length;
  io.stdout(
    options.json ? `${JSON.stringify({ ok: failed === 0, checks }, undefined, 2)}\n` : toText(checks, painter(io)),
  );
  if (failed > 0) throw new CommanderError(1, 'modelmux.doctor', 'something failed');
}

async function examine(options: DoctorOptions, version: string, io: CliIo): Promise<readonly Check[]> {
  const { env } = io;
  const { checkVersions } = await import('./doctor/versions.ts');
  const { checkProviderKeys, checkVaultFile, checkVirtualKeys, keyVariable } = await import('./doctor/keys.ts');
  const { checkTargets } = await import('./doctor/config-targets.ts');
  const { checkReachability, placeOf, placeOfProvider } = await import('./doctor/reachability.ts');
  const { checkRedis } = await import('./doctor/redis-ping.ts');
  const keys = checkProviderKeys(env);
  const targets =
    options.config === undefined ? [] : await checkTargets(await readConfigFile(options.config, io, env), env);
  const named = options.provider.map(placeOfProvider);
  const fromConfig = targets.flatMap(({ credentials }) => (credentials === undefined ? [] : [placeOf(credentials)]));
  const places = [...fromConfig, ...named];
  const withKey = keys.filter(({ name }) => keyVariable(name, env) !== undefined);
  const reached =
    options.config === undefined && named.length === 0 ? withKey.map(({ name }) => placeOfProvider(name)) : places;
  const redisUrl = env['REDIS_URL'];
  return [
    ...checkVersions(version),
    ...keys,
    ...(await checkVirtualKeys(env)),
    ...(await checkVaultFile(env)),
    ...targets.map(({ check }) => check),
    ...(options.offline ? [] : await checkReachability(reached, options.timeout)),
    ...(options.offline || redisUrl === undefined ? [] : [await checkRedis(redisUrl, options.timeout)]),
  ];
}

const marks = { ok: '✔', warning: '!', failed: '✘', note: '·' } as const;
const colors = { ok: 'green', warning: 'yellow', failed: 'red', note: 'dim' } as const;

function toText(checks: readonly Check[], paint: Paint): string {
  const rows = table(checks.map(({ status, area, name, detail }) => [marks[status], area, name, detail]));
  const lines = checks.map(({ status }, index) => paint(colors[status], rows[index] ?? ''));
  return `${[...lines, '', verdict(checks, paint)].join('\n')}\n`;
}

function verdict(checks: readonly Check[], paint: Paint): string {
  const failed = checks.filter(({ status }) => status === 'failed').length;
  if (failed > 0) return paint('red', `${count(failed, 'problem')}.`);
  // Of a target that has what it needs, too.
  const hasKey = checks.some(({ area, status }) => (area === 'keys' || area === 'config') && status === 'ok');
  if (hasKey) return paint('green', 'Nothing is wrong.');
  const why = 'No API key was found: only a provider that needs none can be called.';
  return paint('yellow', `${why} Set one, such as OPENAI_API_KEY, or give "api_key" in a config.`);
}
