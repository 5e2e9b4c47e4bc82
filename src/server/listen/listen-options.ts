import type { GatewayServer } from '../create-server.ts';

/** Where a server listens. */
export interface ListenOptions {
  /** Default 8787; 0 takes any free port. */
  readonly port?: number | undefined;
  /** Address or name to listen on. Default 127.0.0.1. Any other than this machine's own loopback needs `keys`. */
  readonly host?: string | undefined;
  /** Bytes of a request's headers; more are answered with 431. Default 64 KiB: configs travel in headers. */
  readonly headerBytes?: number | undefined;
  /** Milliseconds within which a request's headers must be there. Default 20,000. */
  readonly headMs?: number | undefined;
  /** Milliseconds within which all of a request must be there, its body too. Default 300,000: files take their time. */
  readonly receiveMs?: number | undefined;
}

/** A server that listens. */
export interface ListeningServer extends GatewayServer {
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  /**
   * Stops listening, lets requests under way go on for `drainMs` (default 0), then closes what is left, and ends what runs beside requests.
   * A second call with less time shortens the first.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}
