import type { Runtime } from '../core/runtime.ts';
import {
  createFlights,
  createSharedVectors,
  createVectorIndex,
  guardedStore,
  type Outage,
} from '../routing/middleware/index.ts';
import { memoryStore } from '../stores/memory.ts';
import type { ClientCache } from './cache-policy.ts';
import type { CanonicalOptions } from './option-names.ts';

/** The cache that all configs of a client share. */
export function clientCache(
  { store, shared, cacheNamespace, cacheForceRefresh }: CanonicalOptions,
  runtime: Runtime,
  outage: Outage,
): ClientCache {
  const isElsewhere = store === undefined && shared !== undefined;
  // Vectors that others told of lead to answers in the store that others fill.
  const log = isElsewhere ? shared.vectors : undefined;
  const kept = store ?? shared?.store ?? memoryStore({ clock: runtime.clock });
  return {
    store: guardedStore(kept, runtime, isElsewhere ? { outage } : undefined),
    flights: createFlights(),
    vectors: createSharedVectors(createVectorIndex(), log, runtime, isElsewhere ? outage : undefined),
    newId: runtime.traceId,
    clientId: runtime.traceId(),
    namespace: cacheNamespace,
    forceRefresh: cacheForceRefresh ?? false,
  };
}
