import { deliverJson } from '../deliver.ts';
import { administrators } from '../middleware/auth.ts';
import type { RouteGroup } from './route-group.ts';

/** `GET /router/state`: how the targets of the server's own configs are doing, as `portkey.state()` tells it. For whoever has the admin key. */
export const routerState: RouteGroup = (app, { keys, callers, exchanges }) => {
  app.get('/router/state', administrators(keys), (c) => {
    c.get('exchange').endpoint = 'admin';
    return deliverJson(c, { targets: callers.own.targets(), in_flight: exchanges.inFlight });
  });
};
