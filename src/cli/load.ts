import { type Command, CommanderError } from 'commander';
import type { JsonObject } from '../core/json.ts';
import { systemClock } from '../core/runtime.ts';
import { readConfigFile } from './files/config-file.ts';
import { CliFailure, type CliIo } from './io.ts';
import { isLocalConfig, isLocalUrl } from './load/is-local.ts';
import type { Sender } from './load/outcome.ts';
import { progressLine } from './load/progress.ts';
import { type LoadBounds, runLoad } from './load/run-load.ts';
import { summaryOf } from './load/summary.ts';
import { summaryText } from './load/summary-text.ts';
import { jsonObject, numberFrom, wholeNumber } from './option-values.ts';
import { painter } from './style.ts';

/** In parts of a millisecond. */
const preciseClock = { ...systemClock, now: () => performance.now() };

/** Adds `modelmux load`: a bounded load test of a config or a server. */
export function addLoad(program: Command, io: CliIo): void {
  program
    .command('load')
    .description('Send a bounded number of requests through a config, or to an OpenAI-compatible server.')
    .argument('<target>', 'config file, or base URL such as http://localhost:8787/v1')
    .option('-n, --requests <number>', 'requests in all (default: 100 without --duration)', wholeNumber(1, 1_000_000))
    .option('-d, --duration <seconds>', 'begin no more requests after this time', numberFrom(0.1, 3600))
    .option('-c, --concurrency <number>', 'requests in flight at most', wholeNumber(1, 10_000), 8)
    .option('-r, --rate <number>', 'requests begun per second (default: as many as fit)', numberFrom(0.01, 100_000))
    .option('-b, --body <json>', 'body of each request as JSON, or @file', jsonObject, {})
    .option('-m, --model <model>', 'model asked for, where the body names none', 'gpt-4o-mini')
    .option('-s, --stream', 'ask for streams')
    .option('--simulate [file]', 'send to simulated providers in place of the real ones, as a file of "simulate" says')
    .option('--key-env <VARIABLE>', 'take the API key for a URL from this environment variable')
    .option('--max-errors <percent>', 'fail when more requests than these failed', numberFrom(0, 100), 5)
    .option('-y, --yes', 'yes, send to addresses other than this machine; real providers cost money')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((target: string, options: LoadOptions) => load(target, options, io));
}

const examples = `
Ctrl+C ends the test and shows what there is. Exit code: 1 when too many requests failed, 2 when asked wrongly.

Examples:
  $ modelmux load config.yaml --simulate --requests 1000 --concurrency 32
  $ modelmux load config.yaml --simulate outage.yaml --duration 10 --rate 50 --stream
  $ modelmux load http://localhost:8787/v1 --key-env GATEWAY_KEY --duration 30 --json
`;

interface LoadOptions {
  readonly requests?: number;
  readonly duration?: number;
  readonly concurrency: number;
  readonly rate?: number;
  readonly body: JsonObject;
  readonly model: string;
  readonly stream?: boolean;
  readonly simulate?: true | string;
  readonly keyEnv?: string;
  readonly maxErrors: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

async function load(target: string, options: LoadOptions, io: CliIo): Promise<void> {
  const { send, stop } = await open(target, options, io);
  const bounds = boundsOf(options);
  const body = bodyOf(options);
  const progress = progressLine(bounds, io);
  try {
    const scope = { send: (signal: AbortSignal) => send(body, signal), clock: preciseClock, signal: io.signal };
    const run = await runLoad(bounds, scope, progress.count);
    progress.end();
    const summary = summaryOf(run);
    io.stdout(
      options.json
        ? `${JSON.stringify(summary, undefined, 2)}\n`
        : summaryText(summary, bounds.concurrency, painter(io)),
    );
    if (summary.failed * 100 > options.maxErrors * summary.requests)
      throw new CommanderError(1, 'modelmux.load', 'too many requests failed');
  } finally {
    progress.end();
    await stop();
  }
}

interface Opened {
  readonly send: Sender;
  stop(): Promise<void>;
}

const nothing = async () => undefined;

/** What a test needs is loaded when it is needed: the rest of the program starts without it. */
async function open(target: string, options: LoadOptions, io: CliIo): Promise<Opened> {
  if (/^https?:\/\//.test(target)) {
    refuseReal(isLocalUrl(target), target, options);
    const { urlSender } = await import('./load/url-sender.ts');
    return { send: urlSender(target, keyOf(options, io)), stop: nothing };
  }
  // Simulated providers ask for no key: then none is looked up.
  const config = await readConfigFile(target, io, options.simulate === undefined ? io.env : undefined);
  const { configSender } = await import('./load/config-sender.ts');
  if (options.simulate === undefined) {
    refuseReal(isLocalConfig(config), 'the providers of this config', options);
    return { send: configSender({ config, environment: io.env }), stop: nothing };
  }
  const { startSimulated } = await import('./simulated/start-simulated.ts');
  const simulated = await startSimulated(config, options.simulate === true ? undefined : options.simulate, io);
  return { send: configSender({ config: simulated.config, environment: {} }), stop: () => simulated.simulator.stop() };
}

function refuseReal(isLocal: boolean, whom: string, { yes, simulate }: LoadOptions): void {
  if (isLocal || yes || simulate !== undefined) return;
  throw new CliFailure(
    `This would send real requests to ${whom}, which may cost money. Give --yes if that is meant, or --simulate for simulated providers.`,
  );
}

function keyOf({ keyEnv }: LoadOptions, { env }: CliIo): string | undefined {
  if (keyEnv === undefined) return undefined;
  const key = env[keyEnv];
  if (key !== undefined && key !== '') return key;
  throw new CliFailure(`The environment variable ${keyEnv} is not set.`);
}

const defaultRequests = 100;

function boundsOf({ requests, duration, concurrency, rate }: LoadOptions): LoadBounds {
  return {
    concurrency,
    ...(duration === undefined ? { requests: requests ?? defaultRequests } : { durationMs: duration * 1000 }),
    ...(duration === undefined || requests === undefined ? {} : { requests }),
    ...(rate === undefined ? {} : { ratePerSecond: rate }),
  };
}

function bodyOf({ body, model, stream }: LoadOptions): JsonObject {
  return {
    model,
    ...(body['messages'] === undefined ? { messages: [{ role: 'user', content: 'Say hello.' }] } : {}),
    ...body,
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}
