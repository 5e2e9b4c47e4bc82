import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServer } from './server-process.ts';

/** Portkey's open-source gateway, running beside us. */
export interface Gateway extends Pick<ServerProcess, 'cpuUs' | 'stop'> {
  /** With `/v1`. */
  readonly url: string;
}

const program = fileURLToPath(new URL('node_modules/@portkey-ai/gateway/build/start-server.js', import.meta.url));

/** Starts the gateway on a free port. Undefined when it is not installed or does not come up within 20 s. */
export async function startGateway(): Promise<Gateway | undefined> {
  const server = await startGatewayProcess();
  return server && { ...server, url: `${server.base}/v1` };
}

/** The same, with what is known of its process. */
export function startGatewayProcess(): Promise<ServerProcess | undefined> {
  return startServer({ args: (port) => [program, `--port=${port}`, '--headless'], healthPath: '/' });
}
