import { clientLogs } from '../config/client-logs.ts';
import type { Config } from '../config/config.ts';
import { readOptionNames } from '../config/option-names.ts';
import { clientVaults } from '../config/vaults.ts';
import { createEventHub } from '../core/event-hub.ts';
import { backgroundClock, type Clock, systemClock } from '../core/runtime.ts';
import { seesWhereNamesLead } from '../providers/transport/node-fetch.ts';
import { createRuntime } from '../resources/create-runtime.ts';
import { type Callers, createCallers } from './callers/callers.ts';
import { type Choice, createChooser } from './callers/choose.ts';
import { type DataStore, isDataStore } from './data/data-store.ts';
import { createRecords } from './data/records.ts';
import { overStored, storedConfigs } from './data/stored-configs.ts';
import { createExchanges } from './exchange.ts';
import type { Gateway } from './gateway.ts';
import { createJavelinRoutes } from './javelin/javelin-routes.ts';
import { serverJobs } from './jobs/server-jobs.ts';
import { createIssuedKeys } from './keys/issued-keys.ts';
import { createKeyRing, withIssuedKeys } from './keys/key-ring.ts';
import { createMetrics } from './metrics/metrics.ts';
import type { RequestRecord, ServerSettings } from './options.ts';

/** Makes the shared parts. Throws `ConfigError` for options that cannot work. */
export function createGateway(settings: ServerSettings): Gateway {
  const hub = createEventHub();
  const runtime = createRuntime(settings.client, hub);
  const { vault } = clientVaults(readOptionNames(settings.client, 'client'), runtime);
  const records = createRecords(dataStore(settings.data));
  const issuedKeys = createIssuedKeys(records, backgroundOf(runtime.clock), (message) =>
    hub.emit('warning', { code: 'budget', message }),
  );
  const configs = storedConfigs(records);
  const callers = createCallers(settings, { vault, runtime, withFinder: overStored(configs) });
  // What clients ask of a server is kept only where whoever runs it says so.
  const { logs } = settings.client.logs === undefined ? { logs: undefined } : callers.own;
  const rules = {
    trust: settings.trust,
    seesWhereNamesLead: seesWhereNamesLead && settings.client.fetch === undefined,
  };
  const metrics = createMetrics(hub);
  const gateway: Gateway = {
    settings,
    runtime,
    hub,
    vault,
    callers,
    keys: withIssuedKeys(createKeyRing(settings.keys, settings.adminKey), issuedKeys),
    records,
    issuedKeys,
    configs,
    javelin: createJavelinRoutes(settings.routes, records),
    fixedChoice: fixedChoices(callers),
    exchanges: createExchanges(runtime, (record, endpoint) => {
      metrics.count(record, endpoint);
      tell(settings, record);
    }),
    logs: logs === undefined ? undefined : clientLogs(logs, runtime.clock, hub),
    metrics,
    isDraining: false,
    jobs: serverJobs({ settings, runtime, self: () => gateway }),
    choose: createChooser(settings, callers, rules),
  };
  return gateway;
}

/** A file needs Node, the rest of the server does not. */
function dataStore(data: ServerSettings['data']): DataStore | (() => Promise<DataStore>) | undefined {
  if (data === undefined || isDataStore(data)) return data;
  const { file } = data;
  return async () => (await import('./listen/data-file.ts')).dataFile(file);
}

/** Timers of the system's clock that do not keep the process running. */
function backgroundOf(clock: Clock): Clock {
  return clock === systemClock ? backgroundClock : clock;
}

function fixedChoices({ own }: Callers): (config: object) => Choice {
  const known = new WeakMap<object, Choice>();
  return (config) => {
    const choice = known.get(config) ?? own.forCalls({ config: config as Config });
    known.set(config, choice);
    return choice;
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
