import { deliverJson } from '../deliver.ts';
import { administrators } from '../middleware/auth.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * `GET /router/state`: how the targets of the server's own configs are doing, as `portkey.state()` tells it; and `POST
 * /router/targets/{id}/disable` and `/enable`, which take one out of use and put it back. For whoever has the admin key.
 */
export const routerState: RouteGroup = (app, { keys, callers, exchanges }) => {
  app.get('/router/state', administrators(keys), (c) => {
    c.get('exchange').endpoint = 'admin';
    return deliverJson(c, { targets: callers.own.targets(), in_flight: exchanges.inFlight });
  });
  for (const turn of ['disable', 'enable'] as const) {
    app.post(`/router/targets/:id/${turn}`, administrators(keys), (c) => {
      c.get('exchange').endpoint = 'admin';
      return deliverJson(c, callers.own.targetSwitch[turn](c.req.param('id')));
    });
  }
};
