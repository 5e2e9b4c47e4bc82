import { deliver } from '../deliver.ts';
import { adminOnly } from '../middleware/auth.ts';
import type { RouteGroup } from './route-group.ts';

/** `GET /metrics`: what the server counts, for Prometheus. */
export const metrics: RouteGroup = (app, { keys, metrics: counted, exchanges, callers }) => {
  app.get('/metrics', adminOnly(keys), (c) => {
    c.get('exchange').endpoint = 'metrics';
    const text = counted.text({ inFlight: exchanges.inFlight, targets: callers.own.targets() });
    return deliver(c, {
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: { kind: 'text', text },
    });
  });
};
