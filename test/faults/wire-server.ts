import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { selfSigned } from './self-signed.ts';

/** What a server does with one request whose head and body have come. */
export type Answer = (socket: Socket, stream: boolean) => void;

/** A server that speaks raw bytes. */
export interface WireServer {
  readonly port: number;
  /** Requests that have come. */
  readonly requests: number;
  /** Connections open now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

/** Answers each request with what `answer` writes. Connections are kept alive unless the answer ends them. `tls`: with a certificate that nobody trusts. */
export async function wireServer(answer: Answer, { tls = false } = {}): Promise<WireServer> {
  let requests = 0;
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that leaves is part of the test.
    socket.on('error', () => undefined);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const body = bodyOf(received);
      if (body === undefined) return;
      received = Buffer.alloc(0);
      requests++;
      answer(socket, body.includes('"stream":true'));
    });
  };
  const server: Server = tls ? createTlsServer(selfSigned, serve) : createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get requests() {
      return requests;
    },
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The body of a request that has come whole; undefined until then. */
function bodyOf(received: Buffer): string | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = received.subarray(0, headEnd).toString('latin1');
  const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const body = received.subarray(headEnd + 4);
  return body.length < length ? undefined : body.toString();
}
