import { deliverJson } from '../deliver.ts';
import type { RouteGroup } from './route-group.ts';

/** `GET /health`: the process answers. `/health/liveliness` and `/health/liveness` are LiteLLM's names for it. */
export const health: RouteGroup = (app) => {
  for (const path of ['/health', '/health/liveliness', '/health/liveness']) {
    app.get(path, (c) => {
      c.get('exchange').endpoint = 'health';
      return deliverJson(c, { status: 'ok' });
    });
  }
};
