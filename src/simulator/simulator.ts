import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../core/runtime.ts';
import type { Behaviour, ReplyBehaviour, Scenario } from './behaviour.ts';
import { parseBehaviour, parseOptions, parseScript } from './behaviour-schema.ts';
import { formatOf } from './formats/index.ts';
import { addressOf } from './incoming.ts';
import { providers, recorded } from './provider-state.ts';
import type { RecordedRequest } from './recording.ts';
import { labels } from './response-headers.ts';
import { type Service, serve } from './serve.ts';

/** Where a simulator listens, and what it plays. */
export interface SimulatorOptions extends Scenario {
  /** Any free port when 0 or absent. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Requests kept per provider for {@link Simulator.requests}; default 10 000. */
  readonly recordLimit?: number;
  /** Time for delays, limits and records; the system's when absent. */
  readonly clock?: Clock;
}

/** Simulated providers on one port, each below its own path prefix. */
export interface Simulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly seed: number;
  /** Base URL to give to a client of `provider`, for any name: unknown ones speak OpenAI's format. */
  baseUrl(provider: string): string;
  /** Adds replies for the provider's next requests; each request takes the first one that applies to it. */
  script(provider: string, replies: readonly ReplyBehaviour[]): void;
  /** Replaces the provider's standing behaviour; limits start empty. */
  behave(provider: string, behaviour: Behaviour | readonly Behaviour[]): void;
  /** Requests so far of one provider, or of all, oldest first. */
  requests(provider?: string): readonly RecordedRequest[];
  /** Back to the start: behaviours and scripts as given then, nothing recorded, the same random numbers again. */
  reset(): void;
  /**
   * Stops listening, lets requests under way go on for `drainMs` (default 0), then destroys what is left. A second call
   * without `drainMs` ends the draining.
   */
  stop(options?: { readonly drainMs?: number }): Promise<void>;
}

/**
 * Starts a simulator. Rejects with `ConfigError` for options that cannot work, and with Node's error when the port cannot
 * be had.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', seed = 1, recordLimit = 10_000, clock = systemClock } = options;
  const scenario = parseOptions(options);
  const fresh = (): Service => ({ providers: providers(scenario, seed, recordLimit), seed, clock });
  let service = fresh();
  const server = listener(() => service);
  await listening(server, port, host);
  const url = urlOf(server.address() as AddressInfo);
  const stop = stopper(server);
  return {
    url,
    seed,
    baseUrl: (provider) => `${url}/${provider}${formatOf(provider).basePath}`,
    script(provider, replies) {
      service.providers.get(provider).standing.script(parseScript(replies));
    },
    behave(provider, behaviour) {
      service.providers.get(provider).standing.behave(parseBehaviour(behaviour));
    },
    requests: (provider) => recorded(service.providers, provider),
    reset() {
      service = fresh();
    },
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}

function listener(service: () => Service): Server {
  const server = createServer({ noDelay: true }, (request, response) => {
    // Without it the same seed would not give the same bytes.
    response.sendDate = false;
    const address = addressOf(request.url ?? '/');
    if (address.provider === '') {
      response.writeHead(200, ['content-type', 'application/json', ...labels]).end(about);
      return;
    }
    serve({ request, response, address, service: service() });
  });
  // Clients pool connections; one closed while it is picked up again looks like a fault nobody asked for.
  server.keepAliveTimeout = 60_000;
  return server;
}

const about = JSON.stringify({
  simulator: true,
  message:
    'modelmux simulator: no model is asked. Providers answer below their names, as in /openai/v1/chat/completions.',
});

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function stopper(server: Server): Simulator['stop'] {
  let stopping: Promise<void> | undefined;
  return ({ drainMs = 0 } = {}) => {
    stopping ??= closed(server, drainMs);
    if (drainMs === 0) server.closeAllConnections();
    return stopping;
  };
}

function closed(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection kept alive becomes idle only when its last response is out.
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    const timer = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(timer);
      resolve();
    });
  });
}

const sweepMs = 20;
