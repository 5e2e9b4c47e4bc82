import { onTestFinished } from 'vitest';
import type { ListeningServer } from '../../src/server/index.ts';
import { type ListenOptions, type ServerOptions, serve } from '../../src/server/index.ts';

/** A server on a free port of loopback, closed with the test, that sees no environment variables. */
export async function served(options: ServerOptions & ListenOptions = {}): Promise<ListeningServer> {
  const server = await serve({ environment: {}, port: 0, ...options });
  onTestFinished(() => server.close());
  return server;
}
