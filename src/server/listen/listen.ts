import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { ConfigError } from '../../core/errors/config-error.ts';
import { createServer, type GatewayServer } from '../create-server.ts';
import type { ServerOptions } from '../options.ts';
import type { HostBindings } from '../server-env.ts';
import { closing } from './closing.ts';
import type { ListeningServer, ListenOptions } from './listen-options.ts';
import { isLoopback, loopbackNames } from './loopback.ts';
import { writeAnswer } from './write-answer.ts';

/** Starts a server. Rejects with `ConfigError` for options that cannot work or are unsafe, with Node's error when the port cannot be had. */
export async function listen(options: ServerOptions & ListenOptions): Promise<ListeningServer> {
  const {
    port = 8787,
    host = '127.0.0.1',
    headerBytes = 64 * 2 ** 10,
    headMs = 20_000,
    receiveMs = 300_000,
    ...own
  } = options;
  const isLocal = isLoopback(host);
  const hasKeys = (own.keys?.length ?? 0) > 0 || own.adminKey !== undefined;
  if (!isLocal && !hasKeys) throw open(host);
  const gateway = createServer(isLocal ? { hosts: [...loopbackNames, host], ...own } : own);
  await gateway.loaded();
  const server = httpServer(gateway, { headerBytes, headMs, receiveMs });
  await listening(server, port, host);
  const url = urlOf(server.address() as AddressInfo);
  const close = closing(server);
  const { close: endChecks } = gateway;
  return Object.assign(gateway, {
    url,
    close(given?: { readonly drainMs?: number }) {
      gateway.drain();
      return close(given)
        .then(() => gateway.flush())
        .then(endChecks);
    },
  });
}

function httpServer(
  gateway: GatewayServer,
  { headerBytes, headMs, receiveMs }: { readonly [Name in 'headerBytes' | 'headMs' | 'receiveMs']: number },
): Server {
  return createAdaptorServer({
    fetch: (request, { incoming, outgoing }) =>
      gateway.fetch(request, bindings(incoming as IncomingMessage, outgoing as ServerResponse)),
    // Whoever embeds this server keeps the `Request` and `Response` of its runtime.
    overrideGlobalObjects: false,
    serverOptions: {
      maxHeaderSize: headerBytes,
      // Whoever sends a byte now and then holds no connection for longer.
      headersTimeout: headMs,
      requestTimeout: receiveMs,
      connectionsCheckingInterval: Math.min(5000, Math.ceil(headMs / 4)),
      // Longer than the minute after which common proxies and clients give an idle connection up: they close it, not we.
      keepAliveTimeout: 75_000,
      noDelay: true,
    },
  }) as Server;
}

function bindings({ headers, socket }: IncomingMessage, outgoing: ServerResponse): HostBindings {
  return {
    headers,
    address: () => socket.remoteAddress,
    write(answer, onEnd) {
      writeAnswer(outgoing, answer, onEnd);
      return RESPONSE_ALREADY_SENT;
    },
  };
}

function open(host: string): ConfigError {
  const message = `${host} can be reached from other machines, so the server needs keys: set "keys" (modelmux serve: the environment variable MODELMUX_KEYS). Without keys it listens on 127.0.0.1 only.`;
  return new ConfigError([{ path: 'options.host', message }], 'Unsafe options');
}

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
