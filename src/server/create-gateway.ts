import { clientLogs } from '../config/client-logs.ts';
import type { Config } from '../config/config.ts';
import { readOptionNames } from '../config/option-names.ts';
import { promptStore } from '../config/prompt-store.ts';
import { clientVaults } from '../config/vaults.ts';
import { createEventHub } from '../core/event-hub.ts';
import { backgroundClock, type Clock, type Runtime, systemClock } from '../core/runtime.ts';
import { seesWhereNamesLead } from '../providers/transport/node-fetch.ts';
import { createRuntime } from '../resources/create-runtime.ts';
import { promptBook } from '../resources/prompts/prompt-book.ts';
import { type Callers, createCallers } from './callers/callers.ts';
import { type Choice, createChooser } from './callers/choose.ts';
import { type DataStore, isDataStore } from './data/data-store.ts';
import { changeable, keptPrompts } from './data/kept-documents.ts';
import { createRecords } from './data/records.ts';
import { createTableSync } from './data/table-sync.ts';
import { timedTable } from './data/timed-table.ts';
import { createExchanges } from './exchange.ts';
import type { Gateway } from './gateway.ts';
import { createJavelinRoutes } from './javelin/javelin-routes.ts';
import { serverJobs } from './jobs/server-jobs.ts';
import { createIssuedKeys } from './keys/issued-keys.ts';
import { createKeyAdmin } from './keys/key-admin.ts';
import { createKeyBudgets } from './keys/key-budgets.ts';
import { createKeyMeters } from './keys/key-meters.ts';
import { createKeyRing, withIssuedKeys } from './keys/key-ring.ts';
import { keepKeySpend } from './keys/key-spend.ts';
import { createMetrics } from './metrics/metrics.ts';
import type { RequestRecord, ServerSettings } from './options.ts';

/** Makes the shared parts. Throws `ConfigError` for options that cannot work. */
export function createGateway(settings: ServerSettings): Gateway {
  const hub = createEventHub();
  const runtime = createRuntime(settings.client, hub);
  const client = readOptionNames(settings.client, 'client');
  const { prompts } = client;
  const { vault, writable: writableVault } = clientVaults(client, runtime);
  const { records, ...keys } = createKeyParts(settings, runtime);
  const places = { records, shared: settings.client.shared, runtime };
  const withFinder = changeable(places);
  const callers = createCallers(settings, { vault, runtime, withFinder, budgets: keys.budgets });
  // What clients ask of a server is kept only where whoever runs it says so.
  const { logs } = settings.client.logs === undefined ? { logs: undefined } : callers.own;
  const rules = {
    trust: settings.trust,
    seesWhereNamesLead: seesWhereNamesLead && settings.client.fetch === undefined,
  };
  const javelin = createJavelinRoutes(settings.routes, records);
  const metrics = createMetrics(hub);
  const gateway: Gateway = {
    settings,
    runtime,
    hub,
    vault,
    writableVault,
    callers,
    keys: withIssuedKeys(createKeyRing(settings.keys, settings.adminKey), keys.issuedKeys),
    records,
    issuedKeys: keys.issuedKeys,
    keyMeters: keys.meters,
    keySpend: keys.spend,
    keyAdmin: createKeyAdmin({ ...keys, environment: settings.client.environment, clock: runtime.clock }),
    prompts: promptBook(prompts === undefined ? keptPrompts(places) : promptStore(prompts, runtime.clock), runtime),
    javelin,
    fixedChoice: fixedChoices(callers),
    exchanges: createExchanges(runtime, (record, endpoint) => {
      metrics.count(record, endpoint);
      tell(settings, record);
    }),
    logs: logs === undefined ? undefined : clientLogs(logs, runtime.clock, hub),
    metrics,
    isDraining: false,
    jobs: serverJobs({ settings, runtime, self: () => gateway }),
    choose: createChooser({ settings, callers, rules, hasRoutes: () => javelin.all().length > 0 }),
  };
  return gateway;
}

/** What is made over the admin calls, the keys among it, and what keys use and cost. */
function createKeyParts({ client, adminKey, data }: ServerSettings, runtime: Runtime) {
  const { shared } = client;
  const clock = backgroundOf(runtime.clock);
  const warn = (code: 'shared_state' | 'budget') => (message: string) =>
    runtime.events.emit('warning', { code, message });
  const table = shared?.table === undefined ? undefined : timedTable(shared.table, clock);
  const sync = table === undefined ? undefined : createTableSync(table, clock, warn('shared_state'));
  const records = createRecords({ store: dataStore(data), sync, clock });
  const look = sync === undefined ? undefined : (hash: string) => sync.look('keys', hash);
  const issuedKeys = createIssuedKeys({ records, clock, look });
  const budgets = createKeyBudgets(issuedKeys.withId);
  return {
    records,
    issuedKeys,
    // Where there can be no such key nothing is to be looked up.
    budgets: adminKey === undefined && data === undefined && table === undefined ? undefined : budgets,
    meters: createKeyMeters({ runtime, budgets, shared: shared?.state }),
    spend: keepKeySpend({ records, budgets, clock, table, warn: warn('budget') }),
  };
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
