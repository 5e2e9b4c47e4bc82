import { readFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { type Command, InvalidArgumentError } from 'commander';
import { LineCounter, parseDocument } from 'yaml';
import { ConfigError } from '../core/errors/config-error.ts';
import {
  parseScenario,
  type Scenario,
  type Simulator,
  simulatedProviders,
  startSimulator,
} from '../simulator/index.ts';
import { CliFailure, type CliIo, hasColor } from './io.ts';
import { listenMessage } from './listen-message.ts';

/** Adds `modelmux simulate`: runs simulated providers until told to stop. */
export function addSimulate(program: Command, io: CliIo): void {
  program
    .command('simulate')
    .description('Run simulated providers on a local port. No model is asked; every reply is made up and says so.')
    .option('-p, --port <port>', 'port to listen on, 0 for any free one', portNumber, 4010)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option(
      '-s, --seed <seed>',
      'fixes everything that is drawn or made up (default: 1, or what the file says)',
      wholeNumber,
    )
    .option('-f, --script <file>', 'JSON or YAML file: {seed, defaults, providers, scripts}')
    .option('-l, --latency <ms>', 'time before each reply, or a range such as 20-80', latency)
    .option('-t, --tokens-per-second <rate>', 'pace of streams (default: as fast as possible)', positiveNumber)
    .option('--json', 'print addresses and errors as JSON')
    .addHelpText('after', examples)
    .action((options: SimulateOptions) => simulate(options, io));
}

const examples = `
Examples:
  $ modelmux simulate
  $ modelmux simulate --port 4010 --latency 20-80 --tokens-per-second 80
  $ modelmux simulate --script outage.yaml

outage.yaml:
  providers:
    openai: { errorRate: 0.1 }
    anthropic: { outage: true }
  scripts:
    openai:
      - { status: 429, retryAfter: 2 }
      - { text: "Back again." }
`;

interface SimulateOptions {
  readonly port: number;
  readonly host: string;
  readonly seed?: number;
  readonly script?: string;
  readonly latency?: number | readonly [number, number];
  readonly tokensPerSecond?: number;
  readonly json?: boolean;
}

/** Requests under way may take this long to finish after the user asked to stop. */
const drainMs = 5000;

async function simulate(options: SimulateOptions, io: CliIo): Promise<void> {
  const scenario = options.script === undefined ? {} : await readScenario(options.script);
  const simulator = await started(options, withFlags(scenario, options));
  io.stdout(
    options.json ? `${JSON.stringify(summary(simulator, scenario))}\n` : banner(simulator, scenario, hasColor(io)),
  );
  await aborted(io.signal);
  await simulator.stop({ drainMs });
  if (!options.json) io.stdout('Stopped.\n');
}

async function readScenario(file: string): Promise<Scenario> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliFailure(`Cannot read ${file}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}.`);
  });
  const lines = new LineCounter();
  // JSON is YAML, too.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const issues = document.errors.map(({ pos, message }) => {
      const { line, col } = lines.linePos(pos[0]);
      return { path: `line ${line}, column ${col}`, message };
    });
    throw new CliFailure(`${file} is neither JSON nor YAML:`, issues);
  }
  try {
    return parseScenario(document.toJS() ?? {});
  } catch (error) {
    if (error instanceof ConfigError) throw new CliFailure(`${file} is not a valid scenario:`, error.issues);
    // Aliases that multiply beyond measure.
    if (error instanceof ReferenceError) throw new CliFailure(`${file} cannot be read: ${error.message}.`);
    throw error;
  }
}

/** Options of the command line beat what the file says for all providers. */
function withFlags(scenario: Scenario, { seed, latency: latencyMs, tokensPerSecond }: SimulateOptions): Scenario {
  return {
    ...scenario,
    ...(seed === undefined ? {} : { seed }),
    defaults: {
      ...scenario.defaults,
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }),
    },
  };
}

async function started({ port, host }: SimulateOptions, scenario: Scenario): Promise<Simulator> {
  try {
    // Nobody asks this process for records, and bodies may be large.
    return await startSimulator({ ...scenario, port, host, recordLimit: 0 });
  } catch (error) {
    throw new CliFailure(listenMessage(error as NodeJS.ErrnoException, port, host));
  }
}

function baseUrls(simulator: Simulator, { providers = {}, scripts = {} }: Scenario): Readonly<Record<string, string>> {
  const names = new Set([...simulatedProviders, ...Object.keys(providers), ...Object.keys(scripts)]);
  return Object.fromEntries([...names].map((name) => [name, simulator.baseUrl(name)]));
}

function summary(simulator: Simulator, scenario: Scenario): object {
  const { url, seed } = simulator;
  return {
    simulator: true,
    url,
    seed,
    baseUrls: baseUrls(simulator, scenario),
    otherProviders: `${url}/{provider}/v1`,
  };
}

function banner(simulator: Simulator, scenario: Scenario, color: boolean): string {
  const bold = (text: string) => (color ? styleText('bold', text, { validateStream: false }) : text);
  const urls = Object.entries({ ...baseUrls(simulator, scenario), 'any other': `${simulator.url}/NAME/v1` });
  const width = Math.max(...urls.map(([name]) => name.length));
  return [
    `${bold('modelmux simulator')}: no model is asked, every reply is made up (seed ${simulator.seed}).`,
    '',
    ...urls.map(([name, url]) => `  ${name.padEnd(width)}  ${url}`),
    '',
    'Use one of these as custom_host, or as base URL of a client, with any key. Ctrl+C stops.',
    '',
  ].join('\n');
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

function wholeNumber(text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function latency(text: string): number | readonly [number, number] {
  const [, least, most] = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  if (least === undefined || (most !== undefined && Number(most) < Number(least))) {
    throw new InvalidArgumentError('It must be milliseconds, or a range such as 20-80.');
  }
  return most === undefined ? Number(least) : [Number(least), Number(most)];
}
