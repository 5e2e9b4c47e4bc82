import { health } from './health.ts';
import { metrics } from './metrics.ts';
import { ready } from './ready.ts';
import { relay } from './relay.ts';
import type { RouteGroup } from './route-group.ts';

/** Open to everybody who reaches the server. */
export const openRoutes: readonly RouteGroup[] = [health, ready];

/** For those with a key. The relay takes all that is left: it comes last. */
export const routes: readonly RouteGroup[] = [metrics, relay];
