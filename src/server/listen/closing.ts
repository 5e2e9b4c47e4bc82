import type { Server } from 'node:http';

const sweepMs = 20;

/** How `server` is closed: no new connection, what is under way may finish within `drainMs`, then all connections are cut. */
export function closing(server: Server): (options?: { readonly drainMs?: number }) => Promise<void> {
  let closed: Promise<void> | undefined;
  return ({ drainMs = 0 } = {}) => {
    closed ??= new Promise((resolve) => {
      // A connection kept alive becomes idle only when its last response is out.
      const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
      server.close(() => {
        clearInterval(sweep);
        resolve();
      });
    });
    if (drainMs <= 0) server.closeAllConnections();
    else {
      const timer = setTimeout(() => server.closeAllConnections(), drainMs);
      closed.then(() => clearTimeout(timer));
    }
    return closed;
  };
}
