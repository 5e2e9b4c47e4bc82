import { type Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../core/errors/config-error.ts';
import {
  type ListeningServer,
  type ListenOptions,
  type RequestRecord,
  type ServerOptions,
  serve,
} from '../server/index.ts';
import { redis } from '../stores/redis/index.ts';
import { CliFailure, type CliIo } from './io.ts';
import { requestLine } from './request-line.ts';
import { readServeConfig } from './serve-config.ts';
import { keysFrom } from './serve-keys.ts';

/** Adds `modelmux serve`: the gateway on a port, until told to stop. */
export function addServe(program: Command, io: CliIo): void {
  program
    .command('serve')
    .description('Serve the gateway over HTTP, to any client of OpenAI, Anthropic or Portkey.')
    .option(
      '-p, --port <port>',
      'port to listen on, 0 for any free one (default: 8787, for a LiteLLM document 8000)',
      portNumber,
    )
    .option('--host <host>', 'address to listen on; beyond this machine it needs keys', '127.0.0.1')
    .option(
      '-c, --config <file|id>',
      'default config: a JSON or YAML file, also LiteLLM’s, Javelin’s, or Portkey’s legacy form; or an ID of --configs',
    )
    .option('--configs <folder>', 'folder of configs, for requests that name one by its ID')
    .option('--vault <file>', 'file of virtual keys; its passphrase is in MODELMUX_VAULT_PASSPHRASE')
    .option('--data <file>', 'keep what is made over the admin calls (keys, configs, routes) in this file')
    .option('--redis <url>', 'share limits, budgets, cooldowns and caches with other instances through this Redis')
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
    .option('--json', 'print addresses, requests and errors as JSON')
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
export interface ServeFlags {
  readonly port?: number;
  readonly host: string;
  readonly config?: string;
  readonly configs?: string;
  readonly vault?: string;
  readonly data?: string;
  readonly redis?: string;
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
  readonly quiet?: boolean;
  readonly json?: boolean;
}

async function run(flags: ServeFlags, io: CliIo): Promise<void> {
  const server = await started({ ...(await optionsOf(flags, io)), onRequest: logger(flags, io) });
  server.on('warning', ({ code, message }) => warn(message, flags, io, code));
  io.stdout(flags.json ? `${JSON.stringify({ url: server.url })}\n` : `modelmux listens on ${server.url}\n`);
  await aborted(io.signal);
  await drain(server, flags, io);
}

function warn(message: string, { json }: ServeFlags, io: CliIo, code = 'import'): void {
  io.stderr(json ? `${JSON.stringify({ warning: { code, message } })}\n` : `warning: ${message}\n`);
}

async function optionsOf(flags: ServeFlags, io: CliIo): Promise<ServerOptions & ListenOptions> {
  const { port, host, configs, vault, trustVirtualKeys, trustHosts, cors, allowHost, compat } = flags;
  const { keys, adminKey } = await keysFrom(flags, io);
  const { options: found, warnings } = await readServeConfig(flags.config, configs !== undefined, io);
  for (const message of warnings) warn(message, flags, io);
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
    compat: compat ?? found.compat,
    ...(allowHost === undefined ? {} : { hosts: [...allowHost, 'localhost', '127.0.0.1', '[::1]', '0.0.0.0'] }),
    ...(configs === undefined ? {} : { configs: { folder: configs } }),
    ...(flags.data === undefined ? {} : { data: { file: flags.data } }),
    ...(flags.redis === undefined ? {} : { shared: redis(flags.redis) }),
    ...(vault === undefined ? {} : { vault: { file: vault, passphrase: io.env['MODELMUX_VAULT_PASSPHRASE'] } }),
  };
}

function logger({ quiet, json }: ServeFlags, io: CliIo): ((record: RequestRecord) => void) | undefined {
  if (quiet) return undefined;
  return (record) => io.stdout(json ? `${JSON.stringify(record)}\n` : `${requestLine(record)}\n`);
}

async function started(options: ServerOptions & ListenOptions): Promise<ListeningServer> {
  try {
    return await serve(options);
  } catch (error) {
    if (error instanceof ConfigError) throw new CliFailure('The server cannot start:', error.issues);
    throw new CliFailure(listenMessage(error as NodeJS.ErrnoException, options));
  }
}

function listenMessage(error: NodeJS.ErrnoException, { port = 8787, host }: ListenOptions): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Choose another with --port, or 0 for any free one.`;
    case 'EACCES':
      return `Port ${port} on ${host} needs more rights than this user has. Choose one above 1023 with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine. Choose another with --host.`;
    default:
      return `Cannot listen on port ${port} of ${host}: ${error.message}`;
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
