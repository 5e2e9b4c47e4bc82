import { Hono, type MiddlewareHandler } from 'hono';
import { consoleRoutes } from './console/console.ts';
import type { Records } from './data/records.ts';
import { deliverError } from './deliver.ts';
import type { Gateway } from './gateway.ts';
import { auth } from './middleware/auth.ts';
import { limitConcurrency } from './middleware/limits.ts';
import { origin } from './middleware/origin.ts';
import { trace } from './middleware/trace.ts';
import { openRoutes, routes } from './routes/index.ts';
import type { ServerEnv } from './server-env.ts';

/** The server's middleware, outermost first, and its routes. The order is policy. */
export function createApp(gateway: Gateway): Hono<ServerEnv> {
  const app = new Hono<ServerEnv>();
  // Gives everything below an exchange, also what is refused.
  app.use(trace(gateway));
  // Before keys: a page that may not call the server learns nothing of them.
  app.use(origin(gateway.settings));
  app.use(whenLoaded(gateway.records));
  for (const group of openRoutes) group(app, gateway);
  // People sign in with the admin key; programs show one with every request.
  consoleRoutes(app, gateway);
  // Before a key is looked at nothing has been read or counted against anybody.
  app.use(auth(gateway));
  // Only who may use the server can fill it.
  app.use(limitConcurrency(gateway));
  for (const group of routes) group(app, gateway);
  app.onError((error, c) => deliverError(c, error));
  return app;
}

/** Requests that come before the server's data are read wait for them. */
function whenLoaded({ loaded }: Records): MiddlewareHandler<ServerEnv> {
  return (_c, next) => loaded()?.then(next) ?? next();
}
