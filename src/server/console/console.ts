import type { Gateway } from '../gateway.ts';
import type { RouteGroup } from '../routes/route-group.ts';
import type { ServerContext } from '../server-env.ts';
import type { ConsoleBindings } from './console-env.ts';

/** The console as a function of a request. */
type ConsoleFetch = (request: Request, bindings: ConsoleBindings) => Response | Promise<Response>;

/** `/console` and all below it, where the server has a console. It asks visitors for the admin key by itself. */
export const consoleRoutes: RouteGroup = (app, gateway) => {
  if (!gateway.settings.console) return;
  let opening: Promise<ConsoleFetch> | undefined;
  const answer = async (c: ServerContext) => {
    opening ??= open(gateway);
    const exchange = c.get('exchange');
    exchange.endpoint = 'console';
    const response = await (await opening)(c.req.raw, { exchange, address: c.env?.address });
    exchange.finish(response.status, 'success');
    return response;
  };
  app.all('/console', answer);
  app.all('/console/*', answer);
};

/** Loaded by its first visitor: pages are no load for servers that nobody visits, and none for runtimes that read no JSX. */
async function open(gateway: Gateway): Promise<ConsoleFetch> {
  const { createConsole } = await import('./create-console.tsx');
  return createConsole(gateway);
}
