/** What `postgres` gives who opens its sockets. */
interface SocketOptions {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | undefined;
}

/** Opens the socket of a connection that only looks for changes: it does not keep the process running. */
export async function pollSocket({ host, port, path }: SocketOptions): Promise<object> {
  // Asked of the process, not imported: a bundle for a runtime without Node must not stumble over a module it never uses.
  const net = process.getBuiltinModule('node:net');
  const socket =
    typeof path === 'string' && path !== ''
      ? net.connect(path)
      : net.connect({ host: host[0] ?? 'localhost', port: port[0] ?? 5432 });
  socket.unref();
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}
