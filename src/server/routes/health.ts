import { deliverJson } from '../deliver.ts';
import type { RouteGroup } from './route-group.ts';

/** `GET /health`: the process answers. */
export const health: RouteGroup = (app) => {
  app.get('/health', (c) => {
    c.get('exchange').endpoint = 'health';
    return deliverJson(c, { status: 'ok' });
  });
};
