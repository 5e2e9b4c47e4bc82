import { elsewhere } from './elsewhere.ts';
import { health } from './health.ts';
import { javelinQuery } from './javelin-query.ts';
import { javelinRoutes } from './javelin-routes.ts';
import { litellmKeys } from './litellm-keys.ts';
import { litellmModels } from './litellm-models.ts';
import { litellmTokens } from './litellm-tokens.ts';
import { metrics } from './metrics.ts';
import { portkeyConfigs } from './portkey-configs.ts';
import { portkeyLegacy } from './portkey-legacy.ts';
import { portkeyLogs } from './portkey-logs.ts';
import { portkeyPrompts } from './portkey-prompts.ts';
import { portkeyVirtualKeys } from './portkey-virtual-keys.ts';
import { queue } from './queue.ts';
import { ready } from './ready.ts';
import { relay } from './relay.ts';
import type { RouteGroup } from './route-group.ts';
import { routerState } from './router-state.ts';

/** Open to everybody who reaches the server. */
export const openRoutes: readonly RouteGroup[] = [health, ready];

/** For those with a key. The relay takes all that is left: it comes last, after what no provider must get. */
export const routes: readonly RouteGroup[] = [
  metrics,
  routerState,
  litellmKeys,
  litellmModels,
  litellmTokens,
  queue,
  portkeyLegacy,
  portkeyConfigs,
  portkeyLogs,
  portkeyVirtualKeys,
  portkeyPrompts,
  javelinRoutes,
  javelinQuery,
  elsewhere,
  relay,
];
