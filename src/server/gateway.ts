import { readOptionNames } from '../config/option-names.ts';
import { clientVaults } from '../config/vaults.ts';
import { createEventHub, type EventHub } from '../core/event-hub.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Vault } from '../core/vault.ts';
import { seesWhereNamesLead } from '../providers/transport/node-fetch.ts';
import { createRuntime } from '../resources/create-runtime.ts';
import { type Callers, createCallers } from './callers/callers.ts';
import { type Asked, type Choice, createChooser } from './callers/choose.ts';
import { createExchanges, type Exchanges } from './exchange.ts';
import { createKeyRing, type KeyRing } from './keys/key-ring.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import type { RequestRecord, ServerSettings } from './options.ts';

/** What the parts of one server share. Routes and middleware get it handed in. */
export interface Gateway {
  readonly settings: ServerSettings;
  readonly runtime: Runtime;
  readonly hub: EventHub;
  /** The server's virtual keys. */
  readonly vault: Vault;
  readonly callers: Callers;
  readonly keys: KeyRing;
  readonly exchanges: Exchanges;
  readonly metrics: Metrics;
  /** The server is about to stop: it says that it is not ready, and answers what still comes. */
  isDraining: boolean;
  /** Throws what is wrong with the request. */
  choose(asked: Asked): Choice;
}

/** Makes the shared parts. Throws `ConfigError` for options that cannot work. */
export function createGateway(settings: ServerSettings): Gateway {
  const hub = createEventHub();
  const runtime = createRuntime(settings.client, hub);
  const { vault } = clientVaults(readOptionNames(settings.client, 'client'), runtime);
  const callers = createCallers(settings, vault, runtime);
  const rules = {
    trust: settings.trust,
    seesWhereNamesLead: seesWhereNamesLead && settings.client.fetch === undefined,
  };
  const metrics = createMetrics(hub);
  return {
    settings,
    runtime,
    hub,
    vault,
    callers,
    keys: createKeyRing(settings.keys, settings.adminKey),
    exchanges: createExchanges(runtime, (record, endpoint) => {
      metrics.count(record, endpoint);
      tell(settings, record);
    }),
    metrics,
    isDraining: false,
    choose: createChooser(settings, callers, rules),
  };
}

/** A listener harms nobody. */
function tell({ onRequest }: ServerSettings, record: RequestRecord): void {
  try {
    onRequest?.(record);
  } catch {
    // Nobody is left to tell.
  }
}
