import type { EventListener, EventName } from '../core/events.ts';
import type { TargetSnapshot } from '../routing/state/target-state.ts';
import { createApp } from './app.ts';
import { createGateway } from './create-gateway.ts';
import { readServerOptions, type ServerOptions } from './options.ts';
import type { HostBindings } from './server-env.ts';

/** A gateway server without a port: give it requests. May be called itself, or handed to a runtime as `{ fetch }`. */
export interface GatewayServer {
  (request: Request): Promise<Response>;
  /** Never rejects: what goes wrong is a response. */
  fetch(request: Request, bindings?: HostBindings): Promise<Response>;
  /** Hears the events of all requests, as `Portkey.on`. */
  on<Name extends EventName>(name: Name, listener: EventListener<Name>): GatewayServer;
  off<Name extends EventName>(name: Name, listener: EventListener<Name>): GatewayServer;
  /** How the targets of the server's own configs are doing. */
  state(): readonly TargetSnapshot[];
  /** Requests whose response is not over. */
  readonly inFlight: number;
  /** Resolves when what earlier admin calls made has been read; rejects with `ConfigError` when it cannot be. Requests wait for it by themselves. */
  loaded(): Promise<void>;
  /** From now on `/ready` says no, so that load balancers send their requests elsewhere. */
  drain(): void;
  /** Resolves when the records of all requests that are over are with their store, as the option `logs` says, and what keys spent too. Never rejects. */
  flush(): Promise<void>;
  /** Ends what runs beside requests, such as health checks of targets. Requests are still answered. */
  close(): Promise<void>;
}

/** Makes a server of a client's options and its own; nothing listens yet. Throws `ConfigError` that lists everything wrong. */
export function createServer(options: ServerOptions = {}): GatewayServer {
  const gateway = createGateway(readServerOptions(options));
  const app = createApp(gateway);
  const fetch = async (request: Request, bindings: HostBindings = {}) => app.fetch(request, bindings);
  const server: GatewayServer = Object.assign((request: Request) => fetch(request), {
    fetch,
    on<Name extends EventName>(name: Name, listener: EventListener<Name>) {
      gateway.hub.on(name, listener);
      return server;
    },
    off<Name extends EventName>(name: Name, listener: EventListener<Name>) {
      gateway.hub.off(name, listener);
      return server;
    },
    state: () => gateway.callers.own.targets(),
    inFlight: 0,
    loaded: async () => gateway.records.loaded(),
    async flush() {
      const { logs, records, keyMeters, keySpend } = gateway;
      await Promise.allSettled([logs?.flush(), records.save(), keyMeters.flush(), keySpend.flush()]);
    },
    drain() {
      gateway.isDraining = true;
    },
    async close() {
      gateway.records.stop();
      await gateway.callers.own.close();
    },
  });
  return Object.defineProperty(server, 'inFlight', { get: () => gateway.exchanges.inFlight });
}
