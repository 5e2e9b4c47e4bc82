/**
 * The gateway over HTTP.
 *
 * @module modelmux/server
 */

import type { ListeningServer, ListenOptions } from './listen/listen-options.ts';
import type { ServerOptions } from './options.ts';

export { createServer, type GatewayServer } from './create-server.ts';
export type { ListeningServer, ListenOptions } from './listen/listen-options.ts';
export type { LimitOptions, RequestRecord, ServerOptions, TrustOptions } from './options.ts';
export type { HostBindings } from './server-env.ts';

/**
 * Makes a server and listens, on Node. Rejects with `ConfigError` for options that cannot work, and for a host beyond loopback without
 * keys; with Node's error when the port cannot be had.
 */
export async function serve(options: ServerOptions & ListenOptions = {}): Promise<ListeningServer> {
  // Loaded now: the rest of this entry also runs where there is no Node.
  const { listen } = await import('./listen/listen.ts');
  return listen(options);
}
