import type { ClientLogs } from '../config/client-logs.ts';
import type { EventHub } from '../core/event-hub.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Vault } from '../core/vault.ts';
import type { Jobs } from '../resources/jobs.ts';
import type { PromptBook } from '../resources/prompts/prompt-book.ts';
import type { WritableVault } from '../vault/writable.ts';
import type { Callers } from './callers/callers.ts';
import type { Asked, Choice } from './callers/choose.ts';
import type { Records } from './data/records.ts';
import type { Exchanges } from './exchange.ts';
import type { JavelinRoutes } from './javelin/javelin-routes.ts';
import type { IssuedKeys } from './keys/issued-keys.ts';
import type { KeyAdmin } from './keys/key-admin.ts';
import type { KeyMeters } from './keys/key-meters.ts';
import type { KeyRing } from './keys/key-ring.ts';
import type { KeySpend } from './keys/key-spend.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { ServerSettings } from './options.ts';

/** What the parts of one server share. Routes and middleware get it handed in. */
export interface Gateway {
  readonly settings: ServerSettings;
  readonly runtime: Runtime;
  readonly hub: EventHub;
  /** The server's virtual keys. */
  readonly vault: Vault;
  /** The vault of the options, to be changed. Rejects with `InvalidRequestError` where that cannot be. */
  writableVault(): Promise<WritableVault>;
  readonly callers: Callers;
  readonly keys: KeyRing;
  readonly exchanges: Exchanges;
  readonly metrics: Metrics;
  /** Records of requests; undefined where none are kept. */
  readonly logs: ClientLogs | undefined;
  /** The server is about to stop: it says that it is not ready, and answers what still comes. */
  isDraining: boolean;
  /** What is made over the admin calls. */
  readonly records: Records;
  readonly issuedKeys: IssuedKeys;
  /** What issued keys use of their limits. */
  readonly keyMeters: KeyMeters;
  /** Makes, changes, shows and deletes them. */
  readonly keyAdmin: KeyAdmin;
  /** What issued keys cost. */
  readonly keySpend: KeySpend;
  readonly prompts: PromptBook;
  readonly javelin: JavelinRoutes;
  /** Throws what is wrong with the request. */
  choose(asked: Asked): Choice;
  /** Calls that are made when there is room. */
  readonly jobs: Jobs;
  /** Through this config of the server's own, whatever the request says. */
  fixedChoice(config: object): Choice;
}
