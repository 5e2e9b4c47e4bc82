import { type Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../core/errors/config-error.ts';
import {
  type ListeningServer,
  type ListenOptions,
  type RequestRecord,
  type ServerOptions,
  serve,
} from '../server/index.ts';
import type { ForeignServe } from './foreign/foreign-serve.ts';
import { CliFailure, type CliIo } from './io.ts';
import { listenMessage } from './listen-message.ts';
import { openBrowser } from './open-browser.ts';
import { requestLine } from './request-line.ts';
import { readServeConfig } from './serve-config.ts';
import { checkFiles, type NamedFiles } from './serve-files.ts';
import { keysFrom } from './serve-keys.ts';
import { addLogOptions, type LogFlags, logsFrom } from './serve-logs.ts';
import { addOtelOptions, type OtelFlags, tracerFrom, unheard } from './serve-otel.ts';
import { answers, noRedis, redisOption, redisOver, redisTimeoutOption } from './serve-redis.ts';

const configHelp =
  'default config: a JSON or YAML file, also LiteLLM’s, Javelin’s, or Portkey’s legacy form; or an ID of --configs';

/** Adds `modelmux serve`: the gateway on a port, until told to stop. */
export function addServe(program: Command, io: CliIo): void {
  const serve = program
    .command('serve')
    .description('Serve the gateway over HTTP, to any client of OpenAI, Anthropic or Portkey.')
    .option(
      '-p, --port <port>',
      'port to listen on, 0 for any free one (default: 8787, for a LiteLLM document 8000)',
      portNumber,
    )
    .option('--host <host>', 'address to listen on; beyond this machine it needs keys', '127.0.0.1')
    .option('-c, --config <file|id>', configHelp)
    .option(
      '--configs <folder>',
      'folder of configs, for requests that name one by its ID; what is changed over the admin calls is kept there',
    )
    .option('--prompts <folder>', 'folder of prompts, made where it is missing; else they are kept with --data')
    .option('--vault <file>', 'file of virtual keys; its passphrase is in MODELMUX_VAULT_PASSPHRASE')
    .option(
      '--data <file>',
      'keep what is made over the admin calls (keys, routes, configs and prompts without a folder) in this file',
    )
    .addOption(redisOption)
    .addOption(redisTimeoutOption)
    .option('--key-file <file>', 'keys that clients must send one of, one a line; also in MODELMUX_KEYS')
    .addOption(
      new Option('--key <key>', 'such a key; seen by every user of this machine').argParser(collect).default([]),
    )
    .option('--admin-key <key>', 'key for /metrics and administration; better in MODELMUX_ADMIN_KEY')
    .addOption(
      new Option('--trust-virtual-keys <who>', 'who may name virtual keys: nobody, requests, or their configs too')
        .choices(['none', 'direct', 'configs'])
        .default('direct'),
    )
    .option(
      '--trust-hosts <hosts>',
      'where requests may send their own keys: none, public, any, or hosts',
      hostList,
      'public',
    )
    .option('--cors <origins>', 'web pages that may call: origins with commas between them, or *', corsList)
    .option('--allow-host <names>', 'names under which clients may reach a server on loopback', list)
    .option('--max-body <bytes>', 'largest body of a request', positiveNumber)
    .option('--max-requests <count>', 'requests in flight at most', positiveNumber)
    .option('--request-timeout <seconds>', 'time for a request, retries and stream included', positiveNumber)
    .option('--drain-timeout <seconds>', 'time for requests under way after the signal to stop', number, 30)
    .addOption(new Option('--compat <product>', 'also send the response headers of this product').choices(['litellm']))
    .option('-q, --quiet', 'no line for each request')
    .option('--json', 'print addresses, requests and errors as JSON');
  addOtelOptions(addLogOptions(serve))
    .addHelpText('after', examples)
    .action((flags: ServeFlags) => run(flags, io));
}

const examples = `
Examples:
  $ modelmux serve --config config.yaml
  $ modelmux serve --configs ./configs --config pc-main --vault keys.vault
  $ modelmux serve --config litellm.yaml
  $ MODELMUX_KEYS="$(openssl rand -hex 32)" modelmux serve --host 0.0.0.0 --config config.yaml

  $ curl http://127.0.0.1:8787/v1/chat/completions -H 'content-type: application/json' \\
      -d '{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}'

Ctrl+C or SIGTERM stops: requests under way may finish, a second signal does not wait.
`;

/** Options of the command line, as commander hands them over. */
export interface ServeFlags extends LogFlags, OtelFlags {
  readonly port?: number;
  readonly host: string;
  readonly config?: string;
  readonly configs?: string;
  readonly prompts?: string;
  readonly vault?: string;
  readonly redis?: string;
  readonly redisTimeout: number;
  readonly keyFile?: string;
  readonly key: readonly string[];
  readonly adminKey?: string;
  readonly trustVirtualKeys: 'none' | 'direct' | 'configs';
  readonly trustHosts: 'none' | 'public' | 'any' | readonly string[];
  readonly cors?: true | readonly string[];
  readonly allowHost?: readonly string[];
  readonly maxBody?: number;
  readonly maxRequests?: number;
  readonly requestTimeout?: number;
  readonly drainTimeout: number;
  readonly compat?: 'litellm';
  readonly console: boolean;
  readonly open?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

async function run(flags: ServeFlags, io: CliIo): Promise<void> {
  if (flags.open === true && !flags.console)
    throw new CliFailure('With --no-console there is nothing that --open could show.');
  const {
    options: found,
    warnings,
    redis: named,
  } = await readServeConfig(flags.config, flags.configs !== undefined, io);
  for (const message of warnings) warn(message, flags, io);
  const options = await optionsOf(flags, found, io);
  for (const message of await checkFiles(flags, namedFiles(options), io.env)) warn(message, flags, io, 'files');
  const telemetry = await tracerFrom(flags);
  if (telemetry?.isHeard === false) warn(unheard, flags, io, 'otel');
  const { tracer } = telemetry ?? {};
  const { shared, store, close } = redisOver(flags.redis, named, flags.redisTimeout);
  try {
    if (shared !== undefined && !(await answers(shared))) warn(noRedis, flags, io, 'shared_state');
    const server = await started({ ...options, tracer, shared, ...(store && { store }), onRequest: logger(flags, io) });
    server.on('warning', ({ code, message }) => warn(message, flags, io, code));
    greet(server.url, flags, io);
    await aborted(io.signal);
    await drain(server, flags, io);
  } finally {
    // An open connection would keep the process.
    await close();
  }
}

function namedFiles({ config, logs }: ServerOptions): NamedFiles {
  return {
    configId: typeof config === 'string' ? config : undefined,
    logFile: typeof logs === 'object' && 'file' in logs ? logs.file : undefined,
  };
}

function greet(url: string, { console, open, json }: ServeFlags, io: CliIo): void {
  const page = console ? `${url}/console` : undefined;
  const lines = [`modelmux listens on ${url}`, ...(page === undefined ? [] : [`The console is at ${page}`])];
  io.stdout(json ? `${JSON.stringify({ url, console: page })}\n` : `${lines.join('\n')}\n`);
  if (open !== true || page === undefined) return;
  openBrowser(page, io);
}

function warn(message: string, { json }: ServeFlags, io: CliIo, code = 'import'): void {
  io.stderr(json ? `${JSON.stringify({ warning: { code, message } })}\n` : `warning: ${message}\n`);
}

async function optionsOf(
  flags: ServeFlags,
  found: ForeignServe['options'],
  io: CliIo,
): Promise<ServerOptions & ListenOptions> {
  const { port, host, configs, vault, trustVirtualKeys, trustHosts, cors, allowHost, compat } = flags;
  const { keys, adminKey } = await keysFrom(flags, io);
  return {
    ...found,
    port: port ?? found.port,
    host,
    keys,
    adminKey: adminKey ?? found.adminKey,
    environment: io.env,
    trust: { virtualKeys: trustVirtualKeys, customHosts: trustHosts },
    limits: {
      bodyBytes: flags.maxBody,
      concurrency: flags.maxRequests ?? found.limits?.concurrency,
      requestMs: flags.requestTimeout === undefined ? undefined : flags.requestTimeout * 1000,
    },
    cors,
    logs: logsFrom(flags),
    console: flags.console,
    compat: compat ?? found.compat,
    ...(allowHost === undefined ? {} : { hosts: [...allowHost, 'localhost', '127.0.0.1', '[::1]', '0.0.0.0'] }),
    ...(configs === undefined ? {} : { configs: { folder: configs } }),
    ...(flags.prompts === undefined ? {} : { prompts: { folder: flags.prompts } }),
    ...(flags.data === undefined ? {} : { data: { file: flags.data }, budgetStore: { file: `${flags.data}.spend` } }),
    ...(vault === undefined ? {} : { vault: { file: vault, passphrase: io.env['MODELMUX_VAULT_PASSPHRASE'] } }),
  };
}

function logger({ quiet, json }: ServeFlags, io: CliIo): ((record: RequestRecord) => void) | undefined {
  if (quiet) return undefined;
  // The console looks after itself every other second.
  const isSaid = ({ method, path, status }: RequestRecord) =>
    method !== 'GET' || status >= 400 || !/^\/console(?:\/|$)/.test(path);
  return (record) => {
    if (isSaid(record)) io.stdout(json ? `${JSON.stringify(record)}\n` : `${requestLine(record)}\n`);
  };
}

async function started(options: ServerOptions & ListenOptions): Promise<ListeningServer> {
  try {
    return await serve(options);
  } catch (error) {
    if (error instanceof ConfigError) throw new CliFailure('The server cannot start:', error.issues);
    const { port = 8787, host = '127.0.0.1' } = options;
    throw new CliFailure(listenMessage(error as NodeJS.ErrnoException, port, host));
  }
}

async function drain(server: ListeningServer, { drainTimeout, json }: ServeFlags, io: CliIo): Promise<void> {
  const { inFlight } = server;
  if (inFlight > 0 && !json) {
    io.stdout(`Stopping: ${inFlight} requests may finish within ${drainTimeout} s. A second signal does not wait.\n`);
  }
  await server.close({ drainMs: drainTimeout * 1000 });
  if (!json) io.stdout('Stopped.\n');
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function portNumber(text: string): number {
  const port = number(text);
  if (Number.isInteger(port) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a number, 0 or above.');
}

function positiveNumber(text: string): number {
  const value = number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function hostList(text: string): ServeFlags['trustHosts'] {
  return text === 'none' || text === 'public' || text === 'any' ? text : list(text);
}

function corsList(text: string): true | readonly string[] {
  return text === '*' ? true : list(text);
}
